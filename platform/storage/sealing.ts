import type { RandomBytes } from '../../domain/crypto/random.ts';
import { openRecord, sealRecord } from '../../domain/crypto/sealed-record.ts';
import { createSm4Gcm } from '../../domain/crypto/sm4-gcm.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/crypto/utf8.ts';

/** Seals column values under the storage key; `place` (table and row) is authenticated, so that rows cannot be swapped. */
export interface Sealing {
  seal(place: string, plaintext: Uint8Array): Uint8Array;
  /** Throws when the value is not authentic: the file was changed behind the platform's back. */
  open(place: string, sealed: Uint8Array): Uint8Array;
  sealJson(place: string, value: unknown): Uint8Array;
  openJson(place: string, sealed: Uint8Array): unknown;
}

/** SM4-GCM with a random nonce for each value. */
export function createSealing(deps: { key: Uint8Array; random: RandomBytes }): Sealing {
  const cipher = createSm4Gcm(deps.key);
  const seal: Sealing['seal'] = (place, plaintext) =>
    sealRecord({ key: cipher, keyId: 1, nonce: deps.random(12), plaintext, aad: encodeUtf8(place) });
  const open: Sealing['open'] = (place, sealed) => {
    const plaintext = openRecord({ key: cipher, sealed, aad: encodeUtf8(place) });
    if (plaintext === null) throw new Error(`sealed value not authentic: ${place.split('/')[0] ?? ''}`);
    return plaintext;
  };
  return {
    seal,
    open,
    sealJson: (place, value) => seal(place, encodeUtf8(JSON.stringify(value))),
    openJson: (place, sealed) => JSON.parse(decodeUtf8(open(place, sealed)) ?? 'null') as unknown,
  };
}
