import { sm3 } from './crypto/sm3.ts';
import { encodeHex } from './crypto/hex.ts';
import { encodeUtf8 } from './crypto/utf8.ts';

/**
 * The trace mark: a faint pattern that repeats over a page in both directions and says which record a copy or a screen belongs to,
 * so that a photograph of a part of it can be traced. A tile is a square of cells, each a little darker or lighter; two
 * gratings across the cells' diagonals lie over it, from which a reader finds position, size and perspective.
 */
export const traceTile = { cells: 24, sideMm: 48 } as const;

/** What a mark says: a record id as it is, or (where it is too long or has other characters) the start of its SM3 in hex. */
export type TraceContent = { readonly recordId: string } | { readonly digest: string };

const cellCount = traceTile.cells * traceTile.cells;
const syncCount = 128;
const payloadBits = 144;
const checkBits = 32;
const bitCount = payloadBits + checkBits;

/** How much darker a cell is, and how high each grating, in steps of 255. */
const strength = { cell: 2.2, grating: 1.4 } as const;

// Position 0 ends the text.
const alphabet = ' 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-._';
const longestId = 26;

interface CellRole {
  /** The bit that a cell carries, or null for one whose sign is always the same, by which the tile's corner is found. */
  readonly bit: number | null;
  readonly sign: 1 | -1;
}

const roles = assignRoles();

/** The signs of all cells, row by row: +1 darker, -1 lighter. */
export function encodeTrace(recordId: string): Int8Array {
  const bits = writeBits(recordId);
  return Int8Array.from(roles, ({ bit, sign }) => (bit === null || bits[bit] === 1 ? sign : -sign));
}

/** The signs of the cells that are the same in every mark; 0 for the others. */
export function traceSync(): Int8Array {
  return Int8Array.from(roles, ({ bit, sign }) => (bit === null ? sign : 0));
}

/** Reads cells measured as darker (positive) or lighter (negative), row by row; null when the check does not fit. */
export function decodeTrace(cells: ArrayLike<number>): TraceContent | null {
  const sums = new Float64Array(bitCount);
  for (const [i, { bit, sign }] of roles.entries()) if (bit !== null) sums[bit] = (sums[bit] ?? 0) + sign * (cells[i] ?? 0);
  const bits = Array.from(sums, (sum) => (sum > 0 ? 1 : 0));
  return readBits(bits) ?? readNearby(bits, sums);
}

/**
 * Draws one tile as grey values, 255 where nothing is darkened, row by row; `side` in pixels. Drawn over a page by multiplication it
 * leaves dark parts dark.
 */
export function drawTraceTile(recordId: string, side: number): Uint8Array {
  const signs = encodeTrace(recordId);
  const { cells } = traceTile;
  const tile = new Uint8Array(side * side);
  const most = strength.cell + 2 * strength.grating;
  const wave = Float64Array.from({ length: side }, (_, i) => Math.cos(Math.PI * ((i + 0.5) / side) * cells));
  for (let y = 0; y < side; y++) {
    const row = Math.floor(((y + 0.5) / side) * cells) * cells;
    for (let x = 0; x < side; x++) {
      const sign = signs[row + Math.floor(((x + 0.5) / side) * cells)] ?? 0;
      // Two gratings of equal strength across the diagonals are one product.
      const shade = most + strength.cell * sign + 2 * strength.grating * (wave[x] ?? 0) * (wave[y] ?? 0);
      tile[y * side + x] = Math.round(255 - shade);
    }
  }
  return tile;
}

function writeBits(recordId: string): Uint8Array {
  const bits = new Uint8Array(bitCount);
  const positions = [...recordId].map((character) => alphabet.indexOf(character));
  const isPlain = positions.length <= longestId && positions.every((position) => position > 0);
  let value = isPlain ? positions.reduceRight((sum, position) => sum * 40n + BigInt(position), 0n) : digestValue(recordId);
  bits[0] = isPlain ? 0 : 1;
  for (let i = 1; i < payloadBits; i++, value >>= 1n) bits[i] = Number(value & 1n);
  bits.set(checkOf(bits), payloadBits);
  return bits;
}

function digestValue(recordId: string): bigint {
  return BigInt(`0x${encodeHex(sm3(encodeUtf8(recordId)))}`) & ((1n << BigInt(payloadBits - 1)) - 1n);
}

/** Whether a record id is the one of a mark that carries only a digest. */
export function isTracedRecord(recordId: string, digest: string): boolean {
  return digestValue(recordId).toString(16) === digest;
}

function readBits(bits: readonly number[]): TraceContent | null {
  if (!checkOf(bits).every((bit, i) => bit === bits[payloadBits + i])) return null;
  let value = 0n;
  for (let i = payloadBits - 1; i > 0; i--) value = (value << 1n) | BigInt(bits[i] ?? 0);
  if (bits[0] === 1) return { digest: value.toString(16) };
  let recordId = '';
  for (; value > 0n; value /= 40n) {
    const position = Number(value % 40n);
    if (position === 0) return null;
    recordId += alphabet[position] ?? '';
  }
  return recordId === '' || recordId.length > longestId ? null : { recordId };
}

const doubtfulBits = 12;

/** Up to three of the least certain bits turned round: some three hundred more chances against a check of 32 bits. */
function readNearby(bits: readonly number[], sums: Float64Array): TraceContent | null {
  const doubtful = Array.from(sums.keys()).toSorted((a, b) => Math.abs(sums[a] ?? 0) - Math.abs(sums[b] ?? 0)).slice(0, doubtfulBits);
  for (const [i, first] of doubtful.entries()) {
    for (const [k, second] of doubtful.slice(i).entries()) {
      for (const third of doubtful.slice(i + k)) {
        const content = readBits(bits.map((bit, at) => (at === first || at === second || at === third ? 1 - bit : bit)));
        if (content !== null) return content;
      }
    }
  }
  return null;
}

function checkOf(bits: ArrayLike<number>): number[] {
  const digest = sm3(Uint8Array.from({ length: payloadBits }, (_, i) => bits[i] ?? 0));
  return Array.from({ length: checkBits }, (_, i) => ((digest[i >> 3] ?? 0) >> (i & 7)) & 1);
}

/** Cells in a fixed shuffled order, signs evenly mixed; the same for every mark ever made. */
function assignRoles(): readonly CellRole[] {
  let state = 0x2545f491;
  const draw = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const order = Array.from({ length: cellCount }, (_, i) => i);
  for (let i = cellCount - 1; i > 0; i--) {
    const j = draw() % (i + 1);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  const assigned: CellRole[] = Array.from({ length: cellCount }, () => ({ bit: null, sign: 1 }));
  for (const [place, cell] of order.entries()) {
    assigned[cell] = { bit: place < syncCount ? null : (place - syncCount) % bitCount, sign: (draw() >>> 8) % 2 === 0 ? 1 : -1 };
  }
  return assigned;
}
