import { createEntryMac, nextEpochKey } from '../../domain/audit-mac.ts';
import { decodeHex, encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { encodeSm2SignatureDer, generateSm2KeyPair, signSm2, sm2DefaultId, type Sm2PublicKey, sm2PublicKeyOf } from '../../domain/crypto/sm2.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { WritableDb } from './driver.ts';
import type { RecordSealing } from './record-sealing.ts';
import { settingPlace } from './record-places.ts';
import { readSetting, writeSetting } from './rows.ts';

/**
 * What the log needs of keys: a signature over checkpoints, and MAC keys that forget. Today both lie sealed in the
 * database; a USB key or the key hierarchy stands in by giving another object of this shape.
 */
export interface AuditKeys {
  readonly device: string;
  readonly publicKey: Sm2PublicKey;
  /** SM2 over the text, default user identity, DER. */
  sign(text: string): Uint8Array;
  /** The MAC of an entry of the present epoch, given its hash. */
  mac(hash: string): Uint8Array;
  /** Within the transaction of a checkpoint: the next epoch's key over the present one, which is gone then. */
  advance(): void;
  /** Within the transaction of a generation's first entry: a fresh first key. */
  beginGeneration(gen: number): void;
  /** Undoes what `advance` or `beginGeneration` did when their transaction failed. */
  reload(): void;
  /** The first key of a generation for whoever shall check its MACs; null once it was given away. */
  seed(gen: number): Uint8Array | null;
  /** Forgets the first key: from now on nobody here can forge an entry of a past epoch. */
  dropSeed(gen: number): void;
}

const names = { device: 'device-id', signing: 'audit-signing-key', epoch: 'audit-epoch' } as const;
const keyLength = 32;

/** Opens the audit keys of a database, made at the first opening; null when they are there but do not open. */
export function openAuditKeys(deps: { readonly db: WritableDb; readonly sealing: RecordSealing; readonly random: RandomBytes }): AuditKeys | null {
  const { db, sealing, random } = deps;
  const put = (name: string, value: Uint8Array): void => writeSetting(db, name, sealing.seal(settingPlace(name), value));
  const take = (name: string): Uint8Array | null => {
    const sealed = readSetting(db, name);
    return sealed === null ? null : sealing.open(settingPlace(name), sealed);
  };
  if (readSetting(db, names.device) === null) put(names.device, encodeUtf8(encodeHex(random(8))));
  if (readSetting(db, names.signing) === null) {
    db.transaction(() => {
      put(names.signing, generateSm2KeyPair(random).privateKey);
      begin(1);
    });
  }
  const [device, privateKey] = [take(names.device), take(names.signing)];
  const first = readKey();
  if (device === null || privateKey === null || first === null) return null;
  let key = first;
  let mac = createEntryMac(key);
  const use = (next: Uint8Array | null): void => {
    key = next ?? new Uint8Array(keyLength);
    mac = createEntryMac(key);
  };
  const publicKey = sm2PublicKeyOf(privateKey);

  function begin(gen: number): void {
    const seed = random(keyLength);
    put(seedName(gen), seed);
    put(names.epoch, encodeUtf8(encodeHex(seed)));
  }
  function readKey(): Uint8Array | null {
    const kept = take(names.epoch);
    const bytes = kept === null ? null : decodeHex(decodeUtf8(kept) ?? '!');
    return bytes?.length === keyLength ? bytes : null;
  }
  return {
    device: decodeUtf8(device) ?? '',
    publicKey,
    sign: (text) => encodeSm2SignatureDer(signSm2({ privateKey, publicKey, message: encodeUtf8(text), id: sm2DefaultId, random })),
    mac: (hash) => mac(hash),
    advance: () => {
      const next = nextEpochKey(key);
      put(names.epoch, encodeUtf8(encodeHex(next)));
      use(next);
    },
    beginGeneration: (gen) => {
      begin(gen);
      use(readKey());
    },
    reload: () => use(readKey()),
    seed: (gen) => take(seedName(gen)),
    dropSeed: (gen) => db.run('DELETE FROM setting WHERE name = ?', seedName(gen)),
  };
}

function seedName(gen: number): string {
  return `audit-seed-${gen}`;
}
