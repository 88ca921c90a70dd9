import { createEntryMac, epochMark, nextEpochKey } from '../../domain/audit-mac.ts';
import { equalBytes } from '../../domain/crypto/bytes.ts';
import { decodeHex, encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { encodeSm2SignatureDer, generateSm2KeyPair, signSm2, sm2DefaultId, type Sm2PublicKey, sm2PublicKeyOf } from '../../domain/crypto/sm2.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { numberColumn, textColumn } from './columns.ts';
import type { WritableDb } from './driver.ts';
import type { EpochKeyFile } from './epoch-key-file.ts';
import type { RecordSealing } from './record-sealing.ts';
import { settingPlace } from './record-places.ts';
import { readSetting, writeSetting } from './rows.ts';

/**
 * What the log needs of keys: a signature over checkpoints, and MAC keys that forget. The signing key lies sealed in the
 * database, the MAC key of the present epoch in a file of its own (ADR 33).
 */
export interface AuditKeys {
  readonly device: string;
  readonly publicKey: Sm2PublicKey;
  /** SM2 over the text, default user identity, DER. */
  sign(text: string): Uint8Array;
  /** The last entry of those that were written before there were MACs (version 0.1.0); 0 where all have one. */
  readonly withoutMacUpTo: number;
  /** Whether the key of the present epoch is here; where it is not (a copy, an older file put in place) only a new generation goes on. */
  hasEpochKey(): boolean;
  /** The MAC of an entry of the present epoch, given its hash. */
  mac(hash: string): Uint8Array;
  /** Within the transaction of a checkpoint: on to the next epoch's key. */
  advance(): void;
  /** Within the transaction of a generation's first entry: a fresh first key. */
  beginGeneration(gen: number): void;
  /** After the commit of either: the key in force takes the place of the one before it in their file, when the thread has nothing else to do. */
  settle(): void;
  /** Undoes what `advance` or `beginGeneration` did when their transaction failed. */
  reload(): void;
  /** The first key of a generation for whoever shall check its MACs; null once it was given away. */
  seed(gen: number): Uint8Array | null;
  /** Forgets the first key, and those of generations before that a restore brought back: from now on nobody here can forge an entry of a past epoch. */
  dropSeed(gen: number): void;
}

/** What the keys are kept with; `epochKeys` null for a copy of a database, which has none. */
export interface AuditKeyDeps {
  readonly db: WritableDb;
  readonly sealing: RecordSealing;
  readonly random: RandomBytes;
  readonly epochKeys: EpochKeyFile | null;
}

const names = { device: 'device-id', signing: 'audit-signing-key', mark: 'audit-epoch-mark', withoutMac: 'audit-without-mac' } as const;
const keyLength = 32;

/** Opens the audit keys of a database, made at the first opening; null when they are there but do not open. */
export function openAuditKeys(deps: AuditKeyDeps): AuditKeys | null {
  const { db, random, epochKeys } = deps;
  const { put, take } = createSettings(deps);
  if (readSetting(db, names.device) === null) put(names.device, encodeUtf8(encodeHex(random(8))));
  if (readSetting(db, names.signing) === null) makeFirstKeys(deps);
  const [device, privateKey] = [take(names.device), take(names.signing)];
  if (device === null || privateKey === null) return null;
  const publicKey = sm2PublicKeyOf(privateKey);
  let key = findEpochKey(deps);
  let mac = key === null ? null : createEntryMac(key);
  let over: Uint8Array | null = null;
  const use = (next: Uint8Array | null): void => {
    key = next;
    mac = next === null ? null : createEntryMac(next);
  };
  return {
    device: decodeUtf8(device) ?? '',
    publicKey,
    withoutMacUpTo: Number(decodeUtf8(take(names.withoutMac) ?? new Uint8Array()) ?? 0),
    sign: (text) => encodeSm2SignatureDer(signSm2({ privateKey, publicKey, message: encodeUtf8(text), id: sm2DefaultId, random })),
    hasEpochKey: () => key !== null,
    mac: (hash) => {
      if (mac === null) throw new Error('an epoch without its key is not written to');
      return mac(hash);
    },
    advance: () => {
      if (key === null) throw new Error('an epoch without its key has no next one');
      epochKeys?.catchUp();
      const next = nextEpochKey(key);
      put(names.mark, epochMark(next));
      over = key;
      use(next);
    },
    beginGeneration: (gen) => use(beginGeneration(deps, gen)),
    settle: () => {
      if (key !== null) epochKeys?.putSoon(key);
      over?.fill(0);
      over = null;
    },
    reload: () => {
      over = null;
      use(findEpochKey(deps));
    },
    seed: (gen) => take(seedName(gen)),
    dropSeed: (gen) => {
      // From now on nothing but their file leads to the key in force.
      if (key !== null) epochKeys?.put(key);
      db.run(`DELETE FROM setting WHERE name LIKE '${seedName('%')}' AND CAST(substr(name, ${seedName('').length + 1}) AS INTEGER) <= ?`, gen);
    },
  };
}

// Their MAC key lies in the database alone until the first checkpoint: the file may hold one that another database, put aside, needs again.
function makeFirstKeys(deps: AuditKeyDeps): void {
  const { db, random } = deps;
  const { put } = createSettings(deps);
  db.transaction(() => {
    put(names.signing, generateSm2KeyPair(random).privateKey);
    const last = numberColumn(db.get('SELECT coalesce(max(seq), 0) AS last FROM audit') ?? {}, 'last');
    if (last > 0) put(names.withoutMac, encodeUtf8(String(last)));
    beginGeneration(deps, 1);
  });
}

function beginGeneration(deps: AuditKeyDeps, gen: number): Uint8Array {
  const { put } = createSettings(deps);
  const seed = deps.random(keyLength);
  put(seedName(gen), seed);
  put(names.mark, epochMark(seed));
  deps.db.run('DELETE FROM setting WHERE name = ?', nameOfBefore);
  return seed;
}

// The key that the database says is in force, by its mark.
function findEpochKey(deps: AuditKeyDeps): Uint8Array | null {
  const { db, epochKeys } = deps;
  const { take } = createSettings(deps);
  const mark = take(names.mark);
  if (mark === null) return adoptKeyOfBefore(deps);
  const isIt = (key: Uint8Array): boolean => equalBytes(epochMark(key), mark);
  let epochs: number | null = null;
  const lead = (kept: Uint8Array): Uint8Array | null => {
    if (isIt(kept)) return kept;
    epochs ??= numberColumn(db.get('SELECT count(*) AS epochs FROM checkpoint') ?? {}, 'epochs');
    let key = kept;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const next = nextEpochKey(key);
      if (key !== kept) key.fill(0);
      if (isIt(next)) return next;
      key = next;
    }
    return null;
  };
  return epochKeys?.find(lead) ?? findFromSeed(deps, lead);
}

