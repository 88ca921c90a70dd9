import { decodeUtf8, encodeUtf8 } from './utf8.ts';

const alphabet = encodeUtf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const padding = 0x3d;
const shape = /^[A-Za-z0-9+/]*={0,2}$/;
const values = new Uint8Array(128);
for (const [value, code] of alphabet.entries()) values[code] = value;

/** Prints bytes as standard base64 with padding (RFC 4648 clause 4). */
export function encodeBase64(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let out = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text[out++] = alphabet[word >>> 18] ?? 0;
    text[out++] = alphabet[(word >>> 12) & 63] ?? 0;
    text[out++] = i + 1 < bytes.length ? (alphabet[(word >>> 6) & 63] ?? 0) : padding;
    text[out++] = i + 2 < bytes.length ? (alphabet[word & 63] ?? 0) : padding;
  }
  return decodeUtf8(text) ?? '';
}

/**
 * Reads standard base64 strictly: null for a length that is no multiple of four, another alphabet, blanks, or bits left
 * over in the last digit, so that every byte string has exactly one accepted spelling.
 */
export function decodeBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !shape.test(text)) return null;
  const missing = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - missing);
  let out = 0;
  for (let i = 0; i < text.length; i += 4) {
    const word = (valueAt(text, i) << 18) | (valueAt(text, i + 1) << 12) | (valueAt(text, i + 2) << 6) | valueAt(text, i + 3);
    bytes[out++] = word >>> 16;
    if (out < bytes.length) bytes[out++] = word >>> 8;
    else if (missing === 2 && (word & 0xffff) !== 0) return null;
    if (out < bytes.length) bytes[out++] = word;
    else if (missing === 1 && (word & 0xff) !== 0) return null;
  }
  return bytes;
}

function valueAt(text: string, index: number): number {
  return values[text.charCodeAt(index)] ?? 0;
}
