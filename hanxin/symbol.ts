import { alignmentCounts, alignmentSpacings, blockLines } from './version.table.ts';

/** Error-correction level: about 8, 15, 23 or 30 % of the codewords can be restored. */
export type Level = 'L1' | 'L2' | 'L3' | 'L4';

/** The levels in the order of their two-bit numbers 0..3. */
export const levels: readonly Level[] = ['L1', 'L2', 'L3', 'L4'];

/** Which of the four data masks a symbol uses. */
export type Mask = 0 | 1 | 2 | 3;

/** A square of modules, row by row from the top left: 1 is dark, 0 is light; `modules.length` is `size * size`. */
export interface Matrix {
  readonly size: number;
  readonly modules: Uint8Array;
}

/** `count` blocks of `data` data codewords and `check` check codewords each. */
export interface BlockGroup {
  readonly count: number;
  readonly data: number;
  readonly check: number;
}

/** Largest version; the smallest is 1. */
export const maxVersion = 84;

/** Light modules that must surround a symbol (ISO/IEC 20830, quiet zone). */
export const quietZoneModules = 3;

/** Modules along one side: 23 for version 1 to 189 for version 84. */
export function symbolSize(version: number): number {
  return 2 * version + 21;
}

/** The version with that many modules along a side, or null: only the odd sizes 23 to 189 exist. */
export function versionOfSize(size: number): number | null {
  const version = (size - 21) / 2;
  return isVersion(version) ? version : null;
}

/** Whether a number is a version, 1..84. */
export function isVersion(version: number): boolean {
  return Number.isInteger(version) && version >= 1 && version <= maxVersion;
}

/** Spacing k, count m and remainder r of the alignment grid; null for versions 1 to 3, which have none. */
export function alignmentGrid(version: number): { k: number; m: number; r: number } | null {
  const k = alignmentSpacings[version - 4];
  const m = alignmentCounts[version - 4];
  return k === undefined || m === undefined ? null : { k, m, r: symbolSize(version) - m * k };
}

/** The blocks of a symbol in the order in which the data fill them (ISO/IEC 20830, Annex B). */
export function symbolBlocks(version: number, level: Level): readonly BlockGroup[] {
  return blockTable[(version - 1) * 4 + levels.indexOf(level)] ?? [];
}

/** How many data codewords (bytes of bit stream) a symbol carries. */
export function dataCapacity(version: number, level: Level): number {
  return symbolBlocks(version, level).reduce((sum, group) => sum + group.count * group.data, 0);
}

/** Data and check codewords together. */
export function totalCodewords(version: number): number {
  return symbolBlocks(version, 'L1').reduce((sum, group) => sum + group.count * (group.data + group.check), 0);
}

const blockTable: readonly (readonly BlockGroup[])[] = blockLines.flatMap((line) => line.split('|').map(parseBlocks));

function parseBlocks(cell: string): readonly BlockGroup[] {
  return cell
    .trim()
    .split(' ')
    .map((text) => {
      const [count, rest] = text.includes('x') ? text.split('x') : ['1', text];
      const [data, check] = (rest ?? '').split('+');
      return { count: Number(count), data: Number(data), check: Number(check) };
    });
}
