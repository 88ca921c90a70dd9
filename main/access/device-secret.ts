import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { decodeBase64, encodeBase64 } from '../../domain/crypto/base64.ts';
import { equalBytes } from '../../domain/crypto/bytes.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { openRecord } from '../../domain/crypto/sealed-record.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { hkdfSm3 } from '../../domain/crypto/sm3.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { ownBytes } from '../../domain/key-slot.ts';

/** What this machine has: the second factor of every log-in, and what is sealed before anybody has logged in. */
export interface DeviceSecret {
  /** Where it is kept, for slots and audit. */
  readonly backend: string;
  readonly secret: Uint8Array;
  /** 16 bytes: seals what must be readable while locked. */
  readonly storeKey: Uint8Array;
  /** 32 bytes: goes into every slot's key. */
  readonly factor: Uint8Array;
  /** The data key of before there were log-ins, until it has moved under a master key. */
  readonly legacyKey: Uint8Array | null;
  /** Destroys the old key files, once their key is kept elsewhere. */
  dropLegacy(): void;
}

/** One place where a machine's secret can be kept. */
export interface SecretPlace {
  /** `file`, or the store that guards the file's content now. */
  backend(): string;
  /** Null when nothing is there, or what is there cannot be opened on this machine by this user. */
  load(): Promise<Uint8Array | null>;
  keep(secret: Uint8Array): Promise<void>;
}

/** An operating system's store of secrets; what it gives back on sealing is kept in the file. It may take long: a person may have to unlock it. */
export interface KeyStore {
  readonly backend: string;
  isThere(): Promise<boolean>;
  seal(name: string, secret: Uint8Array): Promise<Result<Uint8Array>>;
  open(name: string, kept: Uint8Array): Promise<Result<Uint8Array>>;
  forget(name: string): Promise<Result<null>>;
}

/** The private file `device.key` (0600), plain or guarded by a store: then a copy of the folder opens nothing elsewhere. */
export interface DevicePlace extends SecretPlace {
  /** The store that would guard it; null where there is none. */
  available(): Promise<string | null>;
  /** Hands the secret over to the store and overwrites the plain file, once the store has given it back; where a store guarded it before, that one lets go. */
  guard(): Promise<Result<null>>;
  /** Writes the plain file again. */
  release(): Promise<Result<null>>;
  /** Keeps a few bytes in the store that guards the secret, beside it; nothing where none does, or one that keeps nothing itself. */
  keepBeside(what: Beside, bytes: Uint8Array): Promise<void>;
  /** Null where nothing was kept so, or the store does not give it. */
  readBeside(what: Beside): Promise<Uint8Array | null>;
}

const besides = ['log-end'] as const;
/** What a store may keep beside the secret; it lets go of all of it with the secret. */
export type Beside = (typeof besides)[number];

/** Length of a machine's secret, bytes. */
export const deviceSecretLength = 32;

const GuardedSchema = v.object({ format: v.literal('counter-device-key/1'), backend: v.string(), name: v.string(), kept: v.string() });

/** What a place works with; `replaceFile` overwrites what was there. */
export interface DevicePlaceDeps {
  readonly file: string;
  readonly stores: readonly KeyStore[];
  readonly random: RandomBytes;
  readonly writeFile: (file: string, bytes: Uint8Array) => void;
  readonly replaceFile: (file: string, bytes: Uint8Array) => void;
}

/** Opens the place of a data folder's device key. */
export function createDevicePlace({ file, stores, random, writeFile, replaceFile }: DevicePlaceDeps): DevicePlace {
  const read = (): Uint8Array | null => (existsSync(file) ? new Uint8Array(readFileSync(file)) : null);
  const guardNow = (): Guarded | null => readGuarded(read() ?? new Uint8Array());
  const storeOf = ({ backend }: Guarded): KeyStore | undefined => stores.find((store) => store.backend === backend);
  const letGo = async (before: Guarded | null): Promise<void> => {
    const store = before === null ? undefined : storeOf(before);
    for (const name of before === null ? [] : [before.name, ...besides.map((what) => `${before.name}-${what}`)]) await store?.forget(name);
  };
  const keep = async (secret: Uint8Array): Promise<void> => {
    const before = guardNow();
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFile(file, secret);
    await letGo(before);
  };
  const load = async (): Promise<Uint8Array | null> => {
    const bytes = read();
    const guarded = bytes === null ? null : readGuarded(bytes);
    return guarded === null ? bytes : openGuarded(stores, guarded);
  };
  return {
    load,
    keep,
    backend: () => guardNow()?.backend ?? 'file',
    available: async () => (await findStore(stores))?.backend ?? null,
    guard: async () => {
      const before = guardNow();
      const secret = await load();
      const store = await findStore(stores);
      if (secret?.length !== deviceSecretLength) return fail('store/key-missing', 'device secret');
      if (store === null) return fail('key/store-failed');
      const name = encodeHex(random(8));
      const kept = await handOver(store, name, secret);
      if (!kept.ok) return kept;
      replaceFile(file, encodeUtf8(JSON.stringify({ format: 'counter-device-key/1', backend: store.backend, name, kept: encodeBase64(kept.value) })));
      await letGo(before);
      return ok(null);
    },
    release: async () => {
      const guarded = guardNow();
      if (guarded === null) return ok(null);
      const secret = await load();
      if (secret?.length !== deviceSecretLength) return fail('key/store-failed', guarded.backend);
      await keep(secret);
      return ok(null);
    },
    keepBeside: async (what, bytes) => {
      const guarded = guardNow();
      if (guarded?.kept === '') await storeOf(guarded)?.seal(`${guarded.name}-${what}`, bytes);
    },
    readBeside: async (what) => {
      const guarded = guardNow();
      const opened = guarded?.kept === '' ? await storeOf(guarded)?.open(`${guarded.name}-${what}`, new Uint8Array()) : undefined;
      return opened?.ok === true ? opened.value : null;
    },
  };
}

