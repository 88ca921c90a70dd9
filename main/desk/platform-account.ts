import { PlatformProfileSchema, type PlatformProfile } from '../../domain/contracts/enterprise.ts';
import * as v from 'valibot';
import { decodeHex, encodeHex } from '../../domain/crypto/hex.ts';
import { pinSm2PublicKey, sm2DefaultId, verifySm2 } from '../../domain/crypto/sm2.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { KnownPlatform, PlatformKey, PlatformKeys } from '../../domain/local-verification.ts';
import { ownBytes } from '../../domain/key-slot.ts';
import { createSecret, type Secret } from '../../domain/secret.ts';
import { parseIsoTime } from '../../domain/time.ts';

/** What this counter is at its platform: the profile it was given and its own envelope key. Kept sealed, shown to nobody. */
export interface PlatformAccount {
  readonly profile: PlatformProfile;
  readonly privateKey: Secret<Uint8Array>;
}

/** The name of the sealed setting that keeps the account. */
export const accountSetting = 'platform-account';

const StoredSchema = v.object({ profile: PlatformProfileSchema, privateKey: v.string() });

/** The bytes of an account for the sealed setting. */
export function encodeAccount(account: PlatformAccount): Uint8Array {
  return encodeUtf8(JSON.stringify({ profile: account.profile, privateKey: encodeHex(account.privateKey.reveal()) }));
}

/** Reads an account back; null when it is of another form. */
export function decodeAccount(bytes: Uint8Array): PlatformAccount | null {
  const stored = v.safeParse(StoredSchema, JSON.parse(decodeUtf8(bytes) ?? 'null'));
  const privateKey = stored.success ? decodeHex(stored.output.privateKey) : null;
  if (!stored.success || privateKey === null) return null;
  const own = ownBytes(privateKey);
  privateKey.fill(0);
  return { profile: stored.output.profile, privateKey: createSecret(own) };
}

/** The routing table of one profile: its signing keys and those of the platforms that it asks, pinned, those that are none left out. */
export function pinPlatformKeys(profile: PlatformProfile): PlatformKeys {
  const signerId = profile.signerId === undefined ? sm2DefaultId : encodeUtf8(profile.signerId);
  const others = (profile.others ?? []).filter(({ platformId }) => platformId !== profile.platformId);
  return new Map([
    ...others.map(({ name, platformId, signingKeys }): [string, KnownPlatform] => [platformId, { name, signerId: sm2DefaultId, keys: pinKeys(signingKeys) }]),
    [profile.platformId, { name: profile.name, signerId, keys: pinKeys(profile.signingKeys) }],
  ]);
}

function pinKeys(signingKeys: PlatformProfile['signingKeys']): readonly PlatformKey[] {
  const keys: PlatformKey[] = [];
  for (const { keyId, publicKey, notBefore, notAfter, revokedAt } of signingKeys) {
    const bytes = decodeHex(publicKey);
    const key = bytes === null ? null : pinSm2PublicKey(bytes);
    const [from, to] = [parseIsoTime(notBefore), parseIsoTime(notAfter)];
    // A revocation whose time cannot be read is one all the same.
    const revoked = revokedAt === undefined ? {} : { revokedAt: parseIsoTime(revokedAt) ?? 0 };
    if (key !== null && from !== null && to !== null) keys.push({ keyId, key, notBefore: from, notAfter: to, ...revoked });
  }
  return keys;
}

/**
 * Checks one made-up signature under each key, so that the tables behind a key and the compiled code are there before the
 * first person stands at the window: that check would otherwise take a tenth of a second longer.
 */
export function warmKeys(keys: PlatformKeys): void {
  const madeUp = new Uint8Array(64).fill(1);
  for (const { signerId, keys: known } of keys.values()) {
    for (const { key } of known) verifySm2({ key, message: madeUp, signature: madeUp, id: signerId });
  }
}

/** The profile with its address replaced, for a platform that moved (an embedded one on another port); its keys stay. */
export function moveProfile(profile: PlatformProfile, baseUrl: string): PlatformProfile {
  const from = URL.parse(profile.baseUrl)?.host;
  const to = URL.parse(baseUrl)?.host;
  const fileHosts = profile.fileHosts.map((host) => (host === from && to !== undefined ? to : host));
  return { ...profile, baseUrl, fileHosts };
}
