import type { EnterpriseQuery } from '../../domain/contracts/enterprise.ts';
import { type Failure, isSilence, type Result } from '../../domain/failure.ts';
import { type LocalVerdict, type PlatformKeys, verifyLocally } from '../../domain/local-verification.ts';
import { type Asker, judgeRemoteFailure, judgeReply, judgeUnreached, type OnlineVerdict } from '../../domain/online-verification.ts';
import type { ReadEnterpriseReply } from '../../domain/sharing-reply.ts';
import type { SiteKindRow } from '../../domain/site-kind.ts';
import { parseIsoTime, printIsoTime } from '../../domain/time.ts';
import { type Check, type CheckId, checkIds, type SupportCode, supportCodes } from '../../domain/verdict.ts';
import { describeLocalStop, describeReply, describeUnanswered } from './outcome-facts.ts';
import type { VerifyAttempt, VerifyContext, VerifyOutcome, VerifyScan } from './verify-outcome.ts';

/** The part of a platform's client that verification needs. */
export interface VerifierPlatform {
  query(request: EnterpriseQuery): Promise<Result<VerifierAnswer>>;
}

/** An answered query; `receivedAt` is epoch ms by our clock. */
export interface VerifierAnswer {
  readonly value: ReadEnterpriseReply;
  readonly receivedAt: number;
  readonly roundTripMs: number;
}

/** The clients by platform id; null where the counter is not enrolled. */
export type VerifierRemote = (platformId: string) => VerifierPlatform | null;

/** What the verifier needs; asked anew for every scan, so that a key or a setting that changes counts at once. */
export interface VerifierDeps {
  /** Epoch ms. */
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly platforms: () => PlatformKeys;
  /** Fetches the keys of a platform anew; false when they could not be had. Without it the known ones are all there are. */
  readonly refreshKeys?: (platformId: string) => Promise<boolean>;
  readonly us: () => Asker;
  readonly remote: VerifierRemote;
  /** What is known of our clock: platform minus ours, and how far that may be off, ms. */
  readonly clock: () => { readonly offsetMs: number; readonly uncertaintyMs: number };
  /** Whether a code of this platform may pass for the time being when ours cannot be reached; without it none does. */
  readonly allowsProvisional?: (platformId: string) => boolean;
  /** Hosts whose `?code=` links may carry a code; no link is ever opened. */
  readonly wrapperHosts?: readonly string[];
  /** The kinds of codes that the site names itself. */
  readonly siteKinds?: () => readonly SiteKindRow[];
}

/** Turns scans into verdicts. Never rejects for anything scanned or received. */
export interface Verifier {
  verify(scan: VerifyScan, context: VerifyContext): Promise<VerifyOutcome>;
  /** F5: asks again with the same request id, so that a one-time code is not consumed again; a local refusal stays as it is. */
  retry(outcome: VerifyOutcome): Promise<VerifyOutcome>;
}

/**
 * Creates the verifier: the ordered local checks, then, only when all of them passed, one query and the rest of the checks
 * (C 0300-2021 6.3.2 g–j). The outcome is complete or there is none.
 */
export function createVerifier(deps: VerifierDeps): Verifier {
  return {
    verify: async (scan, context) => {
      const startedMono = deps.monotonic();
      const local = await checkWithFreshKeys(deps, scan);
      const elapsedMs = deps.monotonic() - startedMono;
      if (!local.passed) return describeLocalStop({ scan, context, local, elapsedMs, platforms: deps.platforms() });
      const { code, kind, checks, platformName } = local;
      const { firstAskedAt } = context;
      const attempt = { scan, context, code, kind, localChecks: checks, platformName, firstSentAt: firstAskedAt ?? deps.now() };
      return ask(deps, attempt, startedMono, firstAskedAt !== undefined);
    },
    retry: async (outcome) =>
      outcome.attempt === null ? outcome : ask(deps, outcome.attempt.reveal(), deps.monotonic(), true),
  };
}

/** What fresh keys may judge otherwise: no known key signed it, or one that counts no more by what was known. */
const maySignAnew: readonly SupportCode[] = ['E-SIG-01', 'E-SIG-02', 'E-SIG-04'];

/** Nobody is told of a bad signature by keys that may be out of date: they are fetched once, and where they cannot be had that is said. */
async function checkWithFreshKeys(deps: VerifierDeps, scan: VerifyScan): Promise<LocalVerdict> {
  const local = checkLocally(deps, scan);
  if (local.passed || local.platformId === undefined || deps.refreshKeys === undefined || !maySignAnew.includes(local.supportCode)) return local;
  if (await deps.refreshKeys(local.platformId)) return checkLocally(deps, scan);
  return local.supportCode === 'E-SIG-01' ? { ...local, state: supportCodes['E-SIG-05'].state, supportCode: 'E-SIG-05' } : local;
}

