import { decodeUtf8, encodeUtf8 } from './utf8.ts';

const digits = encodeUtf8('0123456789abcdef');
const foreign = /[^0-9a-f]/i;

/** Prints bytes as lower-case hexadecimal, two digits a byte. */
export function encodeHex(bytes: Uint8Array): string {
  const text = new Uint8Array(bytes.length * 2);
  for (const [i, byte] of bytes.entries()) {
    text[2 * i] = digits[byte >>> 4] ?? 0;
    text[2 * i + 1] = digits[byte & 15] ?? 0;
  }
  return decodeUtf8(text) ?? '';
}

/** Prints bytes as upper-case hexadecimal, two digits a byte. */
export function encodeHexUpper(bytes: Uint8Array): string {
  return encodeHex(bytes).toUpperCase();
}

/** Reads hexadecimal of either case; null for an odd length or any other character, blanks included. */
export function decodeHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0 || foreign.test(text)) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
