const digits = '0123456789abcdef';
const foreign = /[^0-9a-f]/i;

/** Prints bytes as lower-case hexadecimal, two digits a byte. */
export function encodeHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += digits.charAt(byte >>> 4) + digits.charAt(byte & 15);
  return text;
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
