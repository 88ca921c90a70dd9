import { hkdfSm3 } from './crypto/sm3.ts';
import { encodeUtf8 } from './crypto/utf8.ts';

/** Length of a master key, bytes. */
export const masterKeyLength = 32;

/** What is derived from a master key, with the length of each in bytes (design 06 §7): SM4 keys. Everything else lies sealed under what `wrap` wraps. */
const derivedKeys = { wrap: 16, bridge: 16 } as const;
export type KeyPurpose = keyof typeof derivedKeys;

/** The key of one purpose below a master key (HKDF-SM3, the purpose as info): knowing one tells nothing of the others. */
export function deriveKey(masterKey: Uint8Array, purpose: KeyPurpose): Uint8Array {
  return hkdfSm3(masterKey, encodeUtf8('counter/master-key/1'), encodeUtf8(purpose), derivedKeys[purpose]);
}
