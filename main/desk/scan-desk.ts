import type { Case } from '../../domain/contracts/counter.ts';
import type { CertificateEntry, ConsentRecord, InformationGroup, OperatorCredential } from '../../domain/contracts/enterprise.ts';
import type { Purpose } from '../../domain/contracts/sharing.ts';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { type Failure, type FailureCode, fail, ok, type Result } from '../../domain/failure.ts';
import type { Permissions } from '../../domain/permissions.ts';
import type { Check, SupportCode, VerdictState } from '../../domain/verdict.ts';
import { codeKeyOf } from './code-key.ts';
import type { Granted, GrantedMemory } from './granted.ts';
import type { CodeSighting, Journal, OutboxNote } from './journal.ts';

/** One scan as it comes from the hub. */
export interface DeskScan {
  readonly scanId: string;
  readonly source: 'serial' | 'hid' | 'wedge' | 'camera' | 'image';
  readonly device: string;
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly symbology?: string;
  readonly receivedAt: number;
}

/** On whose behalf a code is verified. */
export interface DeskContext {
  readonly purpose: Purpose;
  readonly operator: OperatorCredential;
  readonly requestId: string;
  readonly deviceId: string;
  /** When this very request was asked first, epoch ms: its answer may be the one given then. */
  readonly firstAskedAt?: number;
}

/** The facts of a verdict that are written down; a verifier's outcome has these and more. */
export interface DeskOutcome {
  readonly scanId: string;
  readonly requestId: string;
  readonly scannedAt: number;
  readonly elapsedMs: number;
  readonly roundTripMs: number | null;
  readonly state: VerdictState;
  readonly supportCode: SupportCode | null;
  readonly kind: string;
  readonly checks: readonly Check[];
  readonly askedPlatform: boolean;
  readonly failure: Failure | null;
  readonly code: { readonly digest: string; readonly expiresAt: number } | null;
  readonly subject: { readonly name: string; readonly uscc: string } | null;
  readonly consent: ConsentRecord | null;
  readonly consentDigest: { readonly inCode: string; readonly recomputed: string; readonly equal: boolean } | null;
  readonly permissions: Permissions;
  /** Epoch ms; null when nothing is granted. */
  readonly grantedUntil: number | null;
  readonly information: readonly (InformationGroup & { readonly oid: string })[];
  readonly hiddenExtras: readonly string[];
  readonly certificates: readonly CertificateEntry[];
  readonly clockOffsetMs: number | null;
}

/** What became of a scan. */
export type DeskEvent<Outcome, Document> =
  | { readonly type: 'reading'; readonly scan: DeskScan }
  | { readonly type: 'verdict'; readonly granted: Granted<Outcome, Document> }
  | { readonly type: 'repeat'; readonly scanId: string }
  | { readonly type: 'refused'; readonly code: FailureCode; readonly device: string };

/** What the pipeline needs. */
export interface ScanDeskDeps<Outcome extends DeskOutcome, Document> {
  readonly verifier: {
    verify(scan: DeskScan, context: DeskContext): Promise<Outcome>;
    retry(outcome: Outcome): Promise<Outcome>;
  };
  readonly seen: (input: { readonly codeDigest: string; readonly now: number }) => Promise<Result<CodeSighting | null>>;
  readonly journal: Journal;
  readonly memory: GrantedMemory<Outcome, Document>;
  /** Why nothing is verified now: nothing can be written down, or nobody is logged in; null when all is well. */
  readonly hindrance: () => Promise<FailureCode | null>;
  readonly currentCase: () => Case | null;
  readonly countScan: () => void;
  readonly context: (current: Case) => Omit<DeskContext, 'requestId' | 'firstAskedAt'>;
  /** What is handed in later, for a verdict that was reached without the platform; and what needs not be any more. */
  readonly outbox: (outcome: Outcome, operator: OperatorCredential) => OutboxNote | null;
  readonly onOutcome: (outcome: Outcome) => void;
  readonly publish: (event: DeskEvent<Outcome, Document>) => void;
}

/** The way of a code: verified, written down, and only then shown. */
export interface ScanDesk<Outcome, Document> {
  /** Never rejects for anything scanned; what went wrong is published. */
  take(scan: DeskScan): Promise<void>;
  /** Asks for the data of a verdict again and writes down what came. */
  retry(granted: Granted<Outcome, Document>): Promise<Result<Granted<Outcome, Document>>>;
}

/** Creates the scan desk. */
export function createScanDesk<Outcome extends DeskOutcome, Document>(deps: ScanDeskDeps<Outcome, Document>): ScanDesk<Outcome, Document> {
  const take = async (scan: DeskScan): Promise<void> => {
    const refuse = (code: FailureCode): void => deps.publish({ type: 'refused', code, device: scan.device });
    const blocked = await deps.hindrance();
    if (blocked !== null) return refuse(blocked);
    const current = deps.currentCase();
    if (current === null) return refuse('case/not-open');
    const known = deps.memory.findCode(scan.bytes);
    // The very code whose data is on the screen: nothing new to ask as long as its grant lives (wire notes B10, B11, R4).
    if (known?.outcome.state === 'verified' && scan.receivedAt < (known.outcome.grantedUntil ?? 0)) return deps.publish({ type: 'repeat', scanId: known.outcome.scanId });
    deps.publish({ type: 'reading', scan });
    const requestId = requestIdOf(scan.bytes, current.caseId);
    const again = known?.outcome.askedPlatform === true ? { firstAskedAt: known.outcome.scannedAt } : {};
    const context = { ...deps.context(current), requestId, ...again };
    const outcome = await deps.verifier.verify(scan, context);
    deps.onOutcome(outcome);
    // The person went while the platform was thinking: their verdict belongs to no one at the window now.
    const granted = await recordOutcome(deps, { outcome, codeBytes: scan.bytes, current, askedBy: context.operator });
    if (!granted.ok) return refuse(granted.failure.code);
    deps.publish({ type: 'verdict', granted: granted.value });
  };
  return {
    take,
    retry: async (granted) => {
      const blocked = await deps.hindrance();
      const current = deps.currentCase();
      if (blocked !== null) return fail(blocked);
      if (current?.caseId !== granted.caseId) return fail('verdict/unknown');
      const askedBy = deps.context(current).operator;
      const outcome = await deps.verifier.retry(granted.outcome);
      if (outcome === granted.outcome) return ok(granted);
      // A window that waits for the holder asks every few seconds: that it still waits is nothing new to write down.
      if (outcome.state === 'second-authentication' && granted.outcome.state === outcome.state) return ok(granted);
      deps.onOutcome(outcome);
      return recordOutcome(deps, { outcome, codeBytes: granted.codeBytes, current, askedBy });
    },
  };
}

