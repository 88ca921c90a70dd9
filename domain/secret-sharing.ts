import type { RandomBytes } from './crypto/random.ts';

/** One part of a shared secret: `x` (1…255) says which, `y` has the secret's length. */
export interface SecretShare {
  readonly x: number;
  readonly y: Uint8Array;
}

/**
 * Splits a secret into `count` shares of which any `threshold` give it back and fewer say nothing (Shamir 1979, byte by
 * byte over GF(2^8) with the polynomial 0x11b). Throws on a threshold or count that makes no sense.
 */
export function splitSecret(secret: Uint8Array, parts: { readonly count: number; readonly threshold: number; readonly random: RandomBytes }): SecretShare[] {
  const { count, threshold, random } = parts;
  if (threshold < 2 || threshold > count || count > 255) throw new RangeError('2 ≤ threshold ≤ count ≤ 255');
  const shares = Array.from({ length: count }, (_, index) => ({ x: index + 1, y: new Uint8Array(secret.length) }));
  for (const [at, byte] of secret.entries()) {
    const coefficients = [byte, ...random(threshold - 1)];
    for (const { x, y } of shares) y[at] = evaluate(coefficients, x);
  }
  return shares;
}

/** The secret behind the shares; wrong or too few shares give other bytes, so the caller must be able to tell. Null when two say the same x or lengths differ. */
export function joinSecret(shares: readonly SecretShare[]): Uint8Array | null {
  const length = shares[0]?.y.length ?? 0;
  const isSound = new Set(shares.map(({ x }) => x)).size === shares.length && shares.every(({ x, y }) => x > 0 && x < 256 && y.length === length);
  if (shares.length < 2 || !isSound) return null;
  const weights = shares.map(({ x }) => weightAtZero(x, shares));
  return Uint8Array.from({ length }, (_, at) => shares.reduce((sum, { y }, index) => sum ^ multiply(y[at] ?? 0, weights[index] ?? 0), 0));
}

function evaluate(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => multiply(sum, x) ^ coefficient, 0);
}

// Lagrange: the product of other/(other − x), where minus is plus.
function weightAtZero(x: number, shares: readonly SecretShare[]): number {
  return shares.reduce((product, other) => (other.x === x ? product : multiply(product, multiply(other.x, invert(other.x ^ x)))), 1);
}

// Without tables or branches on the operands: a share is a secret too.
function multiply(a: number, b: number): number {
  let product = 0;
  let left = a;
  for (let bit = 0; bit < 8; bit++) {
    product ^= left & -((b >>> bit) & 1);
    left = (left << 1) ^ (0x11b & -(left >>> 7));
  }
  return product & 0xff;
}

// x^254 is the inverse in a field of 256 elements.
function invert(value: number): number {
  let result = 1;
  for (let count = 0; count < 254; count++) result = multiply(result, value);
  return result;
}
