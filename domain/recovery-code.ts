import { sm3 } from './crypto/sm3.ts';

/** The number under which a recovery code stands among those who hold a share of the escrow; nobody who works here may have it. */
export const recoveryCodeId = 'code';

/** Length of what a recovery code is made of, bytes. */
export const recoveryCodeLength = 16;

// Crockford's alphabet: nothing in it is taken for something else.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const [codeLength, checkLength] = [26, 2];

/** Prints 16 random bytes as seven groups of four: 26 characters of five bits and two that check them. */
export function printRecoveryCode(bytes: Uint8Array): string {
  const code = encode(bytes, codeLength);
  return (code + checkOf(code)).replace(/(.{4})(?=.)/g, '$1-');
}

/**
 * Reads a code as somebody typed it, whatever its case and however it is grouped, O for 0 and I or L for 1; null for any other text and where its two check
 * characters do not fit, as for all but one in a thousand slips. Gives the 28 characters without groups.
 */
export function parseRecoveryCode(text: string): string | null {
  const plain = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (plain.length !== codeLength + checkLength || ![...plain].every((character) => alphabet.includes(character))) return null;
  return checkOf(plain.slice(0, codeLength)) === plain.slice(codeLength) ? plain : null;
}


function checkOf(code: string): string {
  return encode(sm3(Uint8Array.from(code, (character) => character.charCodeAt(0))), checkLength);
}

// Five bits at a time, the highest first; behind the last byte zeros.
function encode(bytes: Uint8Array, length: number): string {
  const bitAt = (at: number): number => ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
  return Array.from({ length }, (_, index) => alphabet[[0, 1, 2, 3, 4].reduce((value, bit) => value * 2 + bitAt(index * 5 + bit), 0)] ?? '').join('');
}
