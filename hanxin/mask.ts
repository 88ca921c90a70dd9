import { dataModule, type Layout } from './layout.ts';
import type { Mask } from './symbol.ts';

/** Flips the data modules of a symbol in place; doing it twice restores them (ISO/IEC 20830 5.8.4). */
export function applyMask(modules: Uint8Array, layout: Layout, mask: Mask): void {
  const flips = maskOf(layout, mask);
  for (let i = 0; i < flips.length; i++) modules[i] = (modules[i] ?? 0) ^ (flips[i] ?? 0);
}

/** One byte a module: 1 where the mask flips it; function modules are never flipped. */
export function maskOf(layout: Layout, mask: Mask): Uint8Array {
  const known = masks.get(layout.version * 4 + mask);
  if (known !== undefined) return known;
  const { size, kinds } = layout;
  const flips = new Uint8Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (kinds[y * size + x] === dataModule && flipsModule(mask, y + 1, x + 1)) flips[y * size + x] = 1;
    }
  }
  masks.set(layout.version * 4 + mask, flips);
  return flips;
}

/** The conditions of ISO/IEC 20830 5.8.4; row i and column j count from 1. */
function flipsModule(mask: Mask, i: number, j: number): boolean {
  if (mask === 1) return (i + j) % 2 === 0;
  if (mask === 2) return (((i + j) % 3) + (j % 3)) % 2 === 0;
  if (mask === 3) return ((i % j) + (j % i) + (i % 3) + (j % 3)) % 2 === 0;
  return false;
}

const masks = new Map<number, Uint8Array>();
