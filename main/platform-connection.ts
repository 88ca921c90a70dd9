import type { PlatformProfile } from '../domain/contracts/enterprise.ts';
import type { RandomBytes } from '../domain/crypto/random.ts';
import { generateSm2KeyPair } from '../domain/crypto/sm2.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { ownBytes } from '../domain/key-slot.ts';
import { createSecret } from '../domain/secret.ts';
import type { Journal } from './desk/journal.ts';
import { accountSetting, decodeAccount, encodeAccount, moveProfile, type PlatformAccount } from './desk/platform-account.ts';
import type { PlatformLink } from './desk/platform-link.ts';
import type { SiteKeeper } from './desk/site.ts';
import { enrol } from './remote/enrolment.ts';
import { type ClientLimits, createPlatformClient, type PlatformClient } from './remote/platform-client.ts';
import type { Store } from './store/store.ts';

/** Whose platform: its address and, for the first time, the code that its operator handed over. */
export interface PlatformAddress {
  readonly url: string;
  readonly enrolmentCode?: string;
}

/** What connecting needs. */
export interface ConnectionDeps {
  readonly store: Store;
  readonly journal: Journal;
  readonly link: PlatformLink<PlatformClient>;
  readonly site: SiteKeeper;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: RandomBytes;
  readonly limits?: ClientLimits | undefined;
}

/** Takes up the kept account, at `address` if the platform moved; enrols when there is none and a code is given. */
export async function connectPlatform(deps: ConnectionDeps, address: PlatformAddress | undefined): Promise<Result<null>> {
  const kept = await deps.store.setting({ name: accountSetting });
  if (!kept.ok) return kept;
  const account = kept.value === null ? null : decodeAccount(kept.value);
  if (account !== null) {
    useAccount(deps, address === undefined ? account : { ...account, profile: moveProfile(account.profile, address.url) });
    return ok(null);
  }
  if (address?.enrolmentCode === undefined) return ok(null);
  return enrolCounter(deps, { url: address.url, enrolmentCode: address.enrolmentCode });
}

/** Enrols this counter with a fresh key pair, keeps the account sealed and uses it from now on. */
export async function enrolCounter(deps: ConnectionDeps, address: Required<PlatformAddress>): Promise<Result<null>> {
  const keys = generateSm2KeyPair(deps.random);
  const { organisation, orgCode } = deps.site.current().site;
  const profile = await enrol({
    baseUrl: address.url,
    enrolmentCode: address.enrolmentCode,
    corpName: organisation,
    corpCode: orgCode,
    publicKey: keys.publicKey,
    monotonic: deps.monotonic,
  });
  if (!profile.ok) return profile;
  const account: PlatformAccount = { profile: profile.value, privateKey: createSecret(ownBytes(keys.privateKey)) };
  keys.privateKey.fill(0);
  const noted = await deps.journal.record({
    type: 'platform.enrolled',
    result: profile.value.platformId,
    ref: profile.value.accountId,
    detail: publicFacts(profile.value),
    row: { table: 'setting', name: accountSetting, value: encodeAccount(account) },
  });
  if (!noted.ok) return noted;
  useAccount(deps, account);
  return ok(null);
}

/** Keeps the platform's signing keys as they are now with the account of `profile`, once an audit entry says so. */
export async function keepSigningKeys({ journal, store }: Pick<ConnectionDeps, 'journal' | 'store'>, { accountId, keySequence, others, platformId, signingKeys }: PlatformProfile): Promise<Result<null>> {
  const kept = await store.setting({ name: accountSetting });
  if (!kept.ok) return kept;
  const account = kept.value === null ? null : decodeAccount(kept.value);
  if (account === null || account.profile.accountId !== accountId) return fail('remote/not-enrolled');
  const value = encodeAccount({ ...account, profile: { ...account.profile, signingKeys, keySequence, others } });
  account.privateKey.reveal().fill(0);
  const row = { table: 'setting', name: accountSetting, value } as const;
  const noted = await journal.record({ type: 'platform.keys', result: String(keySequence), ref: platformId, detail: { signingKeys, others }, row });
  return noted.ok ? ok(null) : noted;
}

function useAccount(deps: ConnectionDeps, { profile, privateKey }: PlatformAccount): void {
  const { organisation, orgCode } = deps.site.current().site;
  const { now, monotonic, random, limits } = deps;
  const client = createPlatformClient({
    profile,
    accountPrivateKey: privateKey,
    organisation: { name: organisation, code: orgCode },
    ...{ now, monotonic, random },
    ...(limits === undefined ? {} : { limits }),
  });
  // The key lives as long as its client: nobody is there to use it while the counter is locked.
  const close = (): void => {
    client.close();
    privateKey.reveal().fill(0);
  };
  deps.link.use(profile, { ...client, close });
}

// The secret of the application stays in the sealed setting only.
function publicFacts(profile: PlatformProfile): unknown {
  return { ...profile, appSecret: undefined };
}

/** The client of the platform, or why there is none. */
export function requireClient(link: PlatformLink<PlatformClient>): Result<PlatformClient> {
  const client = link.client();
  return client === null ? fail('remote/not-enrolled') : ok(client);
}
