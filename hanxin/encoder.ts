import { createBitWriter } from './bit-writer.ts';
import { centreMark, markLoad } from './centre-mark.ts';
import { placeCodewords, protectData } from './codewords.ts';
import { planContent, type TextEncoding } from './content.ts';
import { darkModule, symbolLayout, type Layout } from './layout.ts';
import { applyMask } from './mask.ts';
import { chooseMask } from './mask-choice.ts';
import type { Segment } from './segment.ts';
import { writeSegment } from './segment-writer.ts';
import { encodeInformation, informationPositions } from './structural-information.ts';
import { dataCapacity, isVersion, levels, maxVersion, type Level, type Mask, type Matrix } from './symbol.ts';

/** What the caller may fix; everything left out is chosen. */
export interface EncodeOptions {
  /** Exactly this version; else the smallest that holds the content. */
  readonly version?: number;
  /** Exactly this level; else the highest that does not make the symbol larger. */
  readonly level?: Level;
  /** Exactly this mask; else the one with the lowest score. */
  readonly mask?: Mask;
  /** How text becomes bytes; default `auto`. */
  readonly encoding?: TextEncoding;
  /** Share of the area (0 to below 0.1) that a mark in the middle will cover: level and version are chosen so that it stays readable. */
  readonly markShare?: number;
}

/** A finished symbol. */
export interface HanXinSymbol extends Matrix {
  readonly version: number;
  readonly level: Level;
  readonly mask: Mask;
}

/**
 * Encodes text or bytes in the fewest bits. Null when the content does not fit the wanted (or any) symbol.
 * Throws a RangeError for options out of range and for text with lone surrogates.
 */
export function encodeHanXin(content: string | Uint8Array, options: EncodeOptions = {}): HanXinSymbol | null {
  const segments = planContent(content, options.encoding ?? 'auto');
  return segments === null ? null : encodeSegments(segments, options);
}

/** Encodes segments as they are given; as `encodeHanXin`, and a RangeError for bytes that a mode cannot hold. */
export function encodeSegments(segments: readonly Segment[], options: EncodeOptions = {}): HanXinSymbol | null {
  checkOptions(options);
  const writer = createBitWriter();
  for (const segment of segments) writeSegment(writer, segment);
  const data = writer.bytes();
  const choice = chooseSymbol(data.length, options);
  if (choice === null) return null;
  const layout = symbolLayout(choice.version);
  const modules = layout.kinds.map((kind) => (kind === darkModule ? 1 : 0));
  placeCodewords(protectData(data, choice.version, choice.level), layout, modules);
  const finish = (target: Uint8Array, mask: Mask) => writeInformation(target, layout, choice.level, mask);
  const mask = options.mask ?? chooseMask(modules, layout, finish);
  applyMask(modules, layout, mask);
  finish(modules, mask);
  return { size: layout.size, modules, version: choice.version, level: choice.level, mask };
}

function checkOptions(options: EncodeOptions): void {
  if (options.version !== undefined && !isVersion(options.version)) throw new RangeError('A version is 1 to 84');
  if (options.level !== undefined && !levels.includes(options.level)) throw new RangeError('A level is L1, L2, L3 or L4');
  if (options.mask !== undefined && ![0, 1, 2, 3].includes(options.mask)) throw new RangeError('A mask is 0 to 3');
  if (options.markShare !== undefined && !(options.markShare >= 0 && options.markShare < 0.1)) throw new RangeError('A mark covers 0 to below 0.1 of the area');
}

/** How much of a block's correcting power a mark may use: the rest is for dirt and glare. */
const largestMarkLoad = 0.7;

function chooseSymbol(bytes: number, options: EncodeOptions): { version: number; level: Level } | null {
  const first = options.version ?? 1;
  const last = options.version ?? maxVersion;
  const wanted = options.level === undefined ? levels.toReversed() : [options.level];
  for (let version = first; version <= last; version++) {
    const level = wanted.find((level) => dataCapacity(version, level) >= bytes && bearsMark(version, level, options.markShare ?? 0));
    if (level !== undefined) return { version, level };
  }
  return null;
}

function bearsMark(version: number, level: Level, share: number): boolean {
  if (share === 0) return true;
  const layout = symbolLayout(version);
  return markLoad(layout, level, centreMark(layout.size, share)) <= largestMarkLoad;
}

function writeInformation(modules: Uint8Array, layout: Layout, level: Level, mask: Mask): void {
  const bits = encodeInformation({ version: layout.version, level, mask });
  const { first, second } = informationPositions(layout.size);
  for (const points of [first, second]) {
    bits.forEach((bit, i) => {
      modules[(points[2 * i + 1] ?? 0) * layout.size + (points[2 * i] ?? 0)] = bit;
    });
  }
}
