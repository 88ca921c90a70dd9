// oxlint-disable typescript/no-non-null-assertion -- typed arrays, indexed within their fixed length in the inner loops
import { HashMD } from '@noble/hashes/_md.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { createHasher } from '@noble/hashes/utils.js';
import { unmovedBytes } from './bytes.ts';

/** A running SM3 digest. `digest` ends it; `clone` forks the state reached so far. */
export interface Sm3 {
  update(data: Uint8Array): Sm3;
  digest(): Uint8Array;
  clone(): Sm3;
}

/** The 32-byte SM3 digest of data (GB/T 32905-2016). */
export function sm3(data: Uint8Array): Uint8Array {
  return digestOnward(initial, 0, data, new Uint8Array(digestLength));
}

/** Starts an SM3 digest to be fed in pieces. */
export function createSm3(): Sm3 {
  return new Sm3State();
}

/** The 32-byte HMAC-SM3 of data (RFC 2104 over SM3); a key of any length. */
export function hmacSm3(key: Uint8Array, data: Uint8Array): Uint8Array {
  const states = statesUnder(key);
  const mac = authenticate(states, data, new Uint8Array(digestLength));
  forget(states);
  return mac;
}

/** HMAC-SM3 under one key of any length for many short messages: the key is worked in once. */
export function createHmacSm3(key: Uint8Array): (data: Uint8Array) => Uint8Array {
  const states = statesUnder(key);
  return (data) => authenticate(states, data, new Uint8Array(digestLength));
}

/**
 * Derives `length` bytes (at most 8160) from keying material (RFC 5869 with HMAC-SM3), outside the space in which the collector moves small arrays about: its
 * owner can overwrite what is given back, and nothing that led to it is left.
 */
export function hkdfSm3(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  if (length > 255 * digestLength) throw new RangeError('HKDF gives at most 255 digests');
  const derived = unmovedBytes(length);
  const extracted = unmovedBytes(digestLength);
  authenticate(statesUnder(salt), ikm, extracted);
  const states = statesUnder(extracted);
  // T(i) = HMAC(T(i - 1) ‖ info ‖ i), each written over the one before.
  const message = unmovedBytes(digestLength + info.length + 1);
  message.set(info, digestLength);
  for (let at = 0, block = 1; at < length; at += digestLength, block++) {
    message[message.length - 1] = block;
    authenticate(states, block === 1 ? message.subarray(digestLength) : message, message.subarray(0, digestLength));
    derived.set(message.subarray(0, Math.min(digestLength, length - at)), at);
  }
  for (const used of [extracted, message]) used.fill(0);
  forget(states);
  return derived;
}

