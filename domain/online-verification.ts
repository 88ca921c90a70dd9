import { type CheckList, createCheckList } from './check-list.ts';
import { certificateScope, type ConsentRecord, consentDigest, consentPeriod, readConsentRecord } from './consent-record.ts';
import type { CertificateEntry, EnterpriseReply, EnterpriseVerdict, InformationGroup } from './contracts/enterprise.ts';
import { equalBytes } from './crypto/bytes.ts';
import { encodeHexUpper } from './crypto/hex.ts';
import { sm3 } from './crypto/sm3.ts';
import { encodeUtf8 } from './crypto/utf8.ts';
import { type Failure, type FailureCode, isGatewayFailure } from './failure.ts';
import { isJsonObject } from './json.ts';
import { parseCzqx, type Permissions } from './permissions.ts';
import type { ServiceCode } from './service-code.ts';
import { parseIsoTime } from './time.ts';
import { type Check, type SupportCode, supportCodes, type VerdictState } from './verdict.ts';

/** Who asks: the organisation that a named grantee must be. A grantee named without a number is compared with `orgName`. */
export interface Asker {
  readonly orgCode: string;
  readonly orgName?: string | undefined;
  /** Identity number of the operator, compared with a grantee who is a person. */
  readonly personCode?: string | undefined;
}

/** What the rest of the ordered checks is made from. */
export interface ReplyInput {
  readonly code: ServiceCode;
  readonly reply: EnterpriseReply;
  /** The consent record exactly as received, before anything was read into it; its digest counts as well. */
  readonly receivedRecord?: unknown;
  readonly us: Asker;
  /** Epoch milliseconds when the reply came. */
  readonly now: number;
  /** The checks that `verifyLocally` made. */
  readonly checks: readonly Check[];
  /** Information groups and certificate types of which this matter needs at least one; empty or absent: any. */
  readonly needed?: readonly string[];
}

/** The verdict of one enterprise query; `granted` is there only when the state lets data be shown. */
export interface OnlineVerdict {
  readonly state: VerdictState;
  readonly supportCode?: SupportCode;
  readonly checks: readonly Check[];
  /** The platform's clock minus ours, milliseconds; null when its time is none. */
  readonly clockDifferenceMs: number | null;
  /** When a one-time code was used first, as the platform says. */
  readonly usedAt?: string;
  /** Upper-case hex of what the code says and of what the record digests to. */
  readonly consentDigest?: { readonly inCode: string; readonly recomputed: string; readonly equal: boolean };
  readonly granted?: Grant;
}

/** What was authorised, and nothing else (C 0300-2021 6.3.2 j). */
export interface Grant {
  readonly record: ConsentRecord;
  readonly permissions: Permissions;
  /** The earlier of the code's and the consent's end, epoch milliseconds (wire notes R4). */
  readonly until: number;
  readonly data: Readonly<Record<string, InformationGroup>>;
  readonly certificates: readonly CertificateEntry[];
  /** Groups and certificates that came without being authorised, by xxlb entry or else by type: not shown, but recorded. */
  readonly hidden: readonly string[];
}

/** Beyond this no verdict is green: the five minutes of a code mean nothing (design: clock wrong). */
export const maxClockDifferenceMs = 60_000;

const refusals: Readonly<Record<Exclude<EnterpriseVerdict, 'valid'>, SupportCode>> = {
  expired: 'E-EXP-02',
  used: 'E-USED-01',
  unknownCode: 'E-PLAT-04',
  badSignature: 'E-PLAT-03',
  granteeMismatch: 'E-SCOPE-02',
  secondAuthentication: 'E-AUTH-01',
  confirmationRefused: 'E-AUTH-02',
  confirmationTimeout: 'E-AUTH-03',
  withdrawn: 'E-WDR-01',
  keyRevoked: 'E-SIG-03',
  keyExpired: 'E-SIG-04',
};

/**
 * Makes the checks that need the platform's answer, in order: online, one-time, consent digest, grantee, data. The first
 * that fails decides; nothing is granted unless all before `data` passed.
 */
