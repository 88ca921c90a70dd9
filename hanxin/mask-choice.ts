import type { Layout } from './layout.ts';
import { maskOf } from './mask.ts';
import type { Mask } from './symbol.ts';

/** Chooses the mask with the lowest score for unmasked `modules`; `finish` writes the structural information for a mask. */
export function chooseMask(modules: Uint8Array, layout: Layout, finish: (modules: Uint8Array, mask: Mask) => void): Mask {
  const trial = new Uint8Array(modules.length);
  let best: Mask = 0;
  let lowest = Infinity;
  for (const mask of masks) {
    const flips = maskOf(layout, mask);
    for (let i = 0; i < trial.length; i++) trial[i] = (modules[i] ?? 0) ^ (flips[i] ?? 0);
    finish(trial, mask);
    const score = maskScore(trial, layout.size);
    if (score < lowest) {
      lowest = score;
      best = mask;
    }
  }
  return best;
}

/** Score of a finished symbol: long runs, and what looks like a finder (ISO/IEC 20830 5.8.4). */
export function maskScore(modules: Uint8Array, size: number): number {
  let score = 0;
  for (let line = 0; line < size; line++) score += lineScore(modules, line * size, 1, size) + lineScore(modules, line, size, size);
  return score;
}

const masks: readonly Mask[] = [0, 1, 2, 3];

/** Sum of 4 a module in runs of three or more, 50 for each finder-like pattern next to three light modules. */
function lineScore(modules: Uint8Array, start: number, stride: number, size: number): number {
  let score = 0;
  let run = 0;
  let window = 0;
  for (let i = 0; i < size; i++) {
    const module = modules[start + i * stride] ?? 0;
    const before = i === 0 ? -1 : (modules[start + (i - 1) * stride] ?? 0);
    if (module !== before) {
      if (run >= 3) score += 4 * run;
      run = 0;
    }
    run++;
    window = ((window << 1) | module) & 0x7f;
    if (i >= 6 && (window === 0b1010111 || window === 0b1110101) && (lightAround(modules, start, stride, size, i - 9) || lightAround(modules, start, stride, size, i + 1))) score += 50;
  }
  return run >= 3 ? score + 4 * run : score;
}

/** Whether three modules from `at` on are light; outside the symbol is light. */
function lightAround(modules: Uint8Array, start: number, stride: number, size: number, at: number): boolean {
  for (let i = at; i < at + 3; i++) if (i >= 0 && i < size && modules[start + i * stride] === 1) return false;
  return true;
}