/** A generation that a restore began may have its key in no file: as long as its first key was not given away, that one leads there. */
function findFromSeed(deps: AuditKeyDeps, lead: (key: Uint8Array) => Uint8Array | null): Uint8Array | null {
  for (const row of deps.db.all(`SELECT name FROM setting WHERE name LIKE '${seedName('%')}'`)) {
    const seed = createSettings(deps).take(textColumn(row, 'name'));
    const found = seed === null ? null : lead(seed);
    if (found !== seed) seed?.fill(0);
    if (found !== null) return found;
  }
  return null;
}

const nameOfBefore = 'audit-epoch';

// Of before the file: the key itself was a setting.
function adoptKeyOfBefore(deps: AuditKeyDeps): Uint8Array | null {
  const { db, epochKeys } = deps;
  const kept = createSettings(deps).take(nameOfBefore);
  const key = kept === null ? null : decodeHex(decodeUtf8(kept) ?? '!');
  if (key?.length !== keyLength) return null;
  // A database that is only read from has no file for it and keeps it.
  if (epochKeys === null) return key;
  epochKeys.put(key);
  db.transaction(() => {
    createSettings(deps).put(names.mark, epochMark(key));
    db.run('DELETE FROM setting WHERE name = ?', nameOfBefore);
  });
  return key;
}

interface Settings {
  put(name: string, value: Uint8Array): void;
  take(name: string): Uint8Array | null;
}

function createSettings({ db, sealing }: Pick<AuditKeyDeps, 'db' | 'sealing'>): Settings {
  return {
    put: (name, value) => writeSetting(db, name, sealing.seal(settingPlace(name), value)),
    take: (name) => {
      const sealed = readSetting(db, name);
      return sealed === null ? null : sealing.open(settingPlace(name), sealed);
    },
  };
}

function seedName(gen: number | '' | '%'): string {
  return `audit-seed-${gen}`;
}
