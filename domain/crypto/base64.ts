const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const shape = /^[A-Za-z0-9+/]*={0,2}$/;
const values = new Uint8Array(128);
for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;

/** Prints bytes as standard base64 with padding (RFC 4648 clause 4). */
export function encodeBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  // A multiple of three keeps padding at the very end; pieces keep the string from growing character by character.
  const step = 3 * 2048;
  for (let at = 0; at < bytes.length; at += step) pieces.push(encodePiece(bytes.subarray(at, at + step)));
  return pieces.join('');
}

/**
 * Reads standard base64 strictly: null for a length that is no multiple of four, another alphabet, blanks, or bits left
 * over in the last digit, so that every byte string has exactly one accepted spelling.
 */
export function decodeBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !shape.test(text)) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let out = 0;
  for (let i = 0; i < text.length; i += 4) {
    const word = (valueAt(text, i) << 18) | (valueAt(text, i + 1) << 12) | (valueAt(text, i + 2) << 6) | valueAt(text, i + 3);
    bytes[out++] = word >>> 16;
    if (out < bytes.length) bytes[out++] = word >>> 8;
    else if (padding === 2 && (word & 0xffff) !== 0) return null;
    if (out < bytes.length) bytes[out++] = word;
    else if (padding === 1 && (word & 0xff) !== 0) return null;
  }
  return bytes;
}

function encodePiece(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += alphabet.charAt(word >>> 18) + alphabet.charAt((word >>> 12) & 63);
    text += (left > 1 ? alphabet.charAt((word >>> 6) & 63) : '=') + (left > 2 ? alphabet.charAt(word & 63) : '=');
  }
  return text;
}

function valueAt(text: string, index: number): number {
  return values[text.charCodeAt(index)] ?? 0;
}