export function judgeReply(input: ReplyInput): OnlineVerdict {
  const { reply } = input;
  const checks = createCheckList(input.checks);
  const verifiedAt = parseIsoTime(reply.verifiedAt);
  const clockDifferenceMs = verifiedAt === null ? null : verifiedAt - input.now;
  const used = reply.usedAt === undefined ? {} : { usedAt: reply.usedAt };
  const refuse = (supportCode: SupportCode, more: Partial<OnlineVerdict> = {}): OnlineVerdict => {
    const { state, check } = supportCodes[supportCode];
    // Waiting for the legal representative is no failure of the code.
    checks.record(check, state === 'second-authentication' ? 'warned' : 'failed');
    return { state, supportCode, checks: checks.all(), clockDifferenceMs, ...more };
  };

  if (reply.verdict !== 'valid') {
    passUntil(checks, supportCodes[refusals[reply.verdict]].check);
    return refuse(refusals[reply.verdict], reply.verdict === 'used' ? used : {});
  }
  const record = reply.authRecord;
  if (verifiedAt === null || record === undefined || !isAboutGrantor(input.code, reply, record)) return refuse('E-ENV-02');
  checks.record('online', 'passed');
  if (Math.abs(verifiedAt - input.now) > maxClockDifferenceMs) return refuse('E-CLK-01');
  checks.record('one-time', 'passed');

  const digest = compareDigest(input, record);
  if (!digest.equal || !isGrantor(input.code, record)) return refuse('E-DIG-01', { consentDigest: digest });
  checks.record('consent-digest', 'passed');
  if (!isSameName(reply.subject?.name ?? '', record.sqzt.sqztmc)) return refuse('E-ENV-02', { consentDigest: digest });
  const stop = judgeRecord(input, record, verifiedAt);
  if (stop !== null) return refuse(stop, { consentDigest: digest });
  checks.record('grantee', 'passed');
  checks.record('expiry', 'passed');
  return judgeData(input, record, { checks, refuse, rest: { clockDifferenceMs, consentDigest: digest } });
}

/** The verdict when no usable answer came; of the failure's `detail` only a gateway's status counts. */
export function judgeRemoteFailure(input: { checks: readonly Check[]; failure: Failure }): OnlineVerdict {
  const checks = createCheckList(input.checks);
  const supportCode = isGatewayFailure(input.failure) ? 'E-NET-04' : (remoteFailures[input.failure.code] ?? 'E-NET-01');
  const { state, check } = supportCodes[supportCode];
  checks.record(check, 'failed');
  return { state, supportCode, checks: checks.all(), clockDifferenceMs: null };
}

/**
 * The verdict where the platform could not be reached and the site lets that be: structure, signature and expiry are known to be good,
 * everything that only the platform knows was not checked and is not said to be.
 */
export function judgeUnreached(checks: readonly Check[]): OnlineVerdict {
  return { state: 'provisional', checks, clockDifferenceMs: null };
}

const remoteFailures: Readonly<Partial<Record<FailureCode, SupportCode>>> = {
  'remote/unreachable': 'E-NET-01',
  'remote/timeout': 'E-NET-02',
  'remote/http-status': 'E-NET-03',
  'remote/too-large': 'E-NET-03',
  'remote/undecryptable': 'E-ENV-01',
  'remote/malformed': 'E-ENV-02',
  'remote/forged': 'E-ENV-03',
  'remote/refused': 'E-PLAT-02',
};

/** The platform made the checks before the one that it names; only those that it alone can make count as passed. */
function passUntil(checks: CheckList, failed: Check['id']): void {
  if (failed === 'one-time' || failed === 'grantee') checks.record('online', 'passed');
  if (failed === 'grantee') checks.record('one-time', 'passed');
}

/** An answer about another company, or about none, is no answer to this code; behind a hash the record says who it is. */
function isAboutGrantor(code: ServiceCode, reply: EnterpriseReply, record: ConsentRecord): boolean {
  return reply.subject?.uscc === (code.identity.kind === 'uscc' ? code.identity.uscc : record.sqzt.sqztdm);
}

function compareDigest(input: ReplyInput, record: ConsentRecord): NonNullable<OnlineVerdict['consentDigest']> {
  const expected = input.code.consentDigest;
  const ofRecord = consentDigest(record);
  const received = input.receivedRecord;
  // The issuer may have digested members that we do not know: the record as received counts, if it says the same.
  const ofReceived = isJsonObject(received) && saysTheSame(received, record) ? consentDigest(received) : ofRecord;
  const recomputed = equalBytes(ofReceived, expected) ? ofReceived : ofRecord;
  return {
    inCode: encodeHexUpper(expected),
    recomputed: encodeHexUpper(recomputed),
    equal: equalBytes(recomputed, expected),
  };
}

function saysTheSame(received: unknown, record: ConsentRecord): boolean {
  const read = readConsentRecord(received);
  return read !== null && equalBytes(consentDigest(read), consentDigest(record));
}

