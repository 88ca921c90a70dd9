import type { VerdictState } from '../../domain/verdict.ts';
import type { DataKeyName } from './data-keys.ts';
import type { SignedCheckpoint } from '../../domain/audit-checkpoint.ts';

/** What happened, as its author says it; the store adds sequence, generation and body digest (`domain/audit-entry.ts`). */
export interface NewEntry {
  /** Wall clock, epoch ms, and monotonic clock, ms. */
  readonly at: number;
  readonly mono: number;
  /** How far the wall clock may be off, ms. */
  readonly uncertaintyMs: number;
  readonly actor: string;
  readonly role: string;
  readonly device: string;
  readonly type: string;
  readonly result: string;
  readonly ref: string;
  /** Where whoever did it signed for it: SM3 of the body in clear, hex, and the signature, DER in BASE64. */
  readonly content?: string | undefined;
  readonly signature?: string | undefined;
}

/** A scan's row: clear columns for lists and counts; everything that names someone is in the sealed body. */
export interface ScanColumns {
  readonly scanId: string;
  readonly caseId: string;
  readonly scannedAt: number;
  readonly state: VerdictState;
  readonly supportCode: string | null;
  readonly kind: string;
  readonly bizNum: string;
  readonly itemName: string;
  readonly elapsedMs: number;
}

/** A case as the store keeps it. */
export interface CaseRow {
  readonly caseId: string;
  readonly itemCode: string;
  readonly itemName: string;
  readonly useFor: string;
  readonly bizNum: string;
  readonly openedAt: number;
}

/** A code seen: SM3 of its canonical text, in which case, until when it is of interest. */
export interface Replay {
  readonly codeDigest: string;
  readonly caseId: string;
  readonly scanId: string;
  readonly expiresAt: number;
}

/** What is written in the same transaction as the audit entry that records it. */
export type Business =
  | { readonly table: 'scan'; readonly scan: ScanColumns; readonly replay: Replay | null; readonly companies?: readonly string[]; readonly outbox?: OutboxNote | null }
  | { readonly table: 'document'; readonly documentId: string; readonly scanId: string; readonly format: 'PDF' | 'OFD' }
  | { readonly table: 'case'; readonly opened: CaseRow; readonly closedAt: number }
  | { readonly table: 'setting'; readonly name: string; readonly value: Uint8Array }
  | { readonly table: 'outbox'; readonly recordId: string; readonly answer: string; readonly cause: string | null; readonly answeredAt: number }
  /** Everything set apart waits again. */
  | { readonly table: 'outbox-again' };

/** What a scan means for what is handed in later: its record waits, sealed until then, or the record that waits is settled. */
export type OutboxNote =
  | { readonly recordId: string; readonly body: Uint8Array }
  | { readonly recordId: string; readonly settledAs: string };

/** A record that waits to be handed in; `body` null when it cannot be read, with `fault`: it is damaged, or its key was destroyed. */
export interface OutboxRecord {
  readonly auditSeq: number;
  readonly recordId: string;
  readonly scanId: string;
  readonly scannedAt: number;
  /** The chain's at the scan's own entry. */
  readonly prevHash: string;
  readonly hash: string;
  readonly body: Uint8Array | null;
  readonly fault: 'damaged' | 'erased' | null;
}

/** A scan that was judged without the platform, and what it said since; null: nothing yet. */
export interface OutboxState extends Pick<ScanColumns, 'scanId' | 'scannedAt' | 'bizNum' | 'itemName'> {
  readonly auditSeq: number;
  readonly recordId: string;
  readonly answer: string | null;
  readonly cause: string | null;
  readonly answeredAt: number | null;
}

/** One thing to record: the entry, its body in clear (sealed before it is written) and its business row. */
export interface Append {
  readonly entry: NewEntry;
  readonly body: Uint8Array | null;
  /** `content`: granted content that may be kept (czqx bit 1), with a time to live of its own; `device`: nothing personal, readable while locked. */
  readonly bodyClass?: 'content' | 'device';
  readonly business: Business | null;
}

/** Where the chain ends; `firstBad` says where a broken one breaks. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
  readonly gen: number;
  /** Which opening of the store this is, of those in which something was signed. */
  readonly boot: number;
  /** Whether the end kept outside the database was there to compare with. */
  readonly anchor: 'ok' | 'missing';
  readonly state: 'ok' | 'broken';
  readonly firstBad: { readonly seq: number; readonly kind: string } | null;
}

/** A checkpoint as stored: what was signed, the peaks of the tree at its size, and the centre's countersignature if it gave one. */
export interface StoredCheckpoint extends SignedCheckpoint {
  readonly gen: number;
  readonly size: number;
  readonly peaks: readonly Uint8Array[];
  readonly countersigned: string | null;
}

/** One audit row as stored; `bodyHash` is recomputed from what lies there now. */
export interface ChainRow {
  readonly seq: number;
  readonly line: string;
  readonly prevHash: string;
  readonly hash: string;
  readonly bodyHash: string;
  /** HMAC-SM3 under the key of its epoch; null in entries of the first schema. */
  readonly mac: Uint8Array | null;
  /** State and support code of the business row, `null` when the entry has none: must agree with the line. */
  readonly outcome: string | null;
}

/** A scan row with its body opened; null when its key was destroyed. */
export interface StoredScan extends ScanColumns {
  readonly auditSeq: number;
  readonly body: Uint8Array | null;
}

/** What auditors search by; what is left out does not matter. Nothing is decrypted. */
export interface AuditQuery {
  /** Epoch ms: from, and before. */
  readonly fromAt?: number | undefined;
  readonly toAt?: number | undefined;
  readonly actor?: string | undefined;
  readonly type?: string | undefined;
  readonly state?: VerdictState | undefined;
  /** A company's whole name or its unified code. */
  readonly company?: string | undefined;
  /** A case number, or the id of a scan, case or document. */
  readonly about?: string | undefined;
  readonly beforeSeq?: number | undefined;
  readonly limit: number;
}

