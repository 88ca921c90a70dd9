const printed = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const foreign = /[^0-9a-f]/i;

/** Prints bytes as lower-case hexadecimal, two digits a byte. */
export function encodeHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += printed[byte] ?? '';
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
  for (let i = 0; i < bytes.length; i++) bytes[i] = (valueOf(text, 2 * i) << 4) | valueOf(text, 2 * i + 1);
  return bytes;
}

// Of a digit already known to be one: '0' … '9' end in 0 … 9, letters of either case in 1 … 6.
function valueOf(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return (code & 15) + (code >>> 6) * 9;
}