function checkLocally(deps: VerifierDeps, scan: VerifyScan): LocalVerdict {
  const { offsetMs, uncertaintyMs } = deps.clock();
  return verifyLocally({
    text: scan.text,
    bytes: scan.bytes,
    symbology: scan.symbology,
    wrapperHosts: deps.wrapperHosts,
    siteKinds: deps.siteKinds?.(),
    now: deps.now() + offsetMs,
    clockUncertaintyMs: uncertaintyMs,
    platforms: deps.platforms(),
    clock: deps.monotonic,
  });
}

async function ask(deps: VerifierDeps, attempt: VerifyAttempt, startedMono: number, isRepeated = false): Promise<VerifyOutcome> {
  const answer = await deps.remote(attempt.code.platformId)?.query(printQuery(attempt));
  const asked = { attempt, elapsedMs: deps.monotonic() - startedMono };
  if (answer === undefined) {
    return describeUnanswered({ ...asked, verdict: refuseUnenrolled(attempt), failure: { code: 'remote/not-enrolled' } });
  }
  if (!answer.ok) {
    const verdict = mayPass(deps, attempt, answer.failure) ? judgeUnreached(attempt.localChecks) : judgeFailure(attempt, answer.failure);
    return describeUnanswered({ ...asked, verdict, failure: answer.failure });
  }
  const { reply, receivedRecord } = answer.value.value;
  const { needed } = attempt.context;
  const verdict = judgeReply({
    code: attempt.code,
    reply,
    receivedRecord,
    us: deps.us(),
    now: estimateDecisionTime(answer.value, attempt, isRepeated),
    checks: attempt.localChecks,
    ...(needed === undefined ? {} : { needed }),
  });
  const clockOffsetMs = isRepeated ? null : verdict.clockDifferenceMs;
  return describeReply({ ...asked, verdict, reply, roundTripMs: answer.value.roundTripMs, clockOffsetMs });
}

function printQuery({ code, scan, context }: VerifyAttempt): EnterpriseQuery {
  return {
    code: code.canonicalText,
    operatorCredential: context.operator,
    ...context.purpose,
    requestId: context.requestId,
    scannedAt: printIsoTime(scan.receivedAt),
    deviceId: context.deviceId,
  };
}

/**
 * When the platform decided, by our clock: half-way of the round trip. An answer to a repeated request may be the one
 * given the first time, so any moment since then is as good as the platform's own time.
 */
function estimateDecisionTime(answer: VerifierAnswer, attempt: VerifyAttempt, isRepeated: boolean): number {
  const halfWay = Math.round(answer.receivedAt - answer.roundTripMs / 2);
  const said = parseIsoTime(answer.value.reply.verifiedAt);
  if (!isRepeated || said === null) return halfWay;
  return Math.min(Math.max(said, attempt.firstSentAt), answer.receivedAt);
}

/** The reference platform's `head.status` where the platform that it asked gave no answer. */
const issuerSilent = /^51 /;

/** Only where nobody answered, and our clock alone could tell that the code has not ended. */
function mayPass({ allowsProvisional }: VerifierDeps, { code: scanned, localChecks }: VerifyAttempt, failure: Failure): boolean {
  return allowsProvisional?.(scanned.platformId) === true && isSilence(failure) && localChecks.find(({ id }) => id === 'expiry')?.outcome === 'passed';
}

/** Refusals whose detail names a cause of its own: a no inside a success (`result` "0"), and a clock too far off. */
function judgeFailure(attempt: VerifyAttempt, failure: Failure): OnlineVerdict {
  const verdict = judgeRemoteFailure({ checks: attempt.localChecks, failure });
  if (failure.code !== 'remote/refused') return verdict;
  if (/^(result|code) /.test(failure.detail ?? '')) return { ...verdict, supportCode: 'E-PLAT-03' };
  if (issuerSilent.test(failure.detail ?? '')) return { ...verdict, state: supportCodes['E-PLAT-05'].state, supportCode: 'E-PLAT-05' };
  const offset = /^clock (-?[0-9]+)$/.exec(failure.detail ?? '')?.[1];
  if (offset === undefined) return verdict;
  const { state } = supportCodes['E-CLK-01'];
  return { ...verdict, state, supportCode: 'E-CLK-01', clockDifferenceMs: Number(offset) };
}

/** The key is known but not the way to the platform: for the clerk the same as an unknown platform. */
function refuseUnenrolled({ localChecks }: VerifyAttempt): OnlineVerdict {
  const checks = markFailed(localChecks, 'platform');
  return { state: supportCodes['E-PLAT-01'].state, supportCode: 'E-PLAT-01', checks, clockDifferenceMs: null };
}

/** The named check failed, and none after it was made. */
function markFailed(checks: readonly Check[], failed: CheckId): readonly Check[] {
  const at = checkIds.indexOf(failed);
  return checks.map((check, i) => (i < at ? check : { id: check.id, outcome: i === at ? 'failed' : 'not-made', ms: null }));
}
