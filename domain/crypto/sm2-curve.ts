import { weierstrass, type WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js';
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import type { RandomBytes } from './random.ts';

// The recommended curve of GB/T 32918.5-2017, clause 2.
const parameters = {
  p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
  n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
  h: 1n,
  a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
  b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
};

/** A point of the SM2 curve, in the arithmetic library's form. */
export type Sm2Point = WeierstrassPoint<bigint>;

/** The group of the SM2 curve: its points, and its scalars modulo the order. */
export const sm2Group = weierstrass(parameters);

/** The order n of the base point. */
export const sm2Order = parameters.n;

/** a ‖ b ‖ xG ‖ yG, 32 bytes each, as the identity digest takes them (GB/T 32918.2 clause 5.5). */
export const sm2ParameterBytes = Uint8Array.from(
  [parameters.a, parameters.b, parameters.Gx, parameters.Gy].flatMap((value) => [...encodeScalar(value)]),
);

/** Reads an uncompressed point (04 ‖ x ‖ y, 65 bytes) that lies on the curve; null for anything else, infinity included. */
export function decodeSm2Point(bytes: Uint8Array): Sm2Point | null {
  if (bytes.length !== 65 || bytes[0] !== 4) return null;
  try {
    return sm2Group.fromBytes(bytes);
  } catch {
    // The library tells an off-curve point by throwing only.
    return null;
  }
}

/** Prints a point other than infinity as 04 ‖ x ‖ y. */
export function encodeSm2Point(point: Sm2Point): Uint8Array {
  return point.toBytes(false);
}

/** Reads a big-endian number. */
export function decodeScalar(bytes: Uint8Array): bigint {
  return bytesToNumberBE(bytes);
}

/** Prints a number below 2^256 as 32 big-endian bytes. */
export function encodeScalar(value: bigint): Uint8Array {
  return numberToBytesBE(value, 32);
}

/** Draws a number evenly from 1 to `most`, which must lie close below 2^256; throws when the source is stuck. */
export function drawScalar(random: RandomBytes, most: bigint): bigint {
  // A draw falls outside with a chance of 2^-32; eight in a row mean a broken source.
  for (let attempt = 0; attempt < 8; attempt++) {
    const value = decodeScalar(random(32));
    if (value >= 1n && value <= most) return value;
  }
  throw new Error('the random source yields no usable number');
}
