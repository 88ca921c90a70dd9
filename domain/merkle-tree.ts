import { equalBytes } from './crypto/bytes.ts';
import { sm3 } from './crypto/sm3.ts';

/** The hash of a leaf: SM3(0x00 ‖ data), the shape of RFC 6962 2.1 with SM3. */
export function leafHash(data: Uint8Array): Uint8Array {
  const marked = new Uint8Array(1 + data.length);
  marked.set(data, 1);
  return sm3(marked);
}

/** The hash of an inner node: SM3(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  markedNode.set(left, 1);
  markedNode.set(right, 1 + hashLength);
  return sm3(markedNode);
}

const hashLength = 32;
// One for all: it is digested before anything else can touch it.
const markedNode = new Uint8Array(1 + 2 * hashLength);
markedNode[0] = 1;

/** A tree that only grows, kept as the roots of its complete subtrees, largest (leftmost) first. */
export interface GrowingTree {
  size(): number;
  append(leaf: Uint8Array): void;
  /** The root over all leaves; SM3 of nothing for an empty tree. */
  root(): Uint8Array;
  /** The complete subtrees' roots: with the size, all that is needed to go on later. */
  peaks(): readonly Uint8Array[];
}

/** Starts an empty tree, or one that stood at `size` with these peaks; null when they do not fit one another. */
export function createGrowingTree(start: { readonly size: number; readonly peaks: readonly Uint8Array[] } = { size: 0, peaks: [] }): GrowingTree | null {
  if (!Number.isSafeInteger(start.size) || start.size < 0 || start.peaks.length !== countOnes(start.size)) return null;
  let size = start.size;
  const peaks = [...start.peaks];
  return {
    size: () => size,
    append: (leaf) => {
      let node = leaf;
      for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) node = nodeHash(peaks.pop() ?? node, node);
      peaks.push(node);
      size += 1;
    },
    root: () => {
      if (size === 0) return sm3(new Uint8Array());
      let root = peaks.at(-1) ?? new Uint8Array();
      for (const peak of peaks.slice(0, -1).toReversed()) root = nodeHash(peak, root);
      return root;
    },
    peaks: () => [...peaks],
  };
}

/** Where a complete or partial subtree stands: leaves `from` (counted from 0) up to, not including, `to`. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** The subtrees whose roots prove that the first `oldSize` leaves of a tree are still the same (RFC 6962 2.1.2), in order. */
export function consistencyRanges(oldSize: number, size: number): readonly LeafRange[] {
  if (oldSize <= 0 || oldSize >= size) return [];
  const walk = (m: number, { from, to }: LeafRange, isWhole: boolean): LeafRange[] => {
    const n = to - from;
    if (m === n) return isWhole ? [] : [{ from, to }];
    const k = splitPoint(n);
    if (m <= k) return [...walk(m, { from, to: from + k }, isWhole), { from: from + k, to }];
    return [...walk(m - k, { from: from + k, to }, false), { from, to: from + k }];
  };
  return walk(oldSize, { from: 0, to: size }, true);
}

/** The subtrees whose roots prove that a leaf is in a tree (RFC 6962 2.1.1), nearest the leaf first. */
export function inclusionRanges(index: number, size: number): readonly LeafRange[] {
  if (index < 0 || index >= size) return [];
  const walk = (m: number, { from, to }: LeafRange): LeafRange[] => {
    const n = to - from;
    if (n === 1) return [];
    const k = splitPoint(n);
    const [left, right] = [{ from, to: from + k }, { from: from + k, to }];
    return m < k ? [...walk(m, left), right] : [...walk(m - k, right), left];
  };
  return walk(index, { from: 0, to: size });
}

/** The root over a run of leaf hashes, as it stands inside a larger tree or by itself. */
export function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  const tree = createGrowingTree();
  for (const leaf of leaves) tree?.append(leaf);
  return tree?.root() ?? new Uint8Array();
}

