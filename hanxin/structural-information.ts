import { informationField } from './galois-field.ts';
import { createReedSolomon } from './reed-solomon.ts';
import { isVersion, levels, type Level, type Mask } from './symbol.ts';

/** What the structural information of a symbol says. */
export interface StructuralInformation {
  readonly version: number;
  readonly level: Level;
  readonly mask: Mask;
}

/** Modules of one copy; the last six are filler that no reader may rely on. */
export const informationModules = 34;

/** Bits 0..27 of a copy as the number of its modules: 12 data bits, 16 check bits. */
export const informationBits = 28;

/** The positions (x, y) of both copies, alternating x and y: copy 1 around the upper finders, copy 2 around the lower. */
export function informationPositions(size: number): { first: Uint8Array; second: Uint8Array } {
  const e = size - 9;
  const points: number[] = [];
  for (let i = 0; i <= 8; i++) points.push(i, 8);
  for (let i = 7; i >= 0; i--) points.push(8, i);
  for (let i = 0; i <= 8; i++) points.push(e, i);
  for (let i = 1; i <= 8; i++) points.push(e + i, 8);
  const first = Uint8Array.from(points);
  // Copy 2 is copy 1 turned by half a revolution.
  return { first, second: first.map((value) => size - 1 - value) };
}

/** The 34 modules of a copy: version + 20, level, mask, four check symbols of GF(16), six filler modules of 0. */
export function encodeInformation(information: StructuralInformation): Uint8Array {
  const word = ((information.version + 20) << 4) | (levels.indexOf(information.level) << 2) | information.mask;
  const symbols = new Uint8Array(7);
  for (let i = 0; i < 3; i++) symbols[i] = (word >> (8 - 4 * i)) & 15;
  reedSolomon.encode(symbols, 0, 3, 4);
  const modules = new Uint8Array(informationModules);
  for (let bit = 0; bit < informationBits; bit++) modules[bit] = ((symbols[bit >> 2] ?? 0) >> (3 - (bit & 3))) & 1;
  return modules;
}

/** Reads a copy with up to two wrong symbols of seven; null when it is no structural information. */
export function decodeInformation(modules: ArrayLike<number>): StructuralInformation | null {
  const symbols = new Uint8Array(7);
  for (let bit = 0; bit < informationBits; bit++) symbols[bit >> 2] = ((symbols[bit >> 2] ?? 0) << 1) | ((modules[bit] ?? 0) & 1);
  if (reedSolomon.decode(symbols, 0, 7, 4) < 0) return null;
  const word = ((symbols[0] ?? 0) << 8) | ((symbols[1] ?? 0) << 4) | (symbols[2] ?? 0);
  const version = (word >> 4) - 20;
  const level = levels[(word >> 2) & 3];
  if (!isVersion(version) || level === undefined) return null;
  return { version, level, mask: (word & 3) as Mask };
}

const reedSolomon = createReedSolomon(informationField);
