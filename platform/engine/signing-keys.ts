import type { SigningKey } from '../../domain/contracts/enterprise.ts';
import { decodeHex, encodeHex, encodeHexUpper } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair, type PinnedSm2Key, pinSm2PublicKey, type Sm2PrivateKey } from '../../domain/crypto/sm2.ts';
import type { KeyPair } from '../keys.ts';
import type { Reader, Storage, Work } from '../storage/database.ts';
import type { Sealing } from '../storage/sealing.ts';
import type { SigningKeyTable } from '../storage/tables.ts';

/** A platform as it is registered (6.1.1 b3): its 6-digit id, its name, the keys that its codes are signed with. */
export interface RegisteredPlatform {
  readonly platformId: string;
  readonly name: string;
  readonly signingKeys: readonly SigningKey[];
  /** How often they changed. */
  readonly keySequence: number;
  /** Where it is asked about its codes (http or https), and its envelope key 04 ‖ x ‖ y in hex; null for one that is only known by its keys. */
  readonly route: { readonly url: string; readonly envelopePublicKey: string } | null;
}

/** A key that codes can be checked with now or that ended; times epoch milliseconds. */
export interface CheckingKey {
  readonly keyId: string;
  readonly key: PinnedSm2Key;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly revokedAt: number | null;
}

/** The signing keys of this platform and of those registered with it (GB/T 45959 8.2): their issue, rotation, and end. */
export interface SigningKeys {
  /** The key that signs now: of our own that are valid the newest, its public key 04 ‖ x ‖ y in lower-case hex; null when none is. */
  current(from: Reader): Promise<{ readonly keyId: string; readonly publicKey: string; readonly privateKey: Sm2PrivateKey } | null>;
  /** All keys of a platform, ended ones too, newest first; empty for one that is not registered. */
  of(from: Reader, platformId: string): Promise<readonly CheckingKey[]>;
  list(): Promise<readonly RegisteredPlatform[]>;
  /** Makes a new key of ours; those before sign nothing more, and what they signed can be checked until it has expired. */
  rotate(): Promise<string>;
  /** From now on nothing counts that the key signed, whenever. False when there is no such key, or it is revoked already. */
  revoke(platformId: string, keyId: string): Promise<boolean>;
  /** Registers a platform, or gives a registered one another name or further keys; false for an id or a key that is none. */
  register(platform: Registration): Promise<boolean>;
}

/** What is registered of another platform; a route that is left out stays as it was, null takes it back. */
export type Registration = Omit<RegisteredPlatform, 'keySequence' | 'route'> & { readonly route?: RegisteredPlatform['route'] | undefined };

interface SigningKeysDeps {
  readonly platformId: string;
  readonly storage: Storage;
  readonly sealing: Sealing;
  readonly now: () => number;
  readonly random: RandomBytes;
}

const yearMs = 365 * 24 * 3600 * 1000;
/** Longer than any code lives. */
const overlapMs = 10 * 60_000;
const placeOf = (keyId: string) => `signing_key/${keyId}`;

/** The keys in the platform's storage, private ones sealed; `first` becomes the key of a platform that has none yet. */
export async function openSigningKeys(
  deps: SigningKeysDeps & { readonly name: string; readonly first: KeyPair & { readonly keyId: string; readonly notBefore: number; readonly notAfter: number } },
): Promise<SigningKeys> {
  await deps.storage.write(async (work) => {
    await registerPlatform(deps, work, deps.platformId, deps.name);
    await insertOwn(deps, work, deps.first);
  });
  const pinned = new Map<string, PinnedSm2Key | null>();
  const rowsOf = (from: Reader, platformId: string) => from.selectFrom('signing_key').selectAll().where('platform_id', '=', platformId).orderBy('not_before', 'desc').orderBy('not_after', 'desc').execute();
  return {
    current: async (from) => {
      const now = deps.now();
      const row = (await rowsOf(from, deps.platformId)).find((each) => each.private_sealed !== null && each.revoked_at === null && each.not_before <= now && now < each.not_after);
      const sealed = row?.private_sealed ?? null;
      if (row === undefined || sealed === null) return null;
      return { keyId: row.key_id, publicKey: row.public_key, privateKey: deps.sealing.open(placeOf(row.key_id), sealed) };
    },
    of: async (from, platformId) => (await rowsOf(from, platformId)).flatMap((row) => toCheckingKey(pinned, row)),
    list: () => listPlatforms(deps.storage.db),
    rotate: () => rotate(deps),
    revoke: async (platformId, keyId) =>
      deps.storage.write(async (work) => {
        const revoked = await work
          .updateTable('signing_key')
          .set({ revoked_at: deps.now() })
          .where('platform_id', '=', platformId)
          .where('key_id', '=', keyId)
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
        const isDone = revoked.numUpdatedRows === 1n;
        if (isDone) await countChange(deps, work, platformId);
        return isDone;
      }),
    register: (platform) => register(deps, platform),
  };
}

function toCheckingKey(pinned: Map<string, PinnedSm2Key | null>, row: SigningKeyTable): CheckingKey[] {
  const known = pinned.get(row.public_key);
  const key = known === undefined ? pinSm2PublicKey(decodeHex(row.public_key) ?? new Uint8Array()) : known;
  pinned.set(row.public_key, key);
  return key === null ? [] : [{ keyId: row.key_id, key, notBefore: row.not_before, notAfter: row.not_after, revokedAt: row.revoked_at }];
}

