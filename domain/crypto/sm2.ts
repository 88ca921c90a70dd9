import { concatBytes, equalBytes, unmovedBytes } from './bytes.ts';
import { createDerReader, derTag, encodeDer, encodeDerUnsigned } from './der.ts';
import type { RandomBytes } from './random.ts';
import {
  decodeScalar, decodeSm2Point, drawScalar, encodeScalar, encodeSm2Point, sm2Group, sm2Order, sm2ParameterBytes, type Sm2Point,
} from './sm2-curve.ts';
import { createSm3, sm3 } from './sm3.ts';
import { encodeUtf8 } from './utf8.ts';

/** A public key as 65 bytes: 04 ‖ x ‖ y. */
export type Sm2PublicKey = Uint8Array;

/** A private key as 32 big-endian bytes, a number from 1 to n - 2. */
export type Sm2PrivateKey = Uint8Array;

/** A public key found valid, whose multiples are computed once, at the first verification, and kept with this object. */
export interface PinnedSm2Key {
  readonly publicKey: Sm2PublicKey;
}

/** How the three parts of a ciphertext follow one another; `asn1` is the SM2Cipher of GM/T 0009. */
export type Sm2CipherLayout = 'C1C3C2' | 'C1C2C3' | 'asn1';

/** The user identity of GM/T 0009-2012 for signers who have agreed on no other. */
export const sm2DefaultId = encodeUtf8('1234567812345678');

/** Makes a key pair from 32 (seldom more) bytes of the random source. */
export function generateSm2KeyPair(random: RandomBytes): { privateKey: Sm2PrivateKey; publicKey: Sm2PublicKey } {
  const privateKey = encodeScalar(drawScalar(random, sm2Order - 2n));
  return { privateKey, publicKey: sm2PublicKeyOf(privateKey) };
}

/** The public key that belongs to a private key; throws RangeError when it is none. */
export function sm2PublicKeyOf(privateKey: Sm2PrivateKey): Sm2PublicKey {
  return encodeSm2Point(sm2Group.BASE.multiply(privateScalar(privateKey)));
}

/** Whether bytes are a private key: 32 bytes, a number from 1 to n - 2. */
export function isSm2PrivateKey(bytes: Uint8Array): boolean {
  if (bytes.length !== 32) return false;
  const d = decodeScalar(bytes);
  return d >= 1n && d <= sm2Order - 2n;
}

/** Checks that a public key is a point of the curve and prepares it for many verifications; null when it is not one. */
export function pinSm2PublicKey(publicKey: Sm2PublicKey): PinnedSm2Key | null {
  const point = decodeSm2Point(publicKey);
  if (point === null) return null;
  const pinned: PinnedSm2Key = Object.freeze({ publicKey: publicKey.slice() });
  // Window 6: about 50 ms at the first verification, a third of the time at every later one.
  pinnedPoints.set(pinned, point.precompute(6, true));
  return pinned;
}

/**
 * Signs a message (GB/T 32918.2 clause 6): 64 bytes r ‖ s. `random` is asked first for k, then for a blinding factor, 32
 * bytes each. Throws RangeError for a key or identity that is none. Where the caller has the `publicKey` of this private
 * key it is not derived again.
 */
export function signSm2(input: {
  readonly privateKey: Sm2PrivateKey;
  readonly publicKey?: Sm2PublicKey;
  readonly message: Uint8Array;
  readonly id: Uint8Array;
  readonly random: RandomBytes;
}): Uint8Array {
  const { id, message, random } = input;
  const d = privateScalar(input.privateKey);
  const e = messageNumber(input.publicKey ?? sm2PublicKeyOf(input.privateKey), id, message);
  const field = sm2Group.Fn;
  for (;;) {
    const k = drawScalar(random, sm2Order - 1n);
    const r = field.create(e + sm2Group.BASE.multiply(k).x);
    if (r === 0n || r + k === sm2Order) continue;
    // s = (k - r d) / (1 + d), both sides times a fresh factor, so that the inversion never sees 1 + d itself.
    const blind = drawScalar(random, sm2Order - 1n);
    const divisor = field.inv(field.mul(blind, field.add(1n, d)));
    const dividend = field.sub(field.mul(blind, k), field.mul(r, field.mul(blind, d)));
    const s = field.mul(divisor, dividend);
    if (s !== 0n) return concatBytes(encodeScalar(r), encodeScalar(s));
  }
}

/**
 * Whether a signature of exactly 64 bytes r ‖ s is that of the key's holder over this message and identity (GB/T 32918.2
 * clause 7). Never throws: whatever is malformed, key included, is simply not a valid signature.
 */