/** Derives `length` bytes from a password (PBKDF2 of RFC 8018 with HMAC-SM3, GM/T 0091-2020); blocks while it works. */
export function pbkdf2Sm3(password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Uint8Array {
  return pbkdf2(sm3Hash, password, salt, { c: iterations, dkLen: length });
}

const blockLength = 64;
const digestLength = 32;

const initial = Int32Array.of(
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
);

// T(j) of clause 4.2, already turned left by j mod 32.
const roundConstants = Int32Array.from({ length: 64 }, (_, j) => turn(j < 16 ? 0x79cc4519 : 0x7a879d8a, j % 32));

// One of each for all digests: a block, and a digest in one piece, is worked to its end before any other can touch them.
const schedule = new Int32Array(68);
const running = new Int32Array(8);
const tail = new Uint8Array(2 * blockLength);

/** Ends a digest whose state after `before` bytes (whole blocks) is known, written into `digest`: nothing else is made. */
function digestOnward(start: Int32Array, before: number, data: Uint8Array, digest: Uint8Array): Uint8Array {
  running.set(start);
  const rest = data.length % blockLength;
  const whole = data.length - rest;
  for (let at = 0; at < whole; at += blockLength) workIn(running, data, at);
  tail.fill(0);
  for (let i = 0; i < rest; i++) tail[i] = data[whole + i]!;
  tail[rest] = 0x80;
  const end = rest < blockLength - 8 ? blockLength : 2 * blockLength;
  const length = before + data.length;
  printWord(tail, end - 8, Math.floor(length / 0x20000000));
  printWord(tail, end - 4, length << 3);
  for (let at = 0; at < end; at += blockLength) workIn(running, tail, at);
  for (let i = 0; i < 8; i++) printWord(digest, 4 * i, running[i]!);
  // What was digested may have been a key.
  for (const words of [tail, schedule, running]) words.fill(0);
  return digest;
}

/** The states that HMAC goes on from: as good as the key. */
interface KeyedStates {
  readonly inner: Int32Array;
  readonly outer: Int32Array;
}

function statesUnder(key: Uint8Array): KeyedStates {
  const states = { inner: new Int32Array(new ArrayBuffer(digestLength)), outer: new Int32Array(new ArrayBuffer(digestLength)) };
  const short = key.length > blockLength ? digestOnward(initial, 0, key, unmovedBytes(digestLength)) : key;
  for (const [state, filler] of [[states.inner, 0x36], [states.outer, 0x5c]] as const) {
    for (let i = 0; i < blockLength; i++) tail[i] = (short[i] ?? 0) ^ filler;
    state.set(initial);
    workIn(state, tail, 0);
  }
  for (const words of [tail, schedule]) words.fill(0);
  return states;
}

function authenticate({ inner, outer }: KeyedStates, data: Uint8Array, into: Uint8Array): Uint8Array {
  digestOnward(inner, blockLength, data, into);
  return digestOnward(outer, blockLength, into, into);
}

function forget({ inner, outer }: KeyedStates): void {
  for (const state of [inner, outer]) state.fill(0);
}

function workIn(state: Int32Array, bytes: Uint8Array, at: number): void {
  for (let j = 0, i = at; j < 16; j++, i += 4) schedule[j] = (bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!;
  expand();
  compress(state);
}

function printWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

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
    for (let j = 0; j < 16; j++) schedule[j] = view.getInt32(offset + 4 * j);
    expand();
    compress(this.words);
  }
}

// The shape in which @noble/hashes takes a hash function.
const sm3Hash = createHasher(() => new Sm3State());

function expand(): void {
  const w = schedule;
  for (let j = 16; j < 68; j++) {
    const x = w[j - 16]! ^ w[j - 9]! ^ turn(w[j - 3]!, 15);
    w[j] = x ^ turn(x, 15) ^ turn(x, 23) ^ turn(w[j - 13]!, 7) ^ w[j - 6]!;
  }
}

function compress(state: Int32Array): void {
  const w = schedule;
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
  let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  for (let j = 0; j < 16; j++) {
    const a12 = (a << 12) | (a >>> 20);
    const ss = a12 + e + roundConstants[j]!;
    const ss1 = (ss << 7) | (ss >>> 25);
    const tt1 = ((a ^ b ^ c) + d + (ss1 ^ a12) + (w[j]! ^ w[j + 4]!)) | 0;
    const tt2 = ((e ^ f ^ g) + h + ss1 + w[j]!) | 0;
    d = c;
    c = (b << 9) | (b >>> 23);
    b = a;
    a = tt1;
    h = g;
    g = (f << 19) | (f >>> 13);
    f = e;
    e = tt2 ^ ((tt2 << 9) | (tt2 >>> 23)) ^ ((tt2 << 17) | (tt2 >>> 15));
  }
  for (let j = 16; j < 64; j++) {
    const a12 = (a << 12) | (a >>> 20);
    const ss = a12 + e + roundConstants[j]!;
    const ss1 = (ss << 7) | (ss >>> 25);
    const tt1 = (((a & b) | (c & (a | b))) + d + (ss1 ^ a12) + (w[j]! ^ w[j + 4]!)) | 0;
    const tt2 = ((g ^ (e & (f ^ g))) + h + ss1 + w[j]!) | 0;
    d = c;
    c = (b << 9) | (b >>> 23);
    b = a;
    a = tt1;
    h = g;
    g = (f << 19) | (f >>> 13);
    f = e;
    e = tt2 ^ ((tt2 << 9) | (tt2 >>> 23)) ^ ((tt2 << 17) | (tt2 >>> 15));
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
