// oxlint-disable typescript/no-non-null-assertion -- typed arrays, indexed within their fixed length in the inner loops
import { HashMD } from '@noble/hashes/_md.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { createHasher } from '@noble/hashes/utils.js';

/** A running SM3 digest. `digest` ends it; `clone` forks the state reached so far. */
export interface Sm3 {
  update(data: Uint8Array): Sm3;
  digest(): Uint8Array;
  clone(): Sm3;
}

/** The 32-byte SM3 digest of data (GB/T 32905-2016). */
export function sm3(data: Uint8Array): Uint8Array {
  return new Sm3State().update(data).digest();
}

/** Starts an SM3 digest to be fed in pieces. */
export function createSm3(): Sm3 {
  return new Sm3State();
}

/** The 32-byte HMAC-SM3 of data (RFC 2104 over SM3); a key of any length. */
export function hmacSm3(key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(sm3Hash, key, data);
}

/** HMAC-SM3 under one key of at most 64 bytes for many short messages: the key is worked in once. */
export function createHmacSm3(key: Uint8Array): (data: Uint8Array) => Uint8Array {
  const padded = (filler: number): Uint8Array => Uint8Array.from({ length: 64 }, (_, i) => (key[i] ?? 0) ^ filler);
  const [inner, outer] = [new Sm3State().update(padded(0x36)), new Sm3State().update(padded(0x5c))];
  return (data) => outer.clone().update(inner.clone().update(data).digest()).digest();
}

/** Derives `length` bytes (at most 8160) from keying material (RFC 5869 with HMAC-SM3). */
export function hkdfSm3(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return hkdf(sm3Hash, ikm, salt, info, length);
}

/** Derives `length` bytes from a password (PBKDF2 of RFC 8018 with HMAC-SM3, GM/T 0091-2020); blocks while it works. */
export function pbkdf2Sm3(password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Uint8Array {
  return pbkdf2(sm3Hash, password, salt, { c: iterations, dkLen: length });
}

const initial = [
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
] as const;

// T(j) of clause 4.2, already turned left by j mod 32.
const roundConstants = Int32Array.from({ length: 64 }, (_, j) => turn(j < 16 ? 0x79cc4519 : 0x7a879d8a, j % 32));

// One schedule for all digests: process() runs to its end before any other digest can touch it.
const schedule = new Int32Array(68);

class Sm3State extends HashMD<Sm3State> {
  private readonly words = Int32Array.from(initial);

  constructor() {
    super(64, 32, 8, false);
  }

  _cloneInto(to: Sm3State = new Sm3State()): Sm3State {
    to.words.set(this.words);
    return this._cloneIntoMeta(to);
  }

  destroy(): void {
    this.destroyed = true;
    this.words.fill(0);
    this.buffer.fill(0);
  }

  protected get(): number[] {
    return Array.from(this.words);
  }

  protected set(...words: number[]): void {
    this.words.set(words);
  }

  protected roundClean(): void {
    schedule.fill(0);
  }

  protected process(view: DataView, offset: number): void {
    expand(view, offset);
    compress(this.words);
  }
}

// The shape in which @noble/hashes takes a hash function.
const sm3Hash = createHasher(() => new Sm3State());

function expand(view: DataView, offset: number): void {
  const w = schedule;
  for (let j = 0; j < 16; j++) w[j] = view.getInt32(offset + 4 * j);
  for (let j = 16; j < 68; j++) {
    const x = w[j - 16]! ^ w[j - 9]! ^ turn(w[j - 3]!, 15);
    w[j] = x ^ turn(x, 15) ^ turn(x, 23) ^ turn(w[j - 13]!, 7) ^ w[j - 6]!;
  }
}

function compress(state: Int32Array): void {
  const w = schedule;
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
  let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  for (let j = 0; j < 64; j++) {
    const a12 = turn(a, 12);
    const ss1 = turn((a12 + e + roundConstants[j]!) | 0, 7);
    const early = j < 16;
    const ff = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = early ? e ^ f ^ g : (e & f) | (~e & g);
    const tt1 = (ff + d + (ss1 ^ a12) + (w[j]! ^ w[j + 4]!)) | 0;
    const tt2 = (gg + h + ss1 + w[j]!) | 0;
    d = c;
    c = turn(b, 9);
    b = a;
    a = tt1;
    h = g;
    g = turn(f, 19);
    f = e;
    e = tt2 ^ turn(tt2, 9) ^ turn(tt2, 17);
  }
  state[0] = state[0]! ^ a;
  state[1] = state[1]! ^ b;
  state[2] = state[2]! ^ c;
  state[3] = state[3]! ^ d;
  state[4] = state[4]! ^ e;
  state[5] = state[5]! ^ f;
  state[6] = state[6]! ^ g;
  state[7] = state[7]! ^ h;
}

function turn(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
