import { createCheckList, type CheckList } from './check-list.ts';
import { classifyOther, type KindId, type ScannedSymbol } from './code-kind.ts';
import { type PinnedSm2Key, verifySm2 } from './crypto/sm2.ts';
import { isOversized, parseServiceCode, type ServiceCode } from './service-code.ts';
import { type Check, type LocalRefusal, type SupportCode, supportCodes } from './verdict.ts';

/** A signing key of a platform's code engine; times are epoch milliseconds, valid while notBefore <= now < notAfter. */
export interface PlatformKey {
  readonly keyId: string;
  readonly key: PinnedSm2Key;
  readonly notBefore: number;
  readonly notAfter: number;
  /** Epoch ms when it was revoked; absent while it is not. */
  readonly revokedAt?: number;
}

/** A platform that this counter is enrolled at. `signerId` is the SM2 user identity of its code signatures. */
export interface KnownPlatform {
  readonly name: string;
  readonly signerId: Uint8Array;
  readonly keys: readonly PlatformKey[];
}

/** The routing table: platform id (B3) → platform. */
export type PlatformKeys = ReadonlyMap<string, KnownPlatform>;

/** What the local checks need; every measure of time is handed in. */
export interface LocalInput extends ScannedSymbol {
  /** Epoch milliseconds. */
  readonly now: number;
  /** How far our clock may be off, milliseconds. */
  readonly clockUncertaintyMs: number;
  readonly platforms: PlatformKeys;
  /** A monotonic clock in milliseconds, only for the times shown beside the checks. */
  readonly clock: () => number;
  /** The signature check; verifySm2 unless a test replaces it. */
  readonly verifySignature?: typeof verifySm2;
}

/** All local checks passed: the platform may be asked. Only `checks` up to `expiry` are made. */
export interface LocalPass {
  readonly passed: true;
  readonly code: ServiceCode;
  readonly kind: KindId;
  readonly checks: readonly Check[];
  readonly platformName: string;
  readonly keyId: string;
}

/** A refusal; `platformId` as soon as it could be read, `code` only when its signature is good (a bad one hides everything). */
export interface LocalStop extends LocalRefusal {
  readonly passed: false;
  readonly platformId?: string;
  readonly code?: ServiceCode;
}
export type LocalVerdict = LocalPass | LocalStop;

/** Beyond this our clock proves nothing about a five-minute code (design: trusted time). */
export const maxClockUncertaintyMs = 60_000;
const maxKeysTried = 4;

/**
 * Makes the checks that need no network, in order: readable, kind, structure, platform, signature, expiry. The first that
 * fails decides the verdict. Never throws; a code is valid while now < expiresAt (C 0300-2021 7.3.3).
 */
export function verifyLocally(input: LocalInput): LocalVerdict {
  const stopwatch = createStopwatch(input.clock);
  const checks = createCheckList();
  if (isOversized(input)) return refuse(checks, 'E-FMT-01', 'unknown', stopwatch.lap());
  checks.record('readable', 'passed', stopwatch.lap());

  const parse = parseServiceCode(input);
  if (!parse.ok && !parse.isServiceCode) {
    const kind = classifyOther(input);
    return refuse(checks, kind === 'unknown' ? 'E-KIND-02' : 'E-KIND-01', kind, stopwatch.lap());
  }
  checks.record('kind', 'passed', stopwatch.lap());
  if (!parse.ok) return refuse(checks, parse.supportCode, 'enterprise-service-code', stopwatch.lap());
  checks.record('structure', 'passed', stopwatch.lap());
  return verifyParsed(input, parse.code, checks, stopwatch);
}

function verifyParsed(input: LocalInput, code: ServiceCode, checks: CheckList, stopwatch: Stopwatch): LocalVerdict {
  const kind: KindId = 'enterprise-service-code';
  const { platformId } = code;
  const platform = input.platforms.get(platformId);
  if (platform === undefined) return { ...refuse(checks, 'E-PLAT-01', kind), platformId };
  checks.record('platform', 'passed');

  const keys = usableKeys(platform, input.now);
  if (keys.length === 0 && platform.keys.length === 0) return { ...refuse(checks, 'E-SIG-02', kind, stopwatch.lap()), platformId };
  const signer = findSigner(input, code, platform, keys);
  if (signer === undefined) return { ...refuse(checks, explainNoSigner(input, code, platform), kind, stopwatch.lap()), platformId };
  checks.record('signature', 'passed', stopwatch.lap());

  if (input.clockUncertaintyMs > maxClockUncertaintyMs) return { ...refuse(checks, 'E-CLK-01', kind), platformId, code };
  if (input.now >= code.expiresAt) return { ...refuse(checks, 'E-EXP-01', kind), platformId, code };
  // So close to the end that our clock cannot tell: the platform decides, and nobody calls it proven before.
  checks.record('expiry', input.now + input.clockUncertaintyMs >= code.expiresAt ? 'warned' : 'passed');
  return { passed: true, code, kind, checks: checks.all(), platformName: platform.name, keyId: signer.keyId };
}

/** The keys valid now, newest first, at most four (wire notes B6). */
function usableKeys(platform: KnownPlatform, now: number): readonly PlatformKey[] {
  return platform.keys
    .filter((key) => isUsable(key, now))
    .toSorted((a, b) => b.notBefore - a.notBefore)
    .slice(0, maxKeysTried);
}

function isUsable(key: PlatformKey, now: number): boolean {
  return key.revokedAt === undefined && key.notBefore <= now && now < key.notAfter;
}

/** A good signature of a key that counts no more is said to be that, and no forgery; the newest four are looked at. */
function explainNoSigner(input: LocalInput, code: ServiceCode, platform: KnownPlatform): SupportCode {
  const ended = platform.keys.filter((key) => !isUsable(key, input.now)).toSorted((a, b) => b.notBefore - a.notBefore).slice(0, maxKeysTried);
  const signer = findSigner(input, code, platform, ended);
  if (signer !== undefined) return signer.revokedAt === undefined ? 'E-SIG-04' : 'E-SIG-03';
  return ended.length === platform.keys.length ? 'E-SIG-02' : 'E-SIG-01';
}

function findSigner(
  input: LocalInput,
  code: ServiceCode,
  platform: KnownPlatform,
  keys: readonly PlatformKey[],
): PlatformKey | undefined {
  const verify = input.verifySignature ?? verifySm2;
  const { signedBytes: message, signature } = code;
  return keys.find(({ key }) => verify({ key, message, signature, id: platform.signerId }));
}

function refuse(checks: CheckList, supportCode: SupportCode, kind: KindId, ms: number | null = null): LocalStop {
  const { state, check } = supportCodes[supportCode];
  checks.record(check, 'failed', ms);
  return { passed: false, state, supportCode, kind, checks: checks.all() };
}

interface Stopwatch {
  /** Milliseconds since the last call. */
  readonly lap: () => number;
}

function createStopwatch(clock: () => number): Stopwatch {
  let last = clock();
  return {
    lap: () => {
      const now = clock();
      const ms = now - last;
      last = now;
      return ms;
    },
  };
}
