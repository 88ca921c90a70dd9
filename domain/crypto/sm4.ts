// oxlint-disable typescript/no-non-null-assertion -- typed arrays, indexed within their fixed length in the inner loops
import { decodeHex } from './hex.ts';
import { sm4SubstitutionBox } from './sm4.table.ts';

/** SM4 under one key; a block is 16 bytes, and so is the key. */
export interface Sm4 {
  encryptBlock(block: Uint8Array): Uint8Array;
  decryptBlock(block: Uint8Array): Uint8Array;
}

/** A block cipher of 128 bits that encrypts four big-endian words in place; what GCM works over. */
export type EncryptWords = (words: Int32Array) => void;

/** Prepares SM4 (GB/T 32907-2016) under a 16-byte key; throws RangeError for another key or block length. */
export function createSm4(key: Uint8Array): Sm4 {
  const forward = expandKey(key);
  const backward = forward.toReversed();
  return {
    encryptBlock: (block) => transformBlock(forward, block),
    decryptBlock: (block) => transformBlock(backward, block),
  };
}

/** SM4 encryption of four words in place, for modes that never decrypt a block; `forget` overwrites the round keys. */
export function createSm4WordEncryption(key: Uint8Array): { readonly encrypt: EncryptWords; readonly forget: () => void } {
  const forward = expandKey(key);
  return { encrypt: (words) => transformWords(forward, words), forget: () => void forward.fill(0) };
}

/** SM4-CBC with PKCS#7 padding, only for peers who demand it: it does not authenticate. */
export function sm4CbcEncrypt(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const keys = expandKey(key);
  const padding = 16 - (plaintext.length % 16);
  const out = new Uint8Array(plaintext.length + padding).fill(padding);
  out.set(plaintext);
  const view = viewOf(out);
  const chain = readBlock(iv);
  for (let at = 0; at < out.length; at += 16) {
    for (let i = 0; i < 4; i++) chain[i] = chain[i]! ^ view.getInt32(at + 4 * i);
    transformWords(keys, chain);
    for (let i = 0; i < 4; i++) view.setInt32(at + 4 * i, chain[i]!);
  }
  return out;
}

/** Opens SM4-CBC; null for a length that is no positive multiple of 16 or padding other than 1 to 16 equal bytes. */
export function sm4CbcDecrypt(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | null {
  const keys = expandKey(key).toReversed();
  const chain = readBlock(iv);
  if (ciphertext.length === 0 || ciphertext.length % 16 !== 0) return null;
  const out = new Uint8Array(ciphertext.length);
  const [from, to] = [viewOf(ciphertext), viewOf(out)];
  const words = new Int32Array(4);
  for (let at = 0; at < out.length; at += 16) {
    for (let i = 0; i < 4; i++) words[i] = from.getInt32(at + 4 * i);
    transformWords(keys, words);
    for (let i = 0; i < 4; i++) {
      to.setInt32(at + 4 * i, words[i]! ^ chain[i]!);
      chain[i] = from.getInt32(at + 4 * i);
    }
  }
  return unpad(out);
}

function unpad(padded: Uint8Array): Uint8Array | null {
  const padding = padded[padded.length - 1]!;
  if (padding < 1 || padding > 16) return null;
  // Every padding byte is looked at whatever the first ones say, so that time does not tell which was wrong.
  let wrong = 0;
  for (let i = padded.length - padding; i < padded.length; i++) wrong |= padded[i]! ^ padding;
  return wrong === 0 ? padded.slice(0, padded.length - padding) : null;
}

function transformBlock(keys: Int32Array, block: Uint8Array): Uint8Array {
  const words = readBlock(block);
  transformWords(keys, words);
  const out = new Uint8Array(16);
  const view = viewOf(out);
  for (let i = 0; i < 4; i++) view.setInt32(4 * i, words[i]!);
  return out;
}

function readBlock(block: Uint8Array): Int32Array {
  if (block.length !== 16) throw new RangeError('an SM4 block has 16 bytes');
  const view = viewOf(block);
  return Int32Array.of(view.getInt32(0), view.getInt32(4), view.getInt32(8), view.getInt32(12));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const box = decodeHex(sm4SubstitutionBox) ?? new Uint8Array();

// T of clause 6.2 for each of the four byte places: substitution and the linear step L in one look-up. Such tables leak
// through cache timing to code on the same processor; against that only a hardware module helps.
const table0 = Int32Array.from(box, (byte) => mixData(byte << 24));
const table1 = Int32Array.from(table0, (word) => turn(word, 24));
const table2 = Int32Array.from(table0, (word) => turn(word, 16));
const table3 = Int32Array.from(table0, (word) => turn(word, 8));

function transformWords(keys: Int32Array, words: Int32Array): void {
  let a = words[0]!, b = words[1]!, c = words[2]!, d = words[3]!;
  for (let i = 0; i < 32; i += 4) {
    a ^= roundFunction(b ^ c ^ d ^ keys[i]!);
    b ^= roundFunction(c ^ d ^ a ^ keys[i + 1]!);
    c ^= roundFunction(d ^ a ^ b ^ keys[i + 2]!);
    d ^= roundFunction(a ^ b ^ c ^ keys[i + 3]!);
  }
  words[0] = d;
  words[1] = c;
  words[2] = b;
  words[3] = a;
}

function roundFunction(x: number): number {
  return table0[x >>> 24]! ^ table1[(x >>> 16) & 255]! ^ table2[(x >>> 8) & 255]! ^ table3[x & 255]!;
}

// Clause 7.3: FK, and CK whose byte j of word i is 7(4i + j) mod 256.
const systemParameter = [0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc] as const;

function expandKey(key: Uint8Array): Int32Array {
  if (key.length !== 16) throw new RangeError('an SM4 key has 16 bytes');
  const keys = new Int32Array(32);
  const k = readBlock(key);
  for (let i = 0; i < 4; i++) k[i] = k[i]! ^ systemParameter[i]!;
  for (let i = 0; i < 32; i++) {
    let ck = 0;
    for (let j = 0; j < 4; j++) ck = (ck << 8) | ((7 * (4 * i + j)) & 255);
    const at = i % 4;
    const x = substitute(k[(at + 1) % 4]! ^ k[(at + 2) % 4]! ^ k[(at + 3) % 4]! ^ ck);
    k[at] = k[at]! ^ x ^ turn(x, 13) ^ turn(x, 23);
    keys[i] = k[at]!;
  }
  k.fill(0);
  return keys;
}

function substitute(x: number): number {
  return (box[x >>> 24]! << 24) | (box[(x >>> 16) & 255]! << 16) | (box[(x >>> 8) & 255]! << 8) | box[x & 255]!;
}

function mixData(x: number): number {
  return x ^ turn(x, 2) ^ turn(x, 10) ^ turn(x, 18) ^ turn(x, 24);
}

function turn(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
