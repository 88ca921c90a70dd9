// oxlint-disable typescript/no-non-null-assertion -- typed arrays, indexed within their fixed length in the inner loops
import { equalBytes, unmovedBytes } from './bytes.ts';
import type { EncryptWords } from './sm4.ts';

/** Authenticated encryption under one key; what `open` cannot authenticate it does not release. */
export interface Gcm {
  /** Returns ciphertext ‖ 16-byte tag. A nonce of 12 bytes must never serve twice under one key. */
  seal(nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array;
  /** As `seal`, into bytes of that length which the caller has. */
  sealInto(into: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): void;
  /** Returns the plaintext, or null when tag, nonce, text or associated data are not those that were sealed. */
  open(nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array | null;
  /** Overwrites in memory whatever was computed of the key; using it afterwards is a bug and throws. */
  forget(): void;
}

const tagLength = 16;
const nonceLength = 12;

/** GCM (NIST SP 800-38D, GB/T 36624-2018 clause 11) over any 128-bit block cipher: 96-bit nonce, 128-bit tag only. */
export function createGcm(encrypt: EncryptWords, forgetKey: () => void = () => {}): Gcm {
  const table = createHashTable(encrypt);
  let isForgotten = false;
  const requireKey = (): void => {
    if (isForgotten) throw new Error('the key was forgotten');
  };
  const sealInto = (into: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): void => {
    requireKey();
    if (nonce.length !== nonceLength) throw new RangeError('a GCM nonce has 12 bytes');
    if (into.length !== plaintext.length + tagLength) throw new RangeError('sealed bytes have 16 more than the plaintext');
    // What is sealed may be a key: never is it copied, not even for a moment.
    applyKeyStream(encrypt, nonce, plaintext, into);
    printWords(computeTag(encrypt, table, nonce, into.subarray(0, plaintext.length), aad), into, plaintext.length);
  };
  return {
    forget() {
      isForgotten = true;
      table.fill(0);
      forgetKey();
    },
    seal(nonce, plaintext, aad) {
      const sealed = new Uint8Array(plaintext.length + tagLength);
      sealInto(sealed, nonce, plaintext, aad);
      return sealed;
    },
    sealInto,
    open(nonce, sealed, aad) {
      requireKey();
      if (nonce.length !== nonceLength || sealed.length < tagLength) return null;
      // Whoever owns a key that is opened here can overwrite it.
      const [text, tag] = [sealed.subarray(0, sealed.length - tagLength), sealed.subarray(sealed.length - tagLength)];
      const computed = new Uint8Array(tagLength);
      printWords(computeTag(encrypt, table, nonce, text, aad), computed, 0);
      if (!equalBytes(tag, computed)) return null;
      const plaintext = unmovedBytes(text.length);
      applyKeyStream(encrypt, nonce, text, plaintext);
      return plaintext;
    },
  };
}

// To make a view of a short array costs more than the few words of a record.
const longText = 512;

function applyKeyStream(encrypt: EncryptWords, nonce: Uint8Array, from: Uint8Array, into: Uint8Array): void {
  const start = counterBlock(nonce);
  const words = new Int32Array(4);
  let counter = 2;
  const nextWords = (): void => {
    words.set(start);
    words[3] = counter++;
    encrypt(words);
  };
  let at = 0;
  if (from.length >= longText) {
    const [source, target] = [viewOf(from), viewOf(into)];
    for (; at + 16 <= from.length; at += 16) {
      nextWords();
      for (let i = 0; i < 4; i++) target.setInt32(at + 4 * i, source.getInt32(at + 4 * i) ^ words[i]!);
    }
  }
  for (let i = at; i < from.length; i++) {
    const place = (i - at) & 15;
    if (place === 0) nextWords();
    into[i] = from[i]! ^ (words[place >>> 2]! >>> (24 - 8 * (place & 3)));
  }
}

function computeTag(encrypt: EncryptWords, table: Int32Array, nonce: Uint8Array, text: Uint8Array, aad: Uint8Array): Int32Array {
  const hash = new Int32Array(4);
  absorb(table, hash, aad);
  absorb(table, hash, text);
  hash[0] = hash[0]! ^ Math.floor(aad.length / 0x2000_0000);
  hash[1] = hash[1]! ^ (aad.length << 3);
  hash[2] = hash[2]! ^ Math.floor(text.length / 0x2000_0000);
  hash[3] = hash[3]! ^ (text.length << 3);
  multiplyByKey(table, hash);
  const mask = counterBlock(nonce);
  encrypt(mask);
  for (let i = 0; i < 4; i++) hash[i] = hash[i]! ^ mask[i]!;
  return hash;
}

function counterBlock(nonce: Uint8Array): Int32Array {
  return Int32Array.of(wordAt(nonce, 0), wordAt(nonce, 4), wordAt(nonce, 8), 1);
}

function absorb(table: Int32Array, hash: Int32Array, data: Uint8Array): void {
  const whole = data.length - (data.length % 16);
  for (let at = 0; at < whole; at += 16) {
    for (let i = 0; i < 4; i++) hash[i] = hash[i]! ^ wordAt(data, at + 4 * i);
    multiplyByKey(table, hash);
  }
  if (whole === data.length) return;
  for (let i = whole; i < data.length; i++) {
    const word = (i - whole) >>> 2;
    hash[word] = hash[word]! ^ (data[i]! << (24 - 8 * (i & 3)));
  }
  multiplyByKey(table, hash);
}

// hash ← hash · H in GF(2^128). The product is the sum of one table row for each of the 32 nibbles of hash.
function multiplyByKey(table: Int32Array, hash: Int32Array): void {
  let z0 = 0, z1 = 0, z2 = 0, z3 = 0;
  let base = 0;
  for (let i = 0; i < 4; i++) {
    const word = hash[i]!;
    for (let shift = 28; shift >= 0; shift -= 4, base += 64) {
      const row = base + (((word >>> shift) & 15) << 2);
      z0 ^= table[row]!;
      z1 ^= table[row + 1]!;
      z2 ^= table[row + 2]!;
      z3 ^= table[row + 3]!;
    }
  }
  hash[0] = z0;
  hash[1] = z1;
  hash[2] = z2;
  hash[3] = z3;
}

// 32 places × 16 nibble values × 4 words, 8 KiB, which fits a first-level cache: row (place, v) is v · x^(4·place) · H.
function createHashTable(encrypt: EncryptWords): Int32Array {
  const table = unmovedWords(32 * 16 * 4);
  const power = unmovedWords(4);
  encrypt(power);
  for (let place = 0; place < 32; place++) {
    const base = place * 64;
    // GCM numbers bits from the left: the highest bit of a nibble is the lowest power of x.
    for (let bit = 8; bit > 0; bit >>= 1) {
      table.set(power, base + bit * 4);
      multiplyByX(power);
    }
    for (let value = 3; value < 16; value++) {
      const lowest = value & -value;
      if (lowest === value) continue;
      for (let i = 0; i < 4; i++) {
        table[base + value * 4 + i] = table[base + lowest * 4 + i]! ^ table[base + (value ^ lowest) * 4 + i]!;
      }
    }
  }
  // The powers are the key of the tag.
  power.fill(0);
  return table;
}

function unmovedWords(length: number): Int32Array {
  return new Int32Array(unmovedBytes(4 * length).buffer);
}

function multiplyByX(words: Int32Array): void {
  const carry = words[3]! & 1;
  for (let i = 3; i > 0; i--) words[i] = (words[i]! >>> 1) | (words[i - 1]! << 31);
  words[0] = (words[0]! >>> 1) ^ (carry === 1 ? 0xe1000000 : 0);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

function printWords(words: Int32Array, into: Uint8Array, at: number): void {
  for (let i = 0; i < 4 * words.length; i++) into[at + i] = words[i >>> 2]! >>> (24 - 8 * (i & 3));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
