import { hkdfSm3 } from '../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';

/** The keys that the store needs beside those of its records. */
export interface StoreKeys {
  /** For the anchor file's MAC, 32 bytes. */
  readonly anchor: Uint8Array;
  /** For backups, 16 bytes. */
  readonly backup: Uint8Array;
}

/** Derives the store's own keys from one lasting key (HKDF-SM3, one label each). */
export function deriveStoreKeys(lasting: Uint8Array): StoreKeys {
  const derive = (label: string, length: number): Uint8Array => hkdfSm3(lasting, new Uint8Array(), encodeUtf8(`counter store ${label}`), length);
  return { anchor: derive('anchor', 32), backup: derive('backup', 16) };
}