/** One audit line as stored. */
export interface StoredLine {
  readonly seq: number;
  readonly line: string;
  readonly prevHash: string;
  readonly hash: string;
}

/**
 * Everything the store does, one durable transaction each. Inside the worker these are synchronous; outside, each gives
 * a promise of a Result.
 */
export interface StoreOperations {
  append(input: Append): { readonly seq: number; readonly hash: string };
  head(input: null): Head;
  /** Signs the log as it stands now; null when nothing was recorded since the last checkpoint. */
  checkpoint(input: { readonly at: number }): StoredCheckpoint | null;
  /** Signed checkpoints over more than `afterSize` entries, in order. */
  checkpoints(input: { readonly afterSize: number; readonly limit: number }): readonly StoredCheckpoint[];
  /** The newest checkpoint, the newest that the audit centre countersigned, and how many entries were signed since that. */
  countersigning(input: null): { readonly newest: StoredCheckpoint | null; readonly last: StoredCheckpoint | null; readonly waiting: number };
  countersigned(input: { readonly gen: number; readonly size: number; readonly countersigned: string }): null;
  /** Whose log this is and who signs it; `seed` is the generation's first MAC key as long as it was not given away. */
  auditIdentity(input: null): { readonly device: string; readonly publicKey: Uint8Array; readonly gen: number; readonly seed: Uint8Array | null; readonly withoutMacUpTo: number };
  /** Signs the manifest of an export (lines of digest and name, nothing else): DER. */
  signManifest(input: { readonly text: string }): Uint8Array;
  /** The seed is with those who check MACs: it is forgotten here. */
  seedHandedOver(input: { readonly gen: number }): null;
  /** Audit rows from `fromSeq` upwards, for checking. */
  chain(input: { readonly fromSeq: number; readonly limit: number }): readonly ChainRow[];
  /** Audit lines before `beforeSeq` (null: the newest), newest first. */
  lines(input: { readonly beforeSeq: number | null; readonly limit: number }): readonly Omit<ChainRow, 'bodyHash' | 'outcome' | 'mac'>[];
  /** Audit lines that fit, newest first; nothing is decrypted for it. */
  search(input: AuditQuery): readonly StoredLine[];
  /** The first of these entries that a search would not find; null when it finds them all. */
  unfound(input: { readonly fromSeq: number; readonly toSeq: number }): number | null;
  activity(input: { readonly fromAt: number; readonly toAt: number }): readonly { readonly hourAt: number; readonly what: string; readonly entries: number }[];
  /** The line and the opened body of one entry (null: it has none, or none any more). */
  entry(input: { readonly seq: number }): { readonly line: string; readonly body: Uint8Array | null } | null;
  /** The newest recording of each scan, newest first. */
  scans(input: { readonly limit: number }): readonly StoredScan[];
  /** Records that wait to be handed in, of entries after `afterSeq`, oldest first; one that cannot be read says so and stops none of the others. */
  outboxWaiting(input: { readonly afterSeq: number; readonly limit: number }): readonly OutboxRecord[];
  /** How many wait, how many are set apart, how many had an answer other than the `good` ones since then, and when the last one came. */
  outboxState(input: { readonly good: readonly string[]; readonly sinceAt: number }): { readonly waiting: number; readonly setApart: number; readonly refused: number; readonly lastAnsweredAt: number | null };
  /** Scans that were judged without the platform, newest first, or those alone whose records are set apart. */
  outbox(input: { readonly limit: number; readonly isSetApart?: boolean }): readonly OutboxState[];
  outcomes(input: { readonly sinceAt: number }): readonly Pick<ScanColumns, 'scannedAt' | 'state' | 'elapsedMs'>[];
  /** Null when there is none, or its key was destroyed. */
  document(input: { readonly documentId: string }): Uint8Array | null;
  openCase(input: null): { readonly opened: CaseRow; readonly scans: number } | null;
  /** Codes of the matters last used, newest first. */
  recentMatters(input: { readonly limit: number }): readonly string[];
  /** How many cases were opened in [fromAt, toAt). */
  countCases(input: { readonly fromAt: number; readonly toAt: number }): number;
  bizNumTaken(input: { readonly bizNum: string }): boolean;
  /** The first sighting of a code that is not yet past. */
  seen(input: { readonly codeDigest: string; readonly now: number }): Replay | null;
  setting(input: { readonly name: string }): Uint8Array | null;
  /** Writes a setting that is no event of its own (a cache): sealed, without an audit entry. */
  cache(input: { readonly name: string; readonly value: Uint8Array }): null;
  /**
   * Makes the data keys available; false when they do not open under this key, which is overwritten. `isFirst`: nothing was
   * ever sealed here, so whatever keys lie there are put aside.
   */
  unlock(input: { readonly wrapKey: Uint8Array; readonly isFirst: boolean }): boolean;
  /** Forgets every data key. */
  lock(input: null): null;
  dataKeys(input: null): readonly DataKeyName[];
  /** Takes the data key of before under the wrapping key. */
  adoptLegacy(input: null): null;
  /** Wraps every data key under another key, which is overwritten. */
  rewrap(input: { readonly wrapKey: Uint8Array }): null;
  /** How many records each of these data keys seals. */
  sealedUnder(input: { readonly ids: readonly number[] }): readonly { readonly id: number; readonly records: number }[];
  /** Destroys data keys for good, and what companies were found by under them; their records stay in the chain and cannot be read again. */
  eraseKeys(input: { readonly ids: readonly number[] }): null;
}

export type StoreOperation = keyof StoreOperations;