interface Judged<Outcome> {
  readonly outcome: Outcome;
  readonly codeBytes: Uint8Array;
  readonly current: Case;
  /** Who was logged in when it was asked. */
  readonly askedBy: OperatorCredential;
}

async function recordOutcome<Outcome extends DeskOutcome, Document>(
  deps: ScanDeskDeps<Outcome, Document>,
  { outcome, codeBytes, current, askedBy }: Judged<Outcome>,
): Promise<Result<Granted<Outcome, Document>>> {
  const { caseId, bizNum, itemName } = current;
  // Whoever is logged in by now did not ask: it is neither theirs to see nor to be written down as their deed.
  const isTheirs = (): boolean => deps.context(current).operator.operatorId === askedBy.operatorId;
  if (!isTheirs()) return fail('verdict/unknown');
  const { scanId, scannedAt, state, supportCode, kind, code } = outcome;
  const sighting = code === null ? ok(null) : await deps.seen({ codeDigest: code.digest, now: scannedAt });
  if (!sighting.ok) return sighting;
  const written = await deps.journal.record({
    type: 'scan.verdict',
    result: supportCode === null ? state : `${state} ${supportCode}`,
    ref: scanId,
    detail: describeEvidence(outcome, codeBytes, sighting.value),
    row: {
      table: 'scan',
      scan: { scanId, caseId, scannedAt, state, supportCode, kind, bizNum, itemName, elapsedMs: Math.round(outcome.elapsedMs) },
      companies: outcome.subject === null ? [] : [outcome.subject.name, outcome.subject.uscc],
      replay: code === null ? null : { codeDigest: code.digest, caseId, scanId, expiresAt: code.expiresAt },
      outbox: deps.outbox(outcome, askedBy),
    },
  });
  if (!written.ok) return written;
  const content = outcome.permissions.retain ? await recordContent(deps.journal, outcome) : null;
  if (content?.ok === false) return content;
  const hidden = outcome.hiddenExtras.length === 0 ? null : await recordHidden(deps.journal, outcome);
  if (hidden?.ok === false) return hidden;
  if (deps.currentCase()?.caseId !== caseId || !isTheirs()) return fail('verdict/unknown');
  const before = deps.memory.find(scanId);
  if (before === null) deps.countScan();
  const documents = before?.documents ?? new Map<string, Document>();
  const granted = { caseId, outcome, codeBytes, auditSeq: written.value.seq, isRevealed: false, withdrawnAt: null, documents };
  deps.memory.keep(scanId, granted);
  return ok(granted);
}

// Kept only where the consent lets it be (czqx bit 1), apart from the evidence: its time to live is another.
function recordContent(journal: Journal, outcome: DeskOutcome) {
  const { scanId, subject, information } = outcome;
  return journal.record({ type: 'content.kept', result: `groups ${information.length}`, ref: scanId, detail: { subject, information }, bodyClass: 'content' });
}

// C 0300 6.3.2 j: only authorised information is shown; that more came is written down, without what it said.
function recordHidden(journal: Journal, outcome: DeskOutcome) {
  return journal.record({
    type: 'data.hidden',
    result: `groups ${outcome.hiddenExtras.length}`,
    ref: outcome.scanId,
    detail: { oids: outcome.hiddenExtras },
  });
}

/** What an auditor may open later: what was decided and on what grounds, not what was granted. */
function describeEvidence(outcome: DeskOutcome, codeBytes: Uint8Array, seenBefore: CodeSighting | null): unknown {
  const { permissions, subject, consent, consentDigest, checks, requestId, askedPlatform, failure, roundTripMs, clockOffsetMs } = outcome;
  return {
    subjectName: subject?.name ?? null,
    code: encodeBase64(codeBytes),
    requestId,
    seenBefore: seenBefore?.scanId ?? null,
    ...{ checks, askedPlatform, failure, roundTripMs, clockOffsetMs, consent, consentDigest },
    permissions: permissions.raw,
    certificates: outcome.certificates.map(({ certificateType, certificateNumber }) => ({ certificateType, certificateNumber })),
  };
}

/**
 * The same code in the same case is the same request, however a device wrote it, also after a crash between the platform's answer and our record:
 * a one-time code is then answered again, not refused as used. A UUID of version 8 (RFC 9562 5.8).
 */
function requestIdOf(codeBytes: Uint8Array, caseId: string): string {
  const bytes = sm3(encodeUtf8(`request|${caseId}|${codeKeyOf(codeBytes)}`)).slice(0, 16);
  const view = new DataView(bytes.buffer);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x80);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  return encodeHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
