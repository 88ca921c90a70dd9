import { blackCodes, longCodes, whiteCodes } from './fax-codes.table.ts';

/** How a facsimile strip is coded: T.4 in one dimension without line ends (TIFF 2), T.4 (TIFF 3) or T.6 (TIFF 4). */
export interface FaxShape {
  readonly scheme: 'rows' | 'group3' | 'group4';
  readonly width: number;
  readonly height: number;
  /** T.4 lines may lean on the line before. */
  readonly isTwoDimensional: boolean;
}

/**
 * Decodes a facsimile strip (ITU-T T.4, T.6) into rows of packed bits, 1 for black, the first pixel in the highest bit. Rows that the
 * data does not give, or gives wrongly, are left out at the end; each row costs at least one bit of the data, so the time is bounded.
 */
export function decodeFax(data: Uint8Array, shape: FaxShape): { readonly bits: Uint8Array; readonly rows: number } {
  const { width, height, scheme } = shape;
  const rowBytes = Math.ceil(width / 8);
  const bits = new Uint8Array(rowBytes * height);
  const reader = createBitReader(data);
  let [before, current] = [createChanges(width), createChanges(width)];
  for (let row = 0; row < height; row++) {
    const isFlat = scheme === 'group4' ? false : scheme === 'rows' ? startRow(reader) : startLine(reader, shape.isTwoDimensional);
    if (isFlat === null) return { bits, rows: row };
    const isWhole = isFlat ? readFlatRow(reader, current, width) : readLeaningRow(reader, before, current, width);
    if (!isWhole) return { bits, rows: row };
    blacken(bits, row * rowBytes, current);
    [before, current] = [current, before];
  }
  return { bits, rows: height };
}

/** The places where a row changes colour, the first to black; after them the width stands for those that do not come. */
interface Changes {
  readonly places: Int32Array;
  count: number;
}

function createChanges(width: number): Changes {
  return { places: new Int32Array(width + 4).fill(width), count: 0 };
}

interface BitReader {
  /** The next bits without taking them; zeros after the end. */
  peek(count: number): number;
  take(count: number): void;
  alignToByte(): void;
  isAtEnd(): boolean;
}

function createBitReader(data: Uint8Array): BitReader {
  let at = 0;
  return {
    peek: (count) => {
      const byte = at >> 3;
      const word = ((data[byte] ?? 0) << 16) | ((data[byte + 1] ?? 0) << 8) | (data[byte + 2] ?? 0);
      return (word >> (24 - (at & 7) - count)) & ((1 << count) - 1);
    },
    take: (count) => void (at += count),
    alignToByte: () => void (at = (at + 7) & ~7),
    isAtEnd: () => at >= data.length * 8,
  };
}

function startRow(reader: BitReader): true | null {
  reader.alignToByte();
  return reader.isAtEnd() ? null : true;
}

/** Passes over the end-of-line code, which some writers leave out; null at the end of the data or at two of them (return to control). */
function startLine(reader: BitReader, isTwoDimensional: boolean): boolean | null {
  let isFlat = true;
  for (let ends = 0; reader.peek(11) === 0; ends++) {
    if (ends === 2) return null;
    while (reader.peek(1) === 0) {
      if (reader.isAtEnd()) return null;
      reader.take(1);
    }
    reader.take(1);
    if (isTwoDimensional) {
      isFlat = reader.peek(1) === 1;
      reader.take(1);
    }
  }
  return reader.isAtEnd() ? null : isFlat;
}

const longestCode = 13;
const noCode = -1;

/** For each thirteen bits the run whose code they begin with, and the code's length: `run * 16 + length`. */
function createRunTable(codes: string): Int32Array {
  const table = new Int32Array(1 << longestCode).fill(noCode);
  const enter = (code: string, run: number): void => {
    const first = Number.parseInt(code.padEnd(longestCode, '0'), 2);
    table.fill(run * 16 + code.length, first, first + (1 << (longestCode - code.length)));
  };
  for (const [index, code] of codes.split(' ').entries()) enter(code, index < 64 ? index : (index - 63) * 64);
  for (const [index, code] of longCodes.split(' ').entries()) enter(code, 1792 + index * 64);
  return table;
}

