import { informationPositions } from './structural-information.ts';
import { alignmentGrid, symbolSize } from './symbol.ts';

/** Kinds of module in `Layout.kinds`. */
export const lightModule = 0;
export const darkModule = 1;
export const informationModule = 2;
export const dataModule = 3;

/** The fixed parts of a version: what each module is, and the data modules in the order of placement. */
export interface Layout {
  readonly version: number;
  readonly size: number;
  readonly kinds: Uint8Array;
  /** Module indexes in raster order, skipping every function module (ISO/IEC 20830 5.8, data placement). */
  readonly dataModules: Uint16Array;
}

/** The layout of a version; built once and kept. */
export function symbolLayout(version: number): Layout {
  const known = layouts.get(version);
  if (known !== undefined) return known;
  const size = symbolSize(version);
  const kinds = new Uint8Array(size * size).fill(dataModule);
  placeFinders(kinds, size);
  placeInformation(kinds, size);
  placeAlignment(kinds, version);
  const layout = { version, size, kinds, dataModules: Uint16Array.from(indexesOf(kinds, dataModule)) };
  layouts.set(version, layout);
  return layout;
}

/** The rows of the finders at the corners TL, TR, BL, BR, bit 6 leftmost; TR and BL are alike. */
export const finderRows: readonly (readonly number[])[] = [
  [0x7f, 0x40, 0x5f, 0x50, 0x57, 0x57, 0x57],
  [0x7f, 0x01, 0x7d, 0x05, 0x75, 0x75, 0x75],
  [0x7f, 0x01, 0x7d, 0x05, 0x75, 0x75, 0x75],
  [0x75, 0x75, 0x75, 0x05, 0x7d, 0x01, 0x7f],
];

/** Finder patterns with their light separators in the four corners (8 × 8 modules each). */
function placeFinders(kinds: Uint8Array, size: number): void {
  finderRows.forEach((rows, corner) => {
    const right = corner % 2 === 1;
    const bottom = corner >= 2;
    for (let y = 0; y < 8; y++) {
      for (let x = 0; x < 8; x++) {
        kinds[(bottom ? size - 8 + y : y) * size + (right ? size - 8 + x : x)] = lightModule;
      }
    }
    rows.forEach((row, y) => {
      for (let x = 0; x < 7; x++) {
        kinds[((bottom ? size - 7 : 0) + y) * size + (right ? size - 7 : 0) + x] = (row >> (6 - x)) & 1;
      }
    });
  });
}

function placeInformation(kinds: Uint8Array, size: number): void {
  const { first, second } = informationPositions(size);
  for (const points of [first, second]) {
    for (let i = 0; i < points.length; i += 2) kinds[(points[i + 1] ?? 0) * size + (points[i] ?? 0)] = informationModule;
  }
}

/** Assistant patterns and alignment staircase, versions 4 and up (ISO/IEC 20830, alignment and assistant patterns, Annex A). */
function placeAlignment(kinds: Uint8Array, version: number): void {
  const grid = alignmentGrid(version);
  if (grid === null) return;
  const { k, m, r } = grid;
  const size = symbolSize(version);
  const last = size - 1;
  const line = (i: number) => (i <= m ? i * k : last);
  const span = (i: number) => (i < m ? k : r - 1);
  // What stands already wins: finders, information, then assistants, then lines.
  const put = (x: number, y: number, kind: number) => {
    if (x >= 0 && y >= 0 && x <= last && y <= last && kinds[y * size + x] === dataModule) kinds[y * size + x] = kind;
  };
  const assistant = (x: number, y: number) => {
    for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) put(x + dx, y + dy, dx === 0 && dy === 0 ? darkModule : lightModule);
  };
  for (let i = 0; i <= m + 1; i++) {
    if ((i + m) % 2 === 1) {
      assistant(0, line(i));
      assistant(last - line(i), last);
    }
    if (i % 2 === 1) {
      assistant(last, line(i));
      assistant(last - line(i), 0);
    }
  }
  for (let i = 0; i <= m + 1; i++) {
    for (let j = 0; j <= m + 1; j++) {
      if ((i + j) % 2 === 1 || (i === 0 && j === 0)) continue;
      // Columns of the grid count from the right edge.
      const x = last - line(j);
      const y = line(i);
      for (let s = 0; s <= span(j); s++) {
        put(x - s, y, darkModule);
        put(x - s - 1, y + 1, lightModule);
      }
      for (let s = 1; s < span(i); s++) {
        put(x, y + s, darkModule);
        put(x - 1, y + s + 1, lightModule);
      }
    }
  }
}

function* indexesOf(kinds: Uint8Array, kind: number): Generator<number> {
  for (let i = 0; i < kinds.length; i++) if (kinds[i] === kind) yield i;
}

const layouts = new Map<number, Layout>();