export function verifySm2(input: {
  readonly key: PinnedSm2Key | Sm2PublicKey;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly id: Uint8Array;
}): boolean {
  const { id, key, message, signature } = input;
  if (signature.length !== 64 || id.length > longestId) return false;
  const r = decodeScalar(signature.subarray(0, 32));
  const s = decodeScalar(signature.subarray(32));
  if (!isSignatureNumber(r) || !isSignatureNumber(s)) return false;
  const t = sm2Group.Fn.add(r, s);
  if (t === 0n) return false;
  const publicKey = 'publicKey' in key ? key.publicKey : key;
  const pinned = 'publicKey' in key ? pinnedPoints.get(key) : undefined;
  const point = pinned ?? decodeSm2Point(publicKey);
  if (point === null) return false;
  const sum = pinned === undefined
    ? sm2Group.BASE.mulAddUnsafe(s, point, t)
    : sm2Group.BASE.multiplyUnsafe(s).add(point.multiplyUnsafe(t));
  if (sum.is0()) return false;
  return sm2Group.Fn.create(messageNumber(publicKey, id, message) + sum.x) === r;
}

/** Z, the digest of signer identity and key that goes before every message (GB/T 32918.2 clause 5.5); id up to 8191 bytes. */
export function sm2IdentityDigest(publicKey: Sm2PublicKey, id: Uint8Array): Uint8Array {
  if (id.length > longestId) throw new RangeError('an SM2 identity has at most 8191 bytes');
  const bits = id.length * 8;
  return sm3(concatBytes(Uint8Array.of(bits >>> 8, bits & 255), id, sm2ParameterBytes, publicKey.subarray(1)));
}

/**
 * Encrypts one byte or more to a public key (GB/T 32918.4 clause 6); C1 of a raw layout carries its leading 04. Throws
 * RangeError for a bad key and for nothing to encrypt.
 */
export function encryptSm2(input: {
  readonly publicKey: Sm2PublicKey;
  readonly plaintext: Uint8Array;
  readonly layout: Sm2CipherLayout;
  readonly random: RandomBytes;
}): Uint8Array {
  const { layout, plaintext, random } = input;
  const point = decodeSm2Point(input.publicKey);
  if (point === null) throw new RangeError('not an SM2 public key');
  if (plaintext.length === 0) throw new RangeError('SM2 encrypts at least one byte');
  for (;;) {
    const k = drawScalar(random, sm2Order - 1n);
    const shared = encodeSm2Point(point.multiply(k)).subarray(1);
    const stream = deriveStream(shared, plaintext.length);
    if (isAllZero(stream)) continue;
    return printCipher(layout, {
      c1: encodeSm2Point(sm2Group.BASE.multiply(k)),
      c2: xor(plaintext, stream),
      c3: hashOfCipher(shared, plaintext),
    });
  }
}

/**
 * Decrypts (GB/T 32918.4 clause 7); null when the ciphertext is malformed, names a point off the curve, or is not authentic.
 * `leading04` tells whether C1 of a raw layout carries its 04 (true unless told). Throws RangeError for a bad private key.
 */
export function decryptSm2(input: {
  readonly privateKey: Sm2PrivateKey;
  readonly ciphertext: Uint8Array;
  readonly layout: Sm2CipherLayout;
  readonly leading04?: boolean;
}): Uint8Array | null {
  const d = privateScalar(input.privateKey);
  const cipher = parseCipher(input.layout, input.ciphertext, input.leading04 ?? true);
  if (cipher === null) return null;
  const point = decodeSm2Point(cipher.c1);
  if (point === null) return null;
  const shared = encodeSm2Point(point.multiply(d)).subarray(1);
  const stream = deriveStream(shared, cipher.c2.length);
  if (isAllZero(stream)) return null;
  const plaintext = xor(cipher.c2, stream);
  const expected = hashOfCipher(shared, plaintext);
  return equalBytes(expected, cipher.c3) ? plaintext : null;
}

/** Prints a raw 64-byte signature as DER SEQUENCE { r, s } (GM/T 0009); throws RangeError for another length. */
export function encodeSm2SignatureDer(signature: Uint8Array): Uint8Array {
  if (signature.length !== 64) throw new RangeError('an SM2 signature has 64 bytes');
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
  return encodeDer(derTag.sequence, encodeDerUnsigned(r), encodeDerUnsigned(s));
}

