import { createGcm, type Gcm } from './gcm.ts';
import { createSm4WordEncryption } from './sm4.ts';

/** SM4-GCM under one 16-byte key, its tables computed once; keep it as long as the key is in use. */
export type Sm4Gcm = Gcm;

/** Prepares SM4-GCM (RFC 8998 clause 3.2.1: 96-bit nonce, 128-bit tag); throws RangeError for another key length. */
export function createSm4Gcm(key: Uint8Array): Sm4Gcm {
  const { encrypt, forget } = createSm4WordEncryption(key);
  return createGcm(encrypt, forget);
}