/**
 * The consistency proof from `old` to `size`, made of the peaks at the old size and the leaves added since (`leavesSince`),
 * so that nothing before is read again.
 */
export function proveConsistency(old: { readonly size: number; readonly peaks: readonly Uint8Array[] }, leavesSince: readonly Uint8Array[]): readonly Uint8Array[] {
  const places = new Map(peakRanges(old.size).map((range, index) => [range.from, { range, peak: old.peaks[index] }]));
  return consistencyRanges(old.size, old.size + leavesSince.length).map(({ from, to }) => {
    if (from >= old.size) return rootOf(leavesSince.slice(from - old.size, to - old.size));
    const place = places.get(from);
    if (place?.peak === undefined || place.range.to !== to) throw new Error('a consistency proof asks for a subtree that is no peak');
    return place.peak;
  });
}

/** Whether a proof shows that the tree of `oldRoot` is the beginning of the tree of `root` (RFC 9162 2.1.4.2). */
export function isConsistent(old: { readonly size: number; readonly root: Uint8Array }, now: { readonly size: number; readonly root: Uint8Array }, proof: readonly Uint8Array[]): boolean {
  if (old.size > now.size || old.size < 0) return false;
  if (old.size === now.size) return proof.length === 0 && equalBytes(old.root, now.root);
  if (old.size === 0) return proof.length === 0;
  const ranges = consistencyRanges(old.size, now.size);
  if (ranges.length !== proof.length) return false;
  const known = new Map(ranges.map((range, index) => [`${range.from}-${range.to}`, proof[index]]));
  // A whole old tree that is itself a subtree of the new one is not in the proof: its root is the old root.
  known.set(`0-${old.size}`, known.get(`0-${old.size}`) ?? (isPowerOfTwo(old.size) ? old.root : undefined));
  const oldRoot = combine({ from: 0, to: old.size }, known);
  const newRoot = combine({ from: 0, to: now.size }, known);
  return oldRoot !== null && newRoot !== null && equalBytes(oldRoot, old.root) && equalBytes(newRoot, now.root);
}

/** Whether a proof shows that a leaf stands at `index` (from 0) in the tree of `root`. */
export function isIncluded(leaf: { readonly index: number; readonly hash: Uint8Array }, tree: { readonly size: number; readonly root: Uint8Array }, proof: readonly Uint8Array[]): boolean {
  const ranges = inclusionRanges(leaf.index, tree.size);
  if (leaf.index < 0 || leaf.index >= tree.size || ranges.length !== proof.length) return false;
  let node = leaf.hash;
  for (const [position, range] of ranges.entries()) {
    const other = proof[position] ?? new Uint8Array();
    node = range.from > leaf.index ? nodeHash(node, other) : nodeHash(other, node);
  }
  return equalBytes(node, tree.root);
}

function combine(range: LeafRange, known: ReadonlyMap<string, Uint8Array | undefined>): Uint8Array | null {
  const given = known.get(`${range.from}-${range.to}`);
  if (given !== undefined) return given;
  if (range.to - range.from <= 1) return null;
  const middle = range.from + splitPoint(range.to - range.from);
  const left = combine({ from: range.from, to: middle }, known);
  const right = left === null ? null : combine({ from: middle, to: range.to }, known);
  return left === null || right === null ? null : nodeHash(left, right);
}

function peakRanges(size: number): readonly LeafRange[] {
  const ranges: LeafRange[] = [];
  for (let from = 0, width = 2 ** Math.floor(Math.log2(Math.max(1, size))); width >= 1; width /= 2) {
    if (size - from < width) continue;
    ranges.push({ from, to: from + width });
    from += width;
  }
  return ranges;
}

// The largest power of two below n.
function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function isPowerOfTwo(n: number): boolean {
  return n > 0 && countOnes(n) === 1;
}

function countOnes(n: number): number {
  let ones = 0;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
