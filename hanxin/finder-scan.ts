import type { BinaryImage } from './binary-image.ts';

/** Numbers a hit has in `FinderHits.values`: x, y, module size in pixels along the line, polarity (1 dark on light, 0 light on dark). */
export const hitStride = 4;

/** Places where a line crosses something like a finder; no object a hit. */
export interface FinderHits {
  readonly values: Float32Array;
  count: number;
}

/** A stage that keeps its memory between pictures. */
export interface FinderScan {
  /** Scans all rows and columns; the result is valid until the next call. */
  scan(image: BinaryImage): FinderHits;
}

const maxHits = 30_000;

/** Pictures with more pixels are scanned at every other line: a core is seven pixels high at the least. */
const everyLineArea = 500_000;

/** Least pixels along a scan line that the seven modules of a finder take. */
const leastSpan = 10;

/** Creates the stage. */
export function createFinderScan(): FinderScan {
  const hits: FinderHits = { values: new Float32Array(maxHits * hitStride), count: 0 };
  let columns = new Int16Array(0);
  return {
    scan: (image) => {
      hits.count = 0;
      const step = image.width * image.height > everyLineArea ? 2 : 1;
      scanRows(image, hits, step);
      if (columns.length !== image.width * 5) columns = new Int16Array(image.width * 5);
      scanColumns(image, columns, hits, step);
      return hits;
    },
  };
}

function scanRows(image: BinaryImage, hits: FinderHits, step: number): void {
  const { width, height, bits, stride, words, grey, noise } = image;
  for (let y = 0; y < height; y += step) {
    const row = y * stride;
    const line = y * width;
    let e0 = 0, e1 = 0, e2 = 0, e3 = 0, e4 = 0;
    let previous = bits[row] ?? 0;
    for (let x = 0; x <= width; x++) {
      // Four pixels like the last one need no look.
      if ((x & 3) === 0 && x + 4 <= width && words[(row + x) >> 2] === (previous === 1 ? 0x01010101 : 0)) {
        x += 3;
        continue;
      }
      const bit = x < width ? (bits[row + x] ?? 0) : 1 - previous;
      if (bit === previous) continue;
      const core = x - e0 < leastSpan ? 0 : coreEnds(e0, e1, e2, e3, e4, x);
      if (core !== 0 && stands(grey, line, 1, e0, e1, e2, e3, e4, x, noise)) pushHit(hits, core === 1 ? (e0 + e1) / 2 : (e4 + x) / 2, y + 0.5, (x - e0) / 7, previous);
      e0 = e1;
      e1 = e2;
      e2 = e3;
      e3 = e4;
      e4 = x;
      previous = bit;
    }
  }
}

/** Columns in row-major order: each column keeps its last five edges. */
function scanColumns(image: BinaryImage, columns: Int16Array, hits: FinderHits, step: number): void {
  const { width, height, stride, words } = image;
  columns.fill(0);
  const wide = stride >> 2;
  const looked = step === 2 ? 0x00010001 : 0x01010101;
  for (let y = 1; y <= height; y++) {
    const below = y * wide;
    for (let w = 0; w < wide; w++) {
      const change = y < height ? ((words[below + w] ?? 0) ^ (words[below - wide + w] ?? 0)) & looked : looked;
      if (change === 0) continue;
      // One byte of the word a column; a little-endian word begins with its lowest.
      for (let lane = 0, x = w << 2; lane < 32 && x < width; lane += 8, x++) if (((change >>> lane) & 1) === 1) columnEdge(image, columns, hits, x, y);
    }
  }
}

function columnEdge(image: BinaryImage, columns: Int16Array, hits: FinderHits, x: number, y: number): void {
  const c = x * 5;
  const e0 = columns[c] ?? 0;
  const e1 = columns[c + 1] ?? 0;
  const e2 = columns[c + 2] ?? 0;
  const e3 = columns[c + 3] ?? 0;
  const e4 = columns[c + 4] ?? 0;
  const core = y - e0 < leastSpan ? 0 : coreEnds(e0, e1, e2, e3, e4, y);
  if (core !== 0 && stands(image.grey, x, image.width, e0, e1, e2, e3, e4, y, image.noise)) {
    pushHit(hits, x + 0.5, core === 1 ? (e0 + e1) / 2 : (e4 + y) / 2, (y - e0) / 7, image.bits[(y - 1) * image.stride + x] ?? 0);
  }
  columns[c] = e1;
  columns[c + 1] = e2;
  columns[c + 2] = e3;
  columns[c + 3] = e4;
  columns[c + 4] = y;
}

/** Whether five runs between six edges are 3:1:1:1:1 (1), 1:1:1:1:3 (2) or neither (0). */
function coreEnds(e0: number, e1: number, e2: number, e3: number, e4: number, e5: number): 0 | 1 | 2 {
  // All in sevenths: the whole span is seven modules, and most runs end here without a division.
  const span = e5 - e0;
  const middle = 0.6 * span + 3.5;
  if (Math.abs(7 * (e3 - e2) - span) > middle) return 0;
  const core = 0.9 * span + 2.8;
  const last = 7 * (e5 - e4);
  const first = 7 * (e1 - e0);
  // Pairs of one dark and one light run: the blur that widens the one narrows the other.
  const pair = 0.6 * span + 2.8;
  const twoSpans = 2 * span;
  if (first > last) {
    if (Math.abs(first - 3 * span) > core || Math.abs(last - span) > middle) return 0;
    return Math.abs(7 * (e5 - e3) - twoSpans) < pair && Math.abs(7 * (e4 - e2) - twoSpans) < pair && Math.abs(7 * (e3 - e1) - twoSpans) < pair ? 1 : 0;
  }
  if (Math.abs(last - 3 * span) > core || Math.abs(first - span) > middle) return 0;
  return Math.abs(7 * (e2 - e0) - twoSpans) < pair && Math.abs(7 * (e3 - e1) - twoSpans) < pair && Math.abs(7 * (e4 - e2) - twoSpans) < pair ? 2 : 0;
}

/** Whether the runs differ by more than noise does, each from the next. */
function stands(grey: Uint8Array | Uint8ClampedArray, start: number, stride: number, e0: number, e1: number, e2: number, e3: number, e4: number, e5: number, noise: number): boolean {
  const at = (from: number, to: number) => grey[start + ((from + to) >> 1) * stride] ?? 0;
  const a = at(e0, e1);
  const b = at(e1, e2);
  const c = at(e2, e3);
  const d = at(e3, e4);
  const e = at(e4, e5);
  return Math.abs(a - b) >= noise && Math.abs(c - b) >= noise && Math.abs(c - d) >= noise && Math.abs(e - d) >= noise;
}

function pushHit(hits: FinderHits, x: number, y: number, unit: number, polarity: number): void {
  if (hits.count >= maxHits) return;
  const at = hits.count++ * hitStride;
  hits.values[at] = x;
  hits.values[at + 1] = y;
  hits.values[at + 2] = unit;
  hits.values[at + 3] = polarity;
}
