import type { EnterpriseReply } from '../../domain/contracts/enterprise.ts';
import type { Failure } from '../../domain/failure.ts';
import type { LocalStop, PlatformKeys } from '../../domain/local-verification.ts';
import type { Grant, OnlineVerdict } from '../../domain/online-verification.ts';
import { createSecret } from '../../domain/secret.ts';
import { type ServiceCode, serviceCodeDigest } from '../../domain/service-code.ts';
import { parseIsoTime } from '../../domain/time.ts';
import type { CodeFacts, GrantedFacts, SubjectFacts, VerifyAttempt, VerifyContext, VerifyOutcome, VerifyScan } from './verify-outcome.ts';

/** Describes a refusal of the local checks: nothing was asked, and a code without a good signature says nothing. */
export function describeLocalStop(input: {
  readonly scan: VerifyScan;
  readonly context: VerifyContext;
  readonly local: LocalStop;
  readonly elapsedMs: number;
  readonly platforms: PlatformKeys;
}): VerifyOutcome {
  const { scan, context, local, elapsedMs, platforms } = input;
  const { platformId } = local;
  return {
    ...scanFacts(scan, context),
    ...nothingAnswered,
    elapsedMs,
    state: local.state,
    supportCode: local.supportCode,
    kind: local.kind,
    checks: local.checks,
    askedPlatform: false,
    failure: null,
    platform: platformId === undefined ? null : { id: platformId, name: platforms.get(platformId)?.name ?? null },
    code: local.code === undefined ? null : codeFacts(local.code),
    attempt: null,
  };
}

/** A query that was sent, and how long the verdict took. */
export interface Asked {
  readonly attempt: VerifyAttempt;
  readonly elapsedMs: number;
  readonly verdict: OnlineVerdict;
}

/** Describes a verdict without a usable answer. */
export function describeUnanswered(asked: Asked & { readonly failure: Failure }): VerifyOutcome {
  return { ...askedFacts(asked), ...nothingAnswered, clockOffsetMs: asked.verdict.clockDifferenceMs, failure: asked.failure };
}

/** Describes a verdict on an answer: what is granted, if the state lets data be shown, and nothing beside it. */
export function describeReply(
  asked: Asked & { readonly reply: EnterpriseReply; readonly roundTripMs: number; readonly clockOffsetMs: number | null },
): VerifyOutcome {
  const { verdict, reply, roundTripMs, clockOffsetMs } = asked;
  const { granted } = verdict;
  return {
    ...askedFacts(asked),
    checks: verdict.checks.map((check) => (check.id === 'online' && check.outcome !== 'not-made' ? { ...check, ms: roundTripMs } : check)),
    ...nothingGranted,
    ...(granted === undefined ? {} : grantedFacts(granted, reply)),
    roundTripMs,
    clockOffsetMs,
    failure: null,
    oneTime: reply.oneTime,
    usedAt: parseIsoTime(verdict.usedAt ?? ''),
    verifiedAt: parseIsoTime(reply.verifiedAt),
    subject: granted === undefined ? null : subjectFacts(reply),
    grantee: granteeFacts(verdict, reply),
    consent: granted?.record ?? null,
    consentDigest: verdict.consentDigest ?? null,
  };
}

const nothingGranted: GrantedFacts = {
  permissions: { read: false, retain: false, download: false, transfer: false, raw: 0 },
  grantedUntil: null,
  information: [],
  hiddenExtras: [],
  certificates: [],
  holderToken: null,
};

const nothingAnswered = {
  ...nothingGranted,
  roundTripMs: null,
  oneTime: false,
  usedAt: null,
  verifiedAt: null,
  subject: null,
  grantee: null,
  consent: null,
  consentDigest: null,
  clockOffsetMs: null,
};

function scanFacts(scan: VerifyScan, { requestId }: VerifyContext) {
  const { scanId, source, device, receivedAt } = scan;
  return { scanId, requestId, source, device, scannedAt: receivedAt };
}

function askedFacts({ attempt, elapsedMs, verdict }: Asked) {
  const { scan, context, code, kind, platformName } = attempt;
  return {
    ...scanFacts(scan, context),
    elapsedMs,
    state: verdict.state,
    supportCode: verdict.supportCode ?? null,
    kind,
    checks: verdict.checks,
    askedPlatform: true,
    platform: { id: code.platformId, name: platformName },
    code: codeFacts(code),
    attempt: createSecret(attempt),
  };
}

function codeFacts(code: ServiceCode): CodeFacts {
  const { identity, expiresAt, form } = code;
  return { digest: serviceCodeDigest(code), uscc: identity.kind === 'uscc' ? identity.uscc : null, expiresAt, form };
}

function grantedFacts(granted: Grant, reply: EnterpriseReply): GrantedFacts {
  return {
    permissions: granted.permissions,
    grantedUntil: granted.until,
    information: Object.entries(granted.data).map(([oid, group]) => ({ oid, ...group })),
    hiddenExtras: granted.hidden,
    certificates: granted.certificates,
    holderToken: reply.trustedToken === undefined ? null : createSecret(reply.trustedToken),
  };
}

function subjectFacts({ subject }: EnterpriseReply): SubjectFacts | null {
  if (subject === undefined) return null;
  const { name, uscc, type, legalRepresentative = null, presenter = null, presenterRole = null } = subject;
  return { name, uscc, type, legalRepresentative, presenter, presenterRole };
}

/** Named even in a refusal, so that the clerk can say whom the consent is for; a record that is not the signed one names nobody. */
function granteeFacts(verdict: OnlineVerdict, reply: EnterpriseReply): VerifyOutcome['grantee'] {
  const named = reply.authRecord?.bsqzt;
  if (named === undefined || verdict.consentDigest?.equal !== true) return null;
  return named.bsqzxm === '' && named.zjhm === '' ? null : { name: named.bsqzxm, number: named.zjhm, isPerson: named.bsqztlx === '1' };
}
