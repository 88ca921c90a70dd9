import type { Case, FileVerdict } from '../../domain/contracts/counter.ts';
import type { CertificateEntry } from '../../domain/contracts/enterprise.ts';
import type { Purpose } from '../../domain/contracts/sharing.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { type FailureCode, fail, ok, type Result } from '../../domain/failure.ts';
import type { Permissions } from '../../domain/permissions.ts';
import { isCertificateIdentifier } from '../../domain/sharing-reply.ts';
import type { VerdictState } from '../../domain/verdict.ts';
import type { FileSignatureState, SignatureReport } from '../../ofd/signature-report.ts';
import type { Granted, GrantedMemory } from './granted.ts';
import type { Journal } from './journal.ts';

/** What the signatures of a file are worth, as checked here. */
export interface CheckedSignatures {
  readonly state: FileSignatureState;
  readonly signatures: readonly SignatureReport[];
}

/** A certificate file as fetched and checked. */
export interface FetchedCertificate {
  readonly bytes: Uint8Array;
  readonly format: 'PDF' | 'OFD';
  /** 64 hex digits. */
  readonly sm3: string;
  /** Whether the platform gave a digest, which was then equal. */
  readonly digestCompared: boolean;
  readonly surface: readonly { readonly label: string; readonly value: string }[];
  /** What whoever issued the file does not allow. */
  readonly restrictions: readonly ('print' | 'save')[];
  /** Null when the file could not be read for them. Beside the platform's answer, never instead. */
  readonly signatures: CheckedSignatures | null;
  /** The platform's answer to 12.1.10. */
  readonly platformVerdict: FileVerdict;
  /** Which certificate the platform says that the file is. */
  readonly entry: Pick<CertificateEntry, 'certificateType' | 'certificateNumber'>;
}

/** A certificate open at the window: in memory only, unless the consent lets it be kept. */
export interface OpenCertificate extends FetchedCertificate {
  readonly documentId: string;
  readonly entry: CertificateEntry;
  readonly watermark: readonly string[];
}

/** A watermarked copy (加注件), ready to print, save or hand on. */
export interface CertificateCopy {
  readonly bytes: Uint8Array;
  readonly fileName: string;
  readonly sm3: string;
}

/** What is needed of a verdict here. */
export interface CertificateOutcome {
  readonly scanId: string;
  readonly state: VerdictState;
  readonly permissions: Permissions;
  /** Epoch ms; null when nothing is granted. */
  readonly grantedUntil: number | null;
  readonly certificates: readonly CertificateEntry[];
}

/** What opening and copying needs; `watermark` gives the lines for the case and the moment. */
export interface CertificatesDeps<Outcome extends CertificateOutcome> {
  readonly fetch: (input: { readonly certificateId: string; readonly purpose: Purpose }) => Promise<Result<FetchedCertificate>>;
  readonly copy: (input: {
    readonly document: OpenCertificate;
    readonly current: Case;
    readonly auditSeq: number;
    /** 0 for a file to keep; else which print of this certificate it is, from 1. */
    readonly printing: number;
    /** To whom it is handed on; null for a copy that stays here. */
    readonly recipient: string | null;
    /** Whether the platform said just now that the grant stands; the copy says so where it did not. */
    readonly isConfirmed: boolean;
  }) => Promise<Result<CertificateCopy>>;
  /**
   * Asks the platform whether the grant still stands: `verdict/withdrawn` once its holder took it back. Where the platform is silent the copy is
   * unconfirmed if the site works on without it, else refused as `permission/unconfirmed`.
   */
  readonly confirm: (input: { readonly certificateId: string; readonly purpose: Purpose }) => Promise<Result<Pick<CopyFacts, 'isConfirmed'>>>;
  readonly memory: GrantedMemory<Outcome, OpenCertificate>;
  readonly journal: Journal;
  readonly random: RandomBytes;
  readonly currentCase: () => Case | null;
  readonly purpose: (current: Case) => Purpose;
  readonly watermark: (current: Case) => readonly string[];
  /** The latest time that it may be, by the trusted clock. */
  readonly latest: () => number;
}

/**
 * Why the grant is over, or null while it lasts: its holder took it back, or the time that was granted ran out (sqqx, wire notes R4). What was
 * obtained before may stay at the window until the next person, but nothing more is fetched, copied or unmasked.
 */