async function registerPlatform({ now }: Pick<SigningKeysDeps, 'now'>, work: Work, platformId: string, name: string): Promise<void> {
  await work
    .insertInto('registered_platform')
    .values({ platform_id: platformId, platform_name: name, registered_at: now(), key_sequence: 1, base_url: '', envelope_public_key: '' })
    .onConflict((conflict) => conflict.column('platform_id').doUpdateSet({ platform_name: name }))
    .execute();
}

/** Our own list names the keys of the others too: it is another one with every change of theirs. */
async function countChange(deps: Pick<SigningKeysDeps, 'platformId'>, work: Work, platformId: string): Promise<void> {
  await work
    .updateTable('registered_platform')
    .set((columns) => ({ key_sequence: columns('key_sequence', '+', 1) }))
    .where('platform_id', 'in', [platformId, deps.platformId])
    .execute();
}

async function insertOwn(deps: SigningKeysDeps, work: Work, key: KeyPair & { readonly keyId: string; readonly notBefore: number; readonly notAfter: number }): Promise<void> {
  await work
    .insertInto('signing_key')
    .values({
      key_id: key.keyId,
      platform_id: deps.platformId,
      public_key: encodeHex(key.publicKey),
      private_sealed: deps.sealing.seal(placeOf(key.keyId), key.privateKey),
      not_before: key.notBefore,
      not_after: key.notAfter,
      revoked_at: null,
    })
    .onConflict((conflict) => conflict.columns(['platform_id', 'key_id']).doNothing())
    .execute();
}

async function rotate(deps: SigningKeysDeps): Promise<string> {
  const now = deps.now();
  const keyId = encodeHex(deps.random(4));
  await deps.storage.write(async (work) => {
    await work
      .updateTable('signing_key')
      .set({ not_after: now + overlapMs })
      .where('platform_id', '=', deps.platformId)
      .where('not_after', '>', now + overlapMs)
      .execute();
    await insertOwn(deps, work, { ...generateSm2KeyPair(deps.random), keyId, notBefore: now, notAfter: now + 3 * yearMs });
    await countChange(deps, work, deps.platformId);
  });
  return keyId;
}

async function listPlatforms(from: Reader): Promise<readonly RegisteredPlatform[]> {
  const platforms = await from.selectFrom('registered_platform').selectAll().orderBy('platform_id').execute();
  const keys = await from.selectFrom('signing_key').selectAll().orderBy('not_before', 'desc').orderBy('not_after', 'desc').execute();
  return platforms.map(({ base_url: url, envelope_public_key: envelopePublicKey, platform_id: platformId, platform_name: name, key_sequence: keySequence }) => ({
    route: url === '' ? null : { url, envelopePublicKey },
    platformId,
    name,
    keySequence,
    signingKeys: keys.filter((key) => key.platform_id === platformId).map(printKey),
  }));
}

function printKey(row: SigningKeyTable): SigningKey {
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    keyId: row.key_id,
    publicKey: encodeHexUpper(decodeHex(row.public_key) ?? new Uint8Array()),
    notBefore: time(row.not_before),
    notAfter: time(row.not_after),
    ...(row.revoked_at === null ? {} : { revokedAt: time(row.revoked_at) }),
  };
}

async function register(deps: SigningKeysDeps, { name, platformId, route, signingKeys }: Registration): Promise<boolean> {
  const keys = signingKeys.map((key) => ({ ...key, bytes: decodeHex(key.publicKey.toLowerCase()), from: Date.parse(key.notBefore), to: Date.parse(key.notAfter) }));
  const isGood = /^[0-9]{6}$/.test(platformId) && platformId !== deps.platformId && name.trim() !== '' &&
    keys.every(({ bytes, from, keyId, to }) => bytes !== null && pinSm2PublicKey(bytes) !== null && from < to && keyId !== '');
  if (!isGood || !isGoodRoute(route ?? null)) return false;
  await deps.storage.write(async (work) => {
    await registerPlatform(deps, work, platformId, name.trim());
    if (route !== undefined)
      await work.updateTable('registered_platform').set({ base_url: route?.url ?? '', envelope_public_key: route?.envelopePublicKey.toLowerCase() ?? '' }).where('platform_id', '=', platformId).execute();
    for (const { bytes, from, keyId, to } of keys)
      await work
        .insertInto('signing_key')
        .values({ key_id: keyId, platform_id: platformId, public_key: encodeHex(bytes ?? new Uint8Array()), private_sealed: null, not_before: from, not_after: to, revoked_at: null })
        // A key that was revoked stays so; else the later word on its time counts.
        .onConflict((conflict) => conflict.columns(['platform_id', 'key_id']).doUpdateSet({ not_after: to }))
        .execute();
    await countChange(deps, work, platformId);
  });
  return true;
}

function isGoodRoute(route: RegisteredPlatform['route']): boolean {
  if (route === null) return true;
  const key = decodeHex(route.envelopePublicKey.toLowerCase());
  return /^https?:$/.test(URL.parse(route.url)?.protocol ?? '') && key !== null && pinSm2PublicKey(key) !== null;
}