function isGrantor(code: ServiceCode, record: ConsentRecord): boolean {
  const grantor = record.sqzt.sqztdm;
  if (code.identity.kind === 'uscc') return grantor === code.identity.uscc;
  return encodeHexUpper(sm3(encodeUtf8(grantor))) === code.identity.hash;
}

/** The name that is shown is the one that was signed; registers print brackets in either width. */
function isSameName(shown: string, signed: string): boolean {
  const plain = (name: string): string => name.trim().replaceAll('（', '(').replaceAll('）', ')');
  return plain(shown) === plain(signed);
}

/** Period, permissions and grantee of a record that is known to be the one that was signed. */
function judgeRecord(input: ReplyInput, record: ConsentRecord, verifiedAt: number): SupportCode | null {
  const period = consentPeriod(record);
  const permissions = parseCzqx(record.czqx);
  if (period === null || permissions === null) return 'E-ENV-02';
  if (verifiedAt >= Math.min(period.to, input.code.expiresAt)) return 'E-EXP-02';
  if (verifiedAt + maxClockDifferenceMs < period.from) return 'E-SCOPE-03';
  return isGrantee(record.bsqzt, input.us) ? null : 'E-SCOPE-02';
}

/** Nobody named: anyone may read. Else number against number, or name against name where no number is given. */
function isGrantee(grantee: ConsentRecord['bsqzt'], us: Asker): boolean {
  if (grantee === undefined) return true;
  const { bsqztlx, bsqzxm, zjhm } = grantee;
  if (zjhm === '' && bsqzxm === '') return true;
  if (bsqztlx === '1') return zjhm !== '' && zjhm === us.personCode;
  return zjhm === '' ? bsqzxm === us.orgName : zjhm === us.orgCode;
}

interface DataStep {
  readonly checks: CheckList;
  readonly refuse: (supportCode: SupportCode, more?: Partial<OnlineVerdict>) => OnlineVerdict;
  readonly rest: Pick<OnlineVerdict, 'clockDifferenceMs' | 'consentDigest'>;
}

function judgeData(input: ReplyInput, record: ConsentRecord, step: DataStep): OnlineVerdict {
  const { reply } = input;
  const { consentDigest: digest } = step.rest;
  const more = digest === undefined ? {} : { consentDigest: digest };
  const permissions = parseCzqx(record.czqx);
  const period = consentPeriod(record);
  if (permissions === null || period === null || !permissions.read) return step.refuse('E-SCOPE-01', more);
  const allowed = new Set(record.xxlb ?? reply.infoList?.map((item) => item.oid));
  const groups = Object.entries(reply.data ?? {});
  const shown = groups.filter(([oid]) => allowed.has(oid));
  const { certificates, others } = divideCertificates(reply.certList ?? [], record.xxlb ?? []);
  const grantedNames = new Set([...allowed, ...certificates.map((certificate) => certificate.certificateType)]);
  if (grantedNames.size === 0) return step.refuse('E-SCOPE-01', more);
  const granted: Grant = {
    record,
    permissions,
    until: Math.min(input.code.expiresAt, period.to),
    data: Object.fromEntries(shown),
    certificates,
    hidden: [...groups.filter(([oid]) => !allowed.has(oid)).map(([oid]) => oid), ...others.map(nameCertificate)],
  };
  if (shown.length === 0 && certificates.length === 0) return step.refuse('E-DATA-01', { ...more, granted });
  const needed = input.needed ?? [];
  if (needed.length > 0 && !needed.some((name) => grantedNames.has(name))) return step.refuse('E-SCOPE-01', more);
  step.checks.record('data', 'passed');
  return { state: 'verified', checks: step.checks.all(), ...step.rest, granted };
}

/** The certificates that the record lets be shown; one that names no type of certificate leaves the choice to the platform. */
function divideCertificates(entries: readonly CertificateEntry[], scope: readonly string[]) {
  if (!scope.some((name) => name.startsWith(certificateScope('')))) return { certificates: entries, others: [] };
  const isGranted = ({ certificateTypeCode = '' }: CertificateEntry): boolean =>
    certificateTypeCode !== '' && scope.includes(certificateScope(certificateTypeCode));
  return { certificates: entries.filter(isGranted), others: entries.filter((entry) => !isGranted(entry)) };
}

function nameCertificate({ certificateType, certificateTypeCode = '' }: CertificateEntry): string {
  return certificateTypeCode === '' ? certificateType : certificateScope(certificateTypeCode);
}