export function findGrantEnd(
  { withdrawnAt, outcome: { grantedUntil } }: Pick<Granted<Pick<CertificateOutcome, 'grantedUntil'>, unknown>, 'withdrawnAt' | 'outcome'>,
  latest: number,
): 'verdict/withdrawn' | 'verdict/grant-ended' | null {
  if (withdrawnAt !== null) return 'verdict/withdrawn';
  return grantedUntil !== null && latest >= grantedUntil ? 'verdict/grant-ended' : null;
}

/** What whoever asked for a copy is told of it. */
export interface CopyFacts {
  readonly auditSeq: number;
  /** Whether the platform said that the grant stands, when the copy was asked for. */
  readonly isConfirmed: boolean;
}

/** What is wanted of an open certificate. */
export interface CopyWish {
  readonly documentId: string;
  readonly purpose: 'print' | 'save' | 'forward';
  /** To whom it is handed on; needed to forward, of no meaning otherwise. */
  readonly recipient?: string | undefined;
}

/** Which certificate is wanted. */
export interface OpeningWish {
  readonly scanId: string;
  readonly certificateId: string;
  readonly onlyObtained?: boolean | undefined;
}

/** The certificates of a verdict: each opening and each copy is an audit entry, and a refused one too. */
export interface Certificates {
  /** `onlyObtained`: nothing is fetched, and that nothing was there is no refusal of anybody, so no entry. */
  open(input: OpeningWish): Promise<Result<OpenCertificate>>;
  /**
   * Refused here, not only in the window, unless the consent gives it — download (czqx bit 2) to print and save, transfer (bit 3) to forward —
   * and the file itself allows it, and unless the grant stands at the platform now: a holder may take it back at any time (C 0300 6.2 b).
   * What is forwarded names its `recipient`, on the copy and in the record.
   */
  copy(input: CopyWish): Promise<Result<CertificateCopy & CopyFacts>>;
}

/** Creates the certificate desk. */
export function createCertificates<Outcome extends CertificateOutcome>(deps: CertificatesDeps<Outcome>): Certificates {
  // How many prints of each certificate are written down, once those that are asked for already are made or refused.
  const prints = new Map<string, Promise<number>>();
  return {
    open: (input) => openCertificate(deps, input),
    copy: async (input) => {
      if (input.purpose !== 'print') return copyCertificate(deps, { ...input, printing: 0 });
      // One after another: the number stands on the copy, whose digest is in the entry.
      const before = prints.get(input.documentId) ?? Promise.resolve(0);
      const copying = before.then((printed) => copyCertificate(deps, { ...input, printing: printed + 1 }));
      prints.set(input.documentId, Promise.all([before, copying.catch(() => null)]).then(([printed, copied]) => printed + (copied?.ok === true ? 1 : 0)));
      return copying;
    },
  };
}

async function openCertificate<Outcome extends CertificateOutcome>(
  deps: CertificatesDeps<Outcome>,
  { scanId, certificateId, onlyObtained }: OpeningWish,
): Promise<Result<OpenCertificate>> {
  const granted = deps.memory.find(scanId);
  const current = deps.currentCase();
  if (granted === null || current?.caseId !== granted.caseId) return fail('verdict/unknown');
  const entry = granted.outcome.certificates.find((one) => one.certificateID === certificateId);
  if (entry === undefined || !granted.outcome.permissions.read) return refuse(deps, 'verdict/not-granted', scanId);
  const known = [...granted.documents.values()].find((document) => document.entry.certificateID === certificateId);
  if (known !== undefined) return ok(known);
  const end = findGrantEnd(granted, deps.latest());
  if (onlyObtained === true) return fail(end ?? 'verdict/grant-ended');
  if (end !== null) return refuse(deps, end, scanId);
  const answer = await deps.fetch({ certificateId, purpose: deps.purpose(current) });
  const fetched = answer.ok && !isSameCertificate(answer.value.entry, entry) ? fail('remote/malformed', 'another certificate') : answer;
  if (!fetched.ok) {
    if (fetched.failure.code === 'verdict/withdrawn') endGrant(deps, scanId);
    const noted = await deps.journal.record({ type: 'certificate.refused', result: fetched.failure.code, ref: scanId });
    return noted.ok ? fetched : noted;
  }
  const documentId = encodeHex(deps.random(16));
  const document: OpenCertificate = { ...fetched.value, documentId, entry, watermark: deps.watermark(current) };
  const noted = await recordOpening(deps.journal, granted, document);
  if (!noted.ok) return noted;
  const latest = deps.memory.find(scanId);
  // 下一位 while the file was under way: it belongs to nobody at the window now.
  if (latest === null) return fail('verdict/unknown');
  deps.memory.keep(scanId, { ...latest, documents: new Map([...latest.documents, [documentId, document]]) });
  return ok(document);
}

