import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { EntryType } from '../../domain/entry-type.ts';
import type { FailureCode, Result } from '../../domain/failure.ts';
import type { VerdictState } from '../../domain/verdict.ts';

/** What a business row beside an audit entry may be; the store writes both in one transaction. */
export type JournalRow =
  | { readonly table: 'scan'; readonly scan: ScanFacts; readonly replay: CodeSighting | null; readonly companies: readonly string[]; readonly outbox: OutboxNote | null }
  | { readonly table: 'document'; readonly documentId: string; readonly scanId: string; readonly format: 'PDF' | 'OFD' }
  | { readonly table: 'case'; readonly opened: CaseFacts; readonly closedAt: number }
  | { readonly table: 'setting'; readonly name: string; readonly value: Uint8Array }
  | { readonly table: 'outbox'; readonly recordId: string; readonly answer: string; readonly cause: string | null; readonly answeredAt: number }
  | { readonly table: 'outbox-again' };

/** What a scan means for what is handed in later: its record waits, or the one that waits is settled. */
export type OutboxNote =
  | { readonly recordId: string; readonly body: Uint8Array }
  | { readonly recordId: string; readonly settledAs: string };

/** A scan's clear columns: nothing that names anyone. */
export interface ScanFacts {
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

/** That a code was seen in a case. */
export interface CodeSighting {
  readonly codeDigest: string;
  readonly caseId: string;
  readonly scanId: string;
  readonly expiresAt: number;
}

/** One case (一件事 for one person) as it is kept. */
export interface CaseFacts {
  readonly caseId: string;
  readonly itemCode: string;
  readonly itemName: string;
  readonly useFor: string;
  readonly bizNum: string;
  readonly openedAt: number;
}

/** What the store must be able to do for the journal. */
export interface JournalStore {
  append(input: {
    readonly entry: JournalEntry;
    readonly body: Uint8Array | null;
    readonly bodyClass?: 'content';
    readonly business: JournalRow | null;
  }): Promise<Result<{ readonly seq: number; readonly hash: string }>>;
}

interface JournalEntry {
  readonly at: number;
  readonly mono: number;
  readonly uncertaintyMs: number;
  readonly actor: string;
  readonly role: string;
  readonly device: string;
  readonly type: string;
  readonly result: string;
  readonly ref: string;
}

/** One thing to write down; `detail` goes into the sealed body. */
export interface Note {
  readonly type: EntryType;
  readonly result: string;
  readonly ref: string;
  readonly detail?: unknown;
  readonly bytes?: Uint8Array;
  readonly row?: JournalRow;
  /** The body is granted content that may be kept, with a time to live of its own. */
  readonly bodyClass?: 'content';
  /** Who did it, where it is not who is logged in. */
  readonly as?: { readonly actor: string; readonly role: string };
}

/** Writes down what happened; ok only once it is on the disk. No entry, no action. */
export interface Journal {
  record(note: Note): Promise<Result<{ readonly seq: number; readonly hash: string }>>;
  head(): { readonly seq: number; readonly hash: string };
  /** Why the last entry could not be written down; null when it could. */
  fault(): FailureCode | null;
  /** Null when something can be written down now; after a failure this is found out by writing that work is resumed. */
  ready(): Promise<FailureCode | null>;
}

/** What the journal needs; `identity` is asked for each entry. */
export interface JournalDeps {
  readonly store: JournalStore;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly uncertaintyMs: () => number;
  readonly identity: () => { readonly actor: string; readonly role: string; readonly device: string };
  readonly head: { readonly seq: number; readonly hash: string };
  readonly onRecorded: () => void;
}

/** Creates the journal on top of the store. */
export function createJournal(deps: JournalDeps): Journal {
  let head = deps.head;
  let fault: FailureCode | null = null;
  const record: Journal['record'] = async (note) => {
    const body = note.bytes ?? (note.detail === undefined ? null : encodeUtf8(JSON.stringify(note.detail)));
    const written = await deps.store.append({
      entry: {
        at: deps.now(),
        mono: Math.max(0, Math.round(deps.monotonic())),
        uncertaintyMs: Math.min(Math.round(deps.uncertaintyMs()), Number.MAX_SAFE_INTEGER),
        ...deps.identity(),
        ...note.as,
        type: note.type,
        result: note.result,
        ref: note.ref,
      },
      body,
      ...(note.bodyClass === undefined ? {} : { bodyClass: note.bodyClass }),
      business: note.row ?? null,
    });
    const before = fault;
    fault = written.ok ? null : written.failure.code;
    // Answers may be told of in another order than they were written.
    if (written.ok && written.value.seq > head.seq) head = written.value;
    if (written.ok || fault !== before) deps.onRecorded();
    return written;
  };
  return {
    head: () => head,
    record,
    fault: () => fault,
    ready: async () => {
      if (fault === null) return null;
      const resumed = await record({ type: 'record.resumed', result: fault, ref: '' });
      return resumed.ok ? null : resumed.failure.code;
    },
  };
}
