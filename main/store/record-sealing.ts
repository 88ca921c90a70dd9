import type { RandomBytes } from '../../domain/crypto/random.ts';
import { openRecord, readRecordKeyId, sealRecord } from '../../domain/crypto/sealed-record.ts';
import { createSm4Gcm, type Sm4Gcm } from '../../domain/crypto/sm4-gcm.ts';
import { borrowUtf8 } from '../../domain/crypto/utf8.ts';
import { sealForSetting } from './setting-class.ts';
import { type DataClass, type DataKeyBook, deviceKeyId, legacyKeyId } from './data-keys.ts';

/** Where a sealed record stands; it can be opened nowhere else, so rows cannot be swapped or moved between tables. */
export interface RecordPlace {
  readonly table: 'audit' | 'scan' | 'document' | 'setting' | 'outbox';
  readonly key: string | number;
  readonly gen: number;
}

/** The class and moment (epoch ms) that a record is sealed for; `device` is the machine's own key, at hand before anybody has logged in. */
export type SealFor = { readonly class: Exclude<DataClass, 'setting'>; readonly at: number } | 'setting' | 'device';

/** Nobody is logged in: the keys to this are not in memory. */
export class KeysLocked extends Error {}

/** Seals and opens record bodies with SM4-GCM; the place (table, key, record format, generation) is authenticated. */
export interface RecordSealing {
  /** Throws `KeysLocked` where the key is not at hand; a setting's name says what it is sealed for. */
  seal(place: RecordPlace, plaintext: Uint8Array, sealFor?: SealFor): Uint8Array;
  /** Null when the key was destroyed or the record is not what was sealed at this place; throws `KeysLocked`. */
  open(place: RecordPlace, sealed: Uint8Array): Uint8Array | null;
  /** Whether the key of this record was destroyed (retention). */
  isErased(sealed: Uint8Array): boolean;
}

/** What sealing is done with: the machine's own key, the one of before where it is still about, and the data keys. */
export interface SealingDeps {
  readonly deviceKey: Uint8Array;
  readonly legacyKey: Uint8Array | null;
  readonly book: DataKeyBook;
  readonly random: RandomBytes;
}

const recordFormat = 1;
const dayMs = 86_400_000;
const chinaOffsetMs = 8 * 3_600_000;

/** The day (since 1970, Asia/Shanghai) under whose key a record of that moment is sealed. */
export function dayOf(at: number): number {
  return Math.floor((at + chinaOffsetMs) / dayMs);
}

/** The first moment of a day (since 1970, Asia/Shanghai), epoch ms. */
export function startOfDay(day: number): number {
  return day * dayMs - chinaOffsetMs;
}

/** Creates the sealing. */
export function createRecordSealing({ deviceKey, legacyKey, book, random }: SealingDeps): RecordSealing {
  const device = createSm4Gcm(deviceKey);
  const legacy = legacyKey === null ? null : createSm4Gcm(legacyKey);
  const nonces = createNonces(random);
  const forSealing = (sealFor: SealFor): { readonly id: number; readonly cipher: Sm4Gcm } => {
    if (sealFor === 'device') return { id: deviceKeyId, cipher: device };
    const found = sealFor === 'setting' ? book.current('setting', 0) : book.current(sealFor.class, dayOf(sealFor.at));
    if (found === null) throw new KeysLocked();
    return found;
  };
  const forOpening = (keyId: number): Sm4Gcm | 'locked' | 'erased' => {
    if (keyId === deviceKeyId) return device;
    return keyId === legacyKeyId && legacy !== null ? legacy : book.find(keyId);
  };
  return {
    seal: (place, plaintext, sealFor) => {
      const { id, cipher } = forSealing(sealFor ?? sealForSetting(place));
      return sealRecord({ key: cipher, keyId: id, nonce: nonces(), plaintext, aad: placeAad(place) });
    },
    open: (place, sealed) => {
      const keyId = readRecordKeyId(sealed);
      if (keyId === null) return null;
      const cipher = forOpening(keyId);
      if (cipher === 'locked') throw new KeysLocked();
      return cipher === 'erased' ? null : openRecord({ key: cipher, sealed, aad: placeAad(place) });
    },
    isErased: (sealed) => {
      const keyId = readRecordKeyId(sealed);
      return keyId !== null && forOpening(keyId) === 'erased';
    },
  };
}

// Joined to the record's header before anything else is encoded.
function placeAad(place: RecordPlace): Uint8Array {
  return borrowUtf8(`${place.table}|${place.key}|${recordFormat}|${place.gen}`);
}

const nonceLength = 12;
const noncesAtOnce = 256;

// Asking the system for few bytes costs as much as for many.
function createNonces(random: RandomBytes): () => Uint8Array {
  let drawn: Uint8Array = new Uint8Array();
  let used = 0;
  return () => {
    if (used === drawn.length) [drawn, used] = [random(nonceLength * noncesAtOnce), 0];
    used += nonceLength;
    return drawn.slice(used - nonceLength, used);
  };
}
