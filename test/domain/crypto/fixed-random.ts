import type { RandomBytes } from '../../../domain/crypto/random.ts';

/** Hands out the given byte strings in turn and, when they are used up, the numbers of a seeded generator. */
export function createFixedRandom(first: readonly Uint8Array[] = [], seed = 1): RandomBytes {
  const queue = [...first];
  const next = createSeededNumbers(seed);
  return (n) => {
    const fixed = queue.shift();
    if (fixed === undefined) return Uint8Array.from({ length: n }, () => next(256));
    if (fixed.length !== n) throw new Error(`${n} bytes asked for, ${fixed.length} prepared`);
    return fixed;
  };
}

/** A repeatable source of whole numbers below a limit (mulberry32); for choosing cases, never for keys. */
export function createSeededNumbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return Math.floor((((x ^ (x >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}