type Guarded = v.InferOutput<typeof GuardedSchema>;

async function findStore(stores: readonly KeyStore[]): Promise<KeyStore | null> {
  for (const store of stores) if (await store.isThere()) return store;
  return null;
}

/** A store that takes and does not give back would be the end of the data. */
async function handOver(store: KeyStore, name: string, secret: Uint8Array): Promise<Result<Uint8Array>> {
  const kept = await store.seal(name, secret);
  if (!kept.ok) return kept;
  const back = await store.open(name, kept.value);
  if (back.ok && equalBytes(back.value, secret)) return kept;
  await store.forget(name);
  return back.ok ? fail('key/store-failed', store.backend) : back;
}

async function openGuarded(stores: readonly KeyStore[], { backend, name, kept }: Guarded): Promise<Uint8Array | null> {
  const bytes = kept === '' ? new Uint8Array() : decodeBase64(kept);
  const opened = bytes === null ? null : await stores.find((store) => store.backend === backend)?.open(name, bytes);
  return opened?.ok === true ? opened.value : null;
}

// Its first byte is a brace, which the plain secret may begin with too; but that has 32 bytes.
function readGuarded(bytes: Uint8Array): Guarded | null {
  if (bytes.length === deviceSecretLength) return null;
  try {
    const parsed = v.safeParse(GuardedSchema, JSON.parse(decodeUtf8(bytes) ?? ''));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** What opening needs: `dir` is the folder of the keys, in which those of before may lie. */
export interface DeviceSecretDeps {
  readonly dir: string;
  readonly place: SecretPlace;
  readonly random: RandomBytes;
  /** False where data is already there: a new secret would open none of it. */
  readonly mayCreate: boolean;
  readonly eraseFile: (file: string) => void;
}

/** Opens the machine's secret, made when there is none and none is needed; `store/key-missing` when it is gone or damaged. */
export async function openDeviceSecret(deps: DeviceSecretDeps): Promise<Result<DeviceSecret>> {
  const { dir, place, random, mayCreate } = deps;
  const legacy = readLegacyKey(dir);
  if (!legacy.ok) return legacy;
  const kept = await place.load();
  const isGuarded = place.backend() !== 'file';
  // What a store guards is no less there while the store is locked: a new secret in its place would be the end of the backups.
  if (kept === null && (isGuarded || (!mayCreate && legacy.value === null))) return fail('store/key-missing', isGuarded ? place.backend() : undefined);
  const secret = kept === null ? random(deviceSecretLength) : ownBytes(kept);
  if (secret.length !== deviceSecretLength) return fail('store/key-missing', 'device secret');
  if (kept === null) await place.keep(secret);
  return ok({
    backend: place.backend(),
    secret,
    storeKey: derive(secret, 'store', 16),
    factor: derive(secret, 'factor', 32),
    legacyKey: legacy.value,
    dropLegacy: () => {
      for (const file of legacyFiles(dir)) if (existsSync(file)) deps.eraseFile(file);
    },
  });
}

function derive(secret: Uint8Array, purpose: string, length: number): Uint8Array {
  return hkdfSm3(secret, encodeUtf8('counter/device-secret/1'), encodeUtf8(purpose), length);
}

function legacyFiles(dir: string): readonly [dataFile: string, wrappingFile: string] {
  return [path.join(dir, 'data-1.key'), path.join(dir, 'wrapping.key')];
}

// One data key, wrapped by a key beside it: what there was before anybody logged in.
function readLegacyKey(dir: string): Result<Uint8Array | null> {
  const [dataFile, wrappingFile] = legacyFiles(dir);
  if (!existsSync(dataFile)) return ok(null);
  const wrapping = existsSync(wrappingFile) ? new Uint8Array(readFileSync(wrappingFile)) : null;
  if (wrapping?.length !== 16) return fail('store/key-missing', 'wrapping key');
  const key = openRecord({ key: wrapping, sealed: new Uint8Array(readFileSync(dataFile)), aad: encodeUtf8('key|1|1|0') });
  wrapping.fill(0);
  return key?.length === 16 ? ok(key) : fail('store/key-missing', 'data key');
}
