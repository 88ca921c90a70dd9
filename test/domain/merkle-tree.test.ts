import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { consistencyRanges, createGrowingTree, inclusionRanges, isConsistent, isIncluded, leafHash, nodeHash, proveConsistency, rootOf } from '../../domain/merkle-tree.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';

const leaves = Array.from({ length: 70 }, (_, index) => leafHash(encodeUtf8(`entry ${index}`)));

/** MTH of RFC 6962 2.1, written from its words: an oracle that shares nothing with the growing tree. */
function treeHash(part: readonly Uint8Array[]): Uint8Array {
  const [first] = part;
  if (first === undefined) return sm3(new Uint8Array());
  if (part.length === 1) return first;
  let k = 1;
  while (2 * k < part.length) k *= 2;
  return nodeHash(treeHash(part.slice(0, k)), treeHash(part.slice(k)));
}

function grown(size: number) {
  const tree = createGrowingTree();
  if (tree === null) throw new Error('no tree');
  for (const leaf of leaves.slice(0, size)) tree.append(leaf);
  return tree;
}

test('leaves and nodes are marked apart, as RFC 6962 says: digests by the runtime', () => {
  const digest = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(createHash('sm3').update(Buffer.concat(parts)).digest());
  const [left, right] = [new Uint8Array(32).fill(3), new Uint8Array(32).fill(5)];
  expect(leafHash(left)).toEqual(digest(Uint8Array.of(0), left));
  expect(nodeHash(left, right)).toEqual(digest(Uint8Array.of(1), left, right));
});

test('the growing tree has the root that RFC 6962 defines, at every size', () => {
  for (let size = 0; size <= leaves.length; size++) {
    const tree = grown(size);
    expect(tree.root(), String(size)).toEqual(treeHash(leaves.slice(0, size)));
    expect(rootOf(leaves.slice(0, size))).toEqual(tree.root());
  }
});

test('a tree goes on from its size and peaks as if it had never stopped; peaks that do not fit are refused', () => {
  for (const size of [0, 1, 2, 3, 7, 8, 33]) {
    const resumed = createGrowingTree({ size, peaks: grown(size).peaks() });
    for (const leaf of leaves.slice(size, 60)) resumed?.append(leaf);
    expect(resumed?.root()).toEqual(treeHash(leaves.slice(0, 60)));
  }
  expect(createGrowingTree({ size: 3, peaks: [leaves[0]!] })).toBeNull();
  expect(createGrowingTree({ size: -1, peaks: [] })).toBeNull();
});

test('every consistency proof holds, and no other', () => {
  for (let old = 1; old <= 40; old++) {
    for (let size = old; size <= 40; size++) {
      const proof = proveConsistency({ size: old, peaks: grown(old).peaks() }, leaves.slice(old, size));
      const [a, b] = [{ size: old, root: treeHash(leaves.slice(0, old)) }, { size, root: treeHash(leaves.slice(0, size)) }];
      expect(isConsistent(a, b, proof), `${old} ${size}`).toBe(true);
      if (old === size) continue;
      expect(isConsistent({ ...a, root: treeHash(leaves.slice(1, old + 1)) }, b, proof)).toBe(false);
      expect(isConsistent(a, { ...b, root: treeHash(leaves.slice(1, size + 1)) }, proof)).toBe(false);
      expect(isConsistent(a, b, [...proof, leaves[0]!])).toBe(false);
      if (proof.length > 0) expect(isConsistent(a, b, proof.with(0, leaves[69]!))).toBe(false);
      expect(isConsistent(b, a, proof)).toBe(false);
    }
  }
});

test('every inclusion proof holds, and none for another place', () => {
  for (let size = 1; size <= 33; size++) {
    const tree = { size, root: treeHash(leaves.slice(0, size)) };
    for (let index = 0; index < size; index++) {
      const proof = inclusionRanges(index, size).map(({ from, to }) => treeHash(leaves.slice(from, to)));
      expect(isIncluded({ index, hash: leaves[index]! }, tree, proof)).toBe(true);
      expect(isIncluded({ index, hash: leaves[69]! }, tree, proof)).toBe(false);
      if (size > 1) expect(isIncluded({ index: (index + 1) % size, hash: leaves[index]! }, tree, proof)).toBe(false);
    }
  }
});

test('proofs stay short: at most two hashes for every doubling', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 2 ** 40 }), fc.integer({ min: 1, max: 2 ** 40 }), (size, old) => {
      const depth = Math.ceil(Math.log2(size));
      expect(inclusionRanges((old - 1) % size, size).length).toBeLessThanOrEqual(depth);
      expect(consistencyRanges(((old - 1) % (size - 1)) + 1, size).length).toBeLessThanOrEqual(depth + 1);
    }),
  );
});