/** A grant that its holder took back is over from now on, for copies and unmasking too, whatever the clock does. */
function endGrant<Outcome extends CertificateOutcome>({ memory, latest }: CertificatesDeps<Outcome>, scanId: string): void {
  const granted = memory.find(scanId);
  if (granted !== null) memory.keep(scanId, { ...granted, withdrawnAt: granted.withdrawnAt ?? latest() });
}

/** A number printed on a certificate cannot be held against an identifier of GB/T 36904 (wire notes W17). */
function isSameCertificate(one: FetchedCertificate['entry'], other: FetchedCertificate['entry']): boolean {
  if (one.certificateType.trim() !== other.certificateType.trim()) return false;
  const [a, b] = [one.certificateNumber.trim(), other.certificateNumber.trim()];
  return a === b || isCertificateIdentifier(a) !== isCertificateIdentifier(b);
}

function recordOpening(journal: Journal, granted: Granted<CertificateOutcome, OpenCertificate>, document: OpenCertificate) {
  const { documentId, format, sm3, digestCompared, platformVerdict, entry, bytes } = document;
  const { scanId, permissions } = granted.outcome;
  const facts = { scanId, format, sm3, digestCompared, platformVerdict, signatures: document.signatures?.state ?? null, certificateType: entry.certificateType, certificateNumber: entry.certificateNumber };
  const note = { type: 'certificate.opened', result: `${format} ${permissions.retain ? 'kept' : 'shown'}`, ref: documentId } as const;
  return permissions.retain
    ? journal.record({ ...note, bytes, row: { table: 'document', documentId, scanId, format } })
    : journal.record({ ...note, detail: facts });
}

async function copyCertificate<Outcome extends CertificateOutcome>(
  deps: CertificatesDeps<Outcome>,
  { documentId, purpose, printing, recipient = '' }: CopyWish & { readonly printing: number },
): Promise<Result<CertificateCopy & CopyFacts>> {
  const found = deps.memory.findDocument(documentId);
  const current = deps.currentCase();
  if (found === null || current?.caseId !== found.granted.caseId) return fail('verdict/unknown');
  const { granted, document } = found;
  const permission = purpose === 'forward' ? 'transfer' : 'download';
  const handedTo = purpose === 'forward' ? recipient.trim() : null;
  if (handedTo === '') return fail('permission/no-recipient');
  if (!granted.outcome.permissions[permission]) return refuse(deps, 'permission/not-granted', granted.outcome.scanId);
  const end = findGrantEnd(granted, deps.latest());
  if (end !== null) return refuse(deps, end, granted.outcome.scanId);
  // A file that may not be exported may not be handed on either.
  if (document.restrictions.includes(purpose === 'print' ? 'print' : 'save')) return refuse(deps, 'permission/by-file', granted.outcome.scanId);
  const standing = await deps.confirm({ certificateId: document.entry.certificateID, purpose: deps.purpose(current) });
  if (!standing.ok) {
    if (standing.failure.code === 'verdict/withdrawn') endGrant(deps, granted.outcome.scanId);
    return refuse(deps, standing.failure.code, granted.outcome.scanId);
  }
  const { isConfirmed } = standing.value;
  const copy = await deps.copy({ document, current, auditSeq: granted.auditSeq, printing, recipient: handedTo, isConfirmed });
  if (!copy.ok) return copy;
  // 下一位, or a newer verdict that takes the permission back, while the copy was made.
  if (deps.memory.findDocument(documentId)?.granted.outcome.permissions[permission] !== true) return fail('verdict/unknown');
  // Before it leaves our hands: a copy that is not written down is not given.
  const noted = await deps.journal.record({
    type: purpose === 'forward' ? 'copy.forwarded' : purpose === 'save' ? 'copy.saved' : printing > 1 ? 'copy.reprinted' : 'copy.printed',
    result: copy.value.sm3,
    ref: documentId,
    detail: { scanId: granted.outcome.scanId, certificateNumber: document.entry.certificateNumber, originalSm3: document.sm3, printing, grantConfirmed: isConfirmed, ...(handedTo === null ? {} : { recipient: handedTo }) },
  });
  return noted.ok ? ok({ ...copy.value, auditSeq: noted.value.seq, isConfirmed }) : noted;
}

async function refuse<Outcome extends CertificateOutcome>(deps: CertificatesDeps<Outcome>, code: FailureCode, scanId: string) {
  const noted = await deps.journal.record({ type: 'permission.refused', result: code, ref: scanId });
  return noted.ok ? fail(code) : noted;
}
