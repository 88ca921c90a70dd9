import { dataField } from './galois-field.ts';
import type { Layout } from './layout.ts';
import { createReedSolomon, spareSymbols } from './reed-solomon.ts';
import { symbolBlocks, totalCodewords, type Level } from './symbol.ts';

/** Cuts the data into blocks and appends each block's check codewords: the full stream before placement. */
export function protectData(data: Uint8Array, version: number, level: Level): Uint8Array {
  const stream = new Uint8Array(totalCodewords(version));
  let from = 0;
  let to = 0;
  forEachBlock(version, level, (dataCount, checkCount) => {
    // Unused capacity is zeros: there are no pad codewords.
    stream.set(data.subarray(from, from + dataCount), to);
    reedSolomon.encode(stream, to, dataCount, checkCount);
    from += dataCount;
    to += dataCount + checkCount;
  });
  return stream;
}

/** Puts codewords into the data modules in "picket fence" order, every 13th first (ISO/IEC 20830 5.6.2). */
export function placeCodewords(stream: Uint8Array, layout: Layout, modules: Uint8Array): void {
  let bit = 0;
  for (let start = 0; start < picketFence; start++) {
    for (let i = start; i < stream.length; i += picketFence) {
      for (let shift = 7; shift >= 0; shift--) modules[layout.dataModules[bit++] ?? 0] = ((stream[i] ?? 0) >> shift) & 1;
    }
  }
}

/** What `collectCodewords` gives: the full stream, and how doubtful its codewords are (0 sure to 255). */
export interface CollectedCodewords {
  readonly stream: Uint8Array;
  readonly doubts: Uint8Array | null;
}

/** The inverse of `placeCodewords`; a codeword is as doubtful as the worst of its modules. */
export function collectCodewords(modules: Uint8Array, layout: Layout, moduleDoubts?: Uint8Array): CollectedCodewords {
  const stream = new Uint8Array(totalCodewords(layout.version));
  const doubts = moduleDoubts === undefined ? null : new Uint8Array(stream.length);
  let bit = 0;
  for (let start = 0; start < picketFence; start++) {
    for (let i = start; i < stream.length; i += picketFence) {
      let value = 0;
      let doubt = 0;
      for (let n = 0; n < 8; n++) {
        const module = layout.dataModules[bit++] ?? 0;
        value = (value << 1) | (modules[module] ?? 0);
        doubt = Math.max(doubt, moduleDoubts?.[module] ?? 0);
      }
      stream[i] = value;
      if (doubts !== null) doubts[i] = doubt;
    }
  }
  return { stream, doubts };
}

/** Data codewords of a corrected stream. */
export interface RestoredData {
  readonly data: Uint8Array;
  /** Codewords that were wrong. */
  readonly corrected: number;
  /** Largest share of a block's correcting power that was used, 0..1. */
  readonly load: number;
}

/** Corrects every block, first without erasures, then with the most doubtful codewords erased; null as soon as one block cannot be restored. */
export function restoreData(collected: CollectedCodewords, version: number, level: Level): RestoredData | null {
  const stream = collected.stream.slice();
  const data = new Uint8Array(stream.length);
  let from = 0;
  let to = 0;
  let corrected = 0;
  let load = 0;
  let failed = false;
  forEachBlock(version, level, (dataCount, checkCount) => {
    if (failed) return;
    const length = dataCount + checkCount;
    let changed = reedSolomon.decode(stream, from, length, checkCount);
    if (changed < 0 && collected.doubts !== null) changed = decodeWithErasures(stream, collected.doubts, from, length, checkCount);
    if (changed < 0) {
      failed = true;
      return;
    }
    data.set(stream.subarray(from, from + dataCount), to);
    corrected += changed;
    load = Math.max(load, Math.min(1, (2 * changed) / checkCount));
    from += length;
    to += dataCount;
  });
  return failed ? null : { data: data.subarray(0, to), corrected, load };
}

/** Erases ever more of the doubtful codewords. */
function decodeWithErasures(stream: Uint8Array, doubts: Uint8Array, from: number, length: number, check: number): number {
  const doubtful = Array.from({ length }, (_, i) => i).filter((i) => (doubts[from + i] ?? 0) > 0);
  const worst = Uint8Array.from(doubtful.toSorted((a, b) => (doubts[from + b] ?? 0) - (doubts[from + a] ?? 0)));
  const most = Math.min(worst.length, check - spareSymbols);
  for (const share of erasureShares) {
    const count = Math.min(most, Math.ceil(most * share));
    if (count < 1) return -1;
    const changed = reedSolomon.decode(stream, from, length, check, worst, count);
    if (changed >= 0) return changed;
  }
  return -1;
}

const erasureShares = [0.3, 0.55, 0.8, 1];

/** Calls back for every block in order with its numbers of data and check codewords. */
export function forEachBlock(version: number, level: Level, visit: (data: number, check: number) => void): void {
  for (const group of symbolBlocks(version, level)) for (let i = 0; i < group.count; i++) visit(group.data, group.check);
}

/** Stride of the placement (ISO/IEC 20830 5.6.2). */
export const picketFence = 13;

const reedSolomon = createReedSolomon(dataField);
