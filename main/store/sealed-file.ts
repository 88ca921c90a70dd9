import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { concatBytes, equalBytes } from '../../domain/crypto/bytes.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { createSm4Gcm } from '../../domain/crypto/sm4-gcm.ts';
import { hkdfSm3, sm3 } from '../../domain/crypto/sm3.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/crypto/utf8.ts';

/** What a sealed file says of itself in clear; authenticated with the content. */
export type FileFacts = Readonly<Record<string, string | number>>;

const magic = encodeUtf8('CNTRSF1\n');
const saltLength = 16;
const chunkLength = 64 * 1024;
const tagLength = 16;
const longestFacts = 4096;

/**
 * Seals a file into another: magic ‖ salt ‖ length and text of the facts ‖ chunks of 64 KiB under SM4-GCM. Each file has a
 * key of its own (HKDF-SM3 of the salt); number and finality of a chunk are in its nonce, so none can be moved, left out
 * or added. The target is on disk (fsync) when this returns.
 */
export function sealFile(input: { readonly source: string; readonly target: string; readonly key: Uint8Array; readonly facts: FileFacts; readonly random: RandomBytes }): void {
  const facts = encodeUtf8(JSON.stringify(input.facts));
  const salt = input.random(saltLength);
  const header = concatBytes(magic, salt, Uint8Array.of(facts.length >>> 8, facts.length & 255), facts);
  const gcm = createSm4Gcm(hkdfSm3(input.key, salt, fileKeyInfo, 16));
  const aad = sm3(header);
  const [source, target] = [openSync(input.source, 'r'), openSync(input.target, 'wx', 0o600)];
  try {
    writeSync(target, header);
    let next = readChunk(source, chunkLength);
    for (let index = 0; ; index++) {
      const chunk = next;
      next = readChunk(source, chunkLength);
      writeSync(target, gcm.seal(nonceOf(index, next.length === 0), chunk, aad));
      if (next.length === 0) break;
    }
    fsyncSync(target);
  } finally {
    closeSync(source);
    closeSync(target);
  }
}

/** Opens a sealed file into another, which must not exist; null when key or content are not those of sealing (what was written then is worthless). */
export function openSealedFile(input: { readonly source: string; readonly target: string; readonly key: Uint8Array }): FileFacts | null {
  const source = openSync(input.source, 'r');
  const target = openSync(input.target, 'wx', 0o600);
  try {
    const head = readHeader(source);
    if (head === null) return null;
    const gcm = createSm4Gcm(hkdfSm3(input.key, head.salt, fileKeyInfo, 16));
    const aad = sm3(head.bytes);
    let next = readChunk(source, chunkLength + tagLength);
    for (let index = 0; ; index++) {
      const chunk = next;
      next = readChunk(source, chunkLength + tagLength);
      const isLast = next.length === 0;
      const opened = chunk.length < tagLength ? null : gcm.open(nonceOf(index, isLast), chunk, aad);
      if (opened === null) return null;
      writeSync(target, opened);
      if (isLast) break;
    }
    fsyncSync(target);
    return head.facts;
  } finally {
    closeSync(source);
    closeSync(target);
  }
}

/** The facts of a sealed file, not yet authenticated; null for any other file. */
export function readFileFacts(file: string): FileFacts | null {
  const source = openSync(file, 'r');
  try {
    return readHeader(source)?.facts ?? null;
  } finally {
    closeSync(source);
  }
}

const fileKeyInfo = encodeUtf8('counter sealed file');

function nonceOf(index: number, isLast: boolean): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(7, index);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

function readChunk(handle: number, length: number): Uint8Array {
  const chunk = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(handle, chunk, filled, length - filled, null);
    if (read === 0) break;
    filled += read;
  }
  return chunk.subarray(0, filled);
}

function readHeader(handle: number): { readonly bytes: Uint8Array; readonly salt: Uint8Array; readonly facts: FileFacts } | null {
  const fixed = readChunk(handle, magic.length + saltLength + 2);
  const [high = 0, low = 0] = fixed.subarray(-2);
  const length = (high << 8) | low;
  if (fixed.length < magic.length + saltLength + 2 || !equalBytes(fixed.subarray(0, magic.length), magic) || length > longestFacts) return null;
  const text = readChunk(handle, length);
  const facts = text.length === length ? parseFacts(decodeUtf8(text)) : null;
  return facts === null ? null : { bytes: concatBytes(fixed, text), salt: fixed.subarray(magic.length, -2), facts };
}

function parseFacts(text: string | null): FileFacts | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    const isFlat = typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string' || typeof one === 'number');
    return isFlat ? (value as FileFacts) : null;
  } catch {
    return null;
  }
}
