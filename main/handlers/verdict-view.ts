import type { CertificateSummary, Verdict } from '../../domain/contracts/counter.ts';
import type { CertificateEntry, ConsentRecord, InformationGroup } from '../../domain/contracts/enterprise.ts';
import type { SiteKindRow } from '../../domain/site-kind.ts';
import { makeTextsVisible } from '../../domain/text-safety.ts';
import { parseCertificateDate } from '../../domain/time.ts';
import type { GrantedVerdict } from '../app.ts';
import type { VerifyOutcome } from '../verify/verify-outcome.ts';
import { consentRows } from './consent-rows.table.ts';
import { maskId, maskName, maskNumbersIn, maskPhone } from './masking.ts';
import { describeSiteKind } from './site-kind-words.ts';

/**
 * The verdict as the window may see it: no code, no token, personal fields masked until they were revealed, and what would
 * act in a text instead of being read made visible (threat T7).
 */
export function describeVerdict(granted: GrantedVerdict, now: number, siteKinds: readonly SiteKindRow[] = []): Verdict {
  const { outcome, isRevealed, withdrawnAt, auditSeq } = granted;
  const { permissions } = outcome;
  return makeTextsVisible({
    ...describeScan(outcome),
    ...describeSiteKind(outcome.kind, siteKinds),
    auditSeq,
    ...describeCode(outcome),
    withdrawnAt,
    subject: describeSubject(outcome, isRevealed),
    grantee: describeGrantee(outcome, isRevealed),
    permissions: { read: permissions.read, retain: permissions.retain, download: permissions.download, transfer: permissions.transfer },
    consent: outcome.consent === null ? [] : describeConsent(outcome.consent, isRevealed),
    consentDigest: outcome.consentDigest,
    information: outcome.information.map((group) => ({ oid: group.oid, title: group.title, fields: describeFields(group, isRevealed) })),
    certificates: outcome.certificates.map((entry) => describeCertificate(entry, now)),
    clockOffsetMs: outcome.clockOffsetMs,
  });
}

function describeScan(outcome: VerifyOutcome) {
  const { scanId, state, supportCode, kind, source, device, scannedAt, elapsedMs, askedPlatform, checks } = outcome;
  return { scanId, state, supportCode, kind, source, device, scannedAt, elapsedMs, askedPlatform, checks: [...checks] };
}

function describeCode(outcome: VerifyOutcome) {
  const { platform, code, grantedUntil, usedAt, oneTime } = outcome;
  return { platform, expiresAt: grantedUntil ?? code?.expiresAt ?? null, usedAt, oneTime };
}

function describeSubject({ subject }: VerifyOutcome, isRevealed: boolean): Verdict['subject'] {
  if (subject === null) return null;
  const show = (name: string | null): string | null => (name === null || isRevealed ? name : maskName(name));
  return { ...subject, legalRepresentative: show(subject.legalRepresentative), presenter: show(subject.presenter) };
}

// A refusal for the grantee names him without the consent record: what masks him comes with him.
function describeGrantee({ grantee }: VerifyOutcome, isRevealed: boolean): string | null {
  if (grantee === null) return null;
  const { name, number, isPerson } = grantee;
  if (!isPerson || isRevealed) return name || number;
  return name === '' ? maskId(number) : maskName(name);
}

function describeConsent(record: ConsentRecord, isRevealed: boolean): Verdict['consent'] {
  const isPerson = record.bsqzt?.bsqztlx === '1';
  return consentRows.flatMap(({ name, mask, read }) => {
    const value = read(record);
    if (value === undefined) return [];
    if (isRevealed || mask === null || !isPerson) return [{ name, value: isRevealed ? value : maskNumbersIn(value) }];
    return [{ name, value: mask === 'name' ? maskName(value) : maskId(value) }];
  });
}

const maskOf = { name: maskName, id: maskId, phone: maskPhone } as const;

function describeFields(group: InformationGroup, isRevealed: boolean): Verdict['information'][number]['fields'] {
  return group.fields.map(({ label, value, personal }) => {
    if (isRevealed) return { label, value, masked: false };
    const shown = personal === undefined ? maskNumbersIn(value) : maskOf[personal](value);
    return { label, value: shown, masked: shown !== value };
  });
}

const endsSoonMs = 30 * 24 * 60 * 60 * 1000;
const chinaOffsetMs = 8 * 60 * 60 * 1000;

function describeCertificate(entry: CertificateEntry, now: number): CertificateSummary {
  const { certificateID, certificateType, issueDept, certificateNumber, issueDate } = entry;
  const until = parseCertificateDate(entry.validUntil ?? '');
  return {
    ...{ certificateId: certificateID, type: certificateType, issueDept, number: certificateNumber, issueDate },
    validUntil: until?.kind === 'day' ? until.day : null,
    validity: until === null ? 'unknown' : until.kind === 'unlimited' ? 'valid' : judgeEnd(until.day, now),
  };
}

/** The last day counts whole, in Asia/Shanghai. */
function judgeEnd(until: string, now: number): CertificateSummary['validity'] {
  const end = Date.parse(`${until}T00:00:00Z`) - chinaOffsetMs + 24 * 60 * 60 * 1000;
  if (Number.isNaN(end)) return 'unknown';
  if (now >= end) return 'ended';
  return end - now <= endsSoonMs ? 'ends-soon' : 'valid';
}