const whiteRuns = createRunTable(whiteCodes);
const blackRuns = createRunTable(blackCodes);

/** A run with its make-up codes; null where the bits are no code. */
function readRun(reader: BitReader, runs: Int32Array, width: number): number | null {
  for (let length = 0; length <= width; ) {
    const found = runs[reader.peek(longestCode)] ?? noCode;
    if (found === noCode || reader.isAtEnd()) return null;
    reader.take(found & 15);
    length += found >> 4;
    if (found >> 4 < 64) return length;
  }
  return null;
}

function readFlatRow(reader: BitReader, row: Changes, width: number): boolean {
  let place = 0;
  row.count = 0;
  for (let isBlack = false; place < width; isBlack = !isBlack) {
    const run = readRun(reader, isBlack ? blackRuns : whiteRuns, width);
    if (run === null || !append(row, (place += run), width)) return false;
  }
  return close(row, width);
}

/** False for a row with more changes than pixels, or one beyond its end. */
function append(row: Changes, place: number, width: number): boolean {
  if (place > width || row.count > width) return false;
  row.places[row.count] = place;
  row.count += 1;
  return true;
}

function close(row: Changes, width: number): true {
  row.places.fill(width, row.count);
  return true;
}

/** Codes of the vertical mode by their bits: how far from the change above (T.4 table 4). */
const vertical: readonly { readonly length: number; readonly code: number; readonly by: number }[] = [
  { length: 1, code: 0b1, by: 0 },
  { length: 3, code: 0b011, by: 1 },
  { length: 3, code: 0b010, by: -1 },
  { length: 6, code: 0b000011, by: 2 },
  { length: 6, code: 0b000010, by: -2 },
  { length: 7, code: 0b0000011, by: 3 },
  { length: 7, code: 0b0000010, by: -3 },
];

/** One row in two dimensions (T.4 4.2): each change by the row above it, by runs, or passed over. */
function readLeaningRow(reader: BitReader, before: Changes, row: Changes, width: number): boolean {
  let [place, above, isBlack] = [-1, 0, false];
  row.count = 0;
  while (place < width) {
    if (reader.isAtEnd()) return false;
    // The first change above, right of here, to the other colour.
    while (above > 0 && (before.places[above - 1] ?? 0) > place) above -= 1;
    while ((before.places[above] ?? width) <= place || (above & 1) !== (isBlack ? 1 : 0)) above += 1;
    const change = before.places[above] ?? width;
    const step = vertical.find(({ length, code }) => reader.peek(length) === code);
    if (step !== undefined) {
      reader.take(step.length);
      const next = change + step.by;
      if (next < Math.max(place, 0) || !append(row, next, width)) return false;
      place = next;
      isBlack = !isBlack;
    } else if (reader.peek(4) === 0b0001) {
      reader.take(4);
      place = before.places[above + 1] ?? width;
    } else if (reader.peek(3) === 0b001) {
      reader.take(3);
      const first = readRun(reader, isBlack ? blackRuns : whiteRuns, width);
      const second = first === null ? null : readRun(reader, isBlack ? whiteRuns : blackRuns, width);
      if (first === null || second === null) return false;
      const from = Math.max(place, 0);
      if (!append(row, from + first, width) || !append(row, from + first + second, width)) return false;
      place = from + first + second;
    } else return false;
  }
  return close(row, width);
}

function blacken(bits: Uint8Array, start: number, { places, count }: Changes): void {
  for (let change = 0; change < count; change += 2) {
    const [from, to] = [places[change] ?? 0, places[change + 1] ?? 0];
    for (let x = from; x < to; ) {
      if ((x & 7) === 0 && x + 8 <= to) {
        bits[start + (x >> 3)] = 0xff;
        x += 8;
        continue;
      }
      const at = start + (x >> 3);
      bits[at] = (bits[at] ?? 0) | (0x80 >> (x & 7));
      x += 1;
    }
  }
}
