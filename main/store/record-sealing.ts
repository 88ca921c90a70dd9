import type { RandomBytes } from '../../domain/crypto/random.ts';
import { openRecord, readRecordKeyId, sealRecord } from '../../domain/crypto/sealed-record.ts';
import { createSm4Gcm, type Sm4Gcm } from '../../domain/crypto/sm4-gcm.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';

/** Where a sealed record stands; it can be opened nowhere else, so rows cannot be swapped or moved between tables. */
export interface RecordPlace {
  readonly table: 'audit' | 'scan' | 'document' | 'setting' | 'key';
  readonly key: string | number;
  readonly gen: number;
}

/** The data keys of one opened store: all that rows were sealed with, and the one for new rows. */
export interface DataKeys {
  readonly current: number;
  readonly keys: ReadonlyMap<number, Uint8Array>;
}

/** Seals and opens record bodies with SM4-GCM; the place (table, key, record format, generation) is authenticated. */
export interface RecordSealing {
  seal(place: RecordPlace, plaintext: Uint8Array): Uint8Array;
  /** Null when no key fits or the record is not what was sealed at this place. */
  open(place: RecordPlace, sealed: Uint8Array): Uint8Array | null;
}

const recordFormat = 1;

/** Creates the sealing under a set of data keys. */
export function createRecordSealing(deps: { readonly dataKeys: DataKeys; readonly random: RandomBytes }): RecordSealing {
  const ciphers = new Map<number, Sm4Gcm>();
  for (const [keyId, key] of deps.dataKeys.keys) ciphers.set(keyId, createSm4Gcm(key));
  const current = ciphers.get(deps.dataKeys.current);
  if (current === undefined) throw new Error('the current data key is not among the data keys');
  return {
    seal: (place, plaintext) =>
      sealRecord({ key: current, keyId: deps.dataKeys.current, nonce: deps.random(12), plaintext, aad: placeAad(place) }),
    open: (place, sealed) => {
      const keyId = readRecordKeyId(sealed);
      const cipher = keyId === null ? undefined : ciphers.get(keyId);
      return cipher === undefined ? null : openRecord({ key: cipher, sealed, aad: placeAad(place) });
    },
  };
}

function placeAad(place: RecordPlace): Uint8Array {
  return encodeUtf8(`${place.table}|${place.key}|${recordFormat}|${place.gen}`);
}