/** Reads a canonical DER signature into 64 bytes r ‖ s; null for any other spelling and for r or s outside 1 to n - 1. */
export function decodeSm2SignatureDer(der: Uint8Array): Uint8Array | null {
  const outer = createDerReader(der);
  const content = outer.read(derTag.sequence);
  if (content === null || !outer.isAtEnd()) return null;
  const inner = createDerReader(content);
  const r = inner.readUnsigned(32);
  const s = inner.readUnsigned(32);
  if (r === null || s === null || !inner.isAtEnd()) return null;
  if (!isSignatureNumber(decodeScalar(r)) || !isSignatureNumber(decodeScalar(s))) return null;
  return concatBytes(r, s);
}

// The length in bits must fit 16 bits.
const longestId = 8191;

// Kept apart from the key object, which may be logged or copied without dragging a point along.
const pinnedPoints = new WeakMap<PinnedSm2Key, Sm2Point>();

interface CipherParts {
  readonly c1: Uint8Array;
  readonly c2: Uint8Array;
  readonly c3: Uint8Array;
}

function privateScalar(privateKey: Sm2PrivateKey): bigint {
  // n - 1 is excluded: 1 + d would have no inverse.
  if (!isSm2PrivateKey(privateKey)) throw new RangeError('not an SM2 private key');
  return decodeScalar(privateKey);
}

function isSignatureNumber(value: bigint): boolean {
  return value >= 1n && value < sm2Order;
}

function messageNumber(publicKey: Sm2PublicKey, id: Uint8Array, message: Uint8Array): bigint {
  return decodeScalar(createSm3().update(sm2IdentityDigest(publicKey, id)).update(message).digest());
}

// C3 of GB/T 32918.4: over x2 ‖ M ‖ y2, which is the plaintext once more and overwritten.
function hashOfCipher(shared: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const message = concatBytes(shared.subarray(0, 32), plaintext, shared.subarray(32));
  const digest = sm3(message);
  message.fill(0);
  return digest;
}

// The key derivation of GB/T 32918.4 clause 5.4.3.
function deriveStream(shared: Uint8Array, length: number): Uint8Array {
  const start = createSm3().update(shared);
  const stream = new Uint8Array(Math.ceil(length / 32) * 32);
  const counter = new DataView(new ArrayBuffer(4));
  for (let block = 0; block * 32 < length; block++) {
    counter.setUint32(0, block + 1);
    stream.set(start.clone().update(new Uint8Array(counter.buffer)).digest(), block * 32);
  }
  return stream.subarray(0, length);
}

function printCipher(layout: Sm2CipherLayout, { c1, c2, c3 }: CipherParts): Uint8Array {
  if (layout === 'C1C3C2') return concatBytes(c1, c3, c2);
  if (layout === 'C1C2C3') return concatBytes(c1, c2, c3);
  return encodeDer(
    derTag.sequence,
    encodeDerUnsigned(c1.subarray(1, 33)),
    encodeDerUnsigned(c1.subarray(33)),
    encodeDer(derTag.octetString, c3),
    encodeDer(derTag.octetString, c2),
  );
}

function parseCipher(layout: Sm2CipherLayout, bytes: Uint8Array, leading04: boolean): CipherParts | null {
  if (layout === 'asn1') return parseCipherDer(bytes);
  const raw = leading04 ? bytes : concatBytes(Uint8Array.of(4), bytes);
  if (raw.length <= 65 + 32) return null;
  const c1 = raw.subarray(0, 65);
  if (layout === 'C1C3C2') return { c1, c3: raw.subarray(65, 97), c2: raw.subarray(97) };
  return { c1, c2: raw.subarray(65, raw.length - 32), c3: raw.subarray(raw.length - 32) };
}

function parseCipherDer(bytes: Uint8Array): CipherParts | null {
  const outer = createDerReader(bytes);
  const content = outer.read(derTag.sequence);
  if (content === null || !outer.isAtEnd()) return null;
  const inner = createDerReader(content);
  const x = inner.readUnsigned(32);
  const y = inner.readUnsigned(32);
  const c3 = inner.read(derTag.octetString);
  const c2 = inner.read(derTag.octetString);
  if (x === null || y === null || c3?.length !== 32 || c2 === null || c2.length === 0 || !inner.isAtEnd()) return null;
  return { c1: concatBytes(Uint8Array.of(4), x, y), c2, c3 };
}

function isAllZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

// What comes out may be a key.
function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = unmovedBytes(a.length);
  for (const [i, byte] of a.entries()) out[i] = byte ^ (b[i] ?? 0);
  return out;
}
