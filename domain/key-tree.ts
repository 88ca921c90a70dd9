import { encodeHex } from './crypto/hex.ts';
import { hkdfSm3, hmacSm3 } from './crypto/sm3.ts';
import { encodeUtf8 } from './crypto/utf8.ts';

/** Length of a master key, bytes. */
export const masterKeyLength = 32;

/** What is derived from a master key, with the length of each in bytes (design 06 §7): SM4 keys have 16, HMAC keys 32. */
export const derivedKeys = { wrap: 16, index: 32, audit: 32, bridge: 16 } as const;
export type KeyPurpose = keyof typeof derivedKeys;

/** The key of one purpose below a master key (HKDF-SM3, the purpose as info): knowing one tells nothing of the others. */
export function deriveKey(masterKey: Uint8Array, purpose: KeyPurpose): Uint8Array {
  return hkdfSm3(masterKey, encodeUtf8('counter/master-key/1'), encodeUtf8(purpose), derivedKeys[purpose]);
}

/**
 * What a value is looked up by without being readable: 128 bits of HMAC-SM3 over field and value, the same for spellings
 * that differ in Unicode form, case or surrounding blanks only.
 */
export function blindIndex(indexKey: Uint8Array, field: string, value: string): string {
  const plain = value.normalize('NFKC').trim().toUpperCase();
  return encodeHex(hmacSm3(indexKey, encodeUtf8(`${field.length}|${field}|${plain}`)).subarray(0, 16));
}
