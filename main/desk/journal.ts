import { printSignedStatement, signedEntryTypes } from '../../domain/audit-signature.ts';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { EntryType } from '../../domain/entry-type.ts';
import { type FailureCode, fail, ok, type Result } from '../../domain/failure.ts';
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
  readonly content?: string;
  readonly signature?: string;
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

/** Signs as whoever is logged in; null once they are not any more. */
export interface EntrySigner {
  readonly operatorId: string;
  sign(text: string): Promise<Uint8Array | null>;
}

/** What the journal needs; `identity` and `signer` are asked for each entry. */
export interface JournalDeps {
  readonly store: JournalStore;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly uncertaintyMs: () => number;
  readonly identity: () => { readonly actor: string; readonly role: string; readonly device: string };
  readonly signer: () => EntrySigner | null;
  readonly random: RandomBytes;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly onRecorded: () => void;
}

/** Creates the journal on top of the store. */
export function createJournal(deps: JournalDeps): Journal {
  let head = deps.head;
  let fault: FailureCode | null = null;
  const record: Journal['record'] = async (note) => {
    const stated = describeEntry(deps, note);
    const signer = signedEntryTypes.includes(note.type) ? deps.signer() : null;
    const isSigned = signer !== null && signer.operatorId === stated.actor;
    const body = isSigned ? saltedBody(deps.random, note.detail) : (note.bytes ?? (note.detail === undefined ? null : encodeUtf8(JSON.stringify(note.detail))));
    const entry = isSigned ? await signEntry(signer, stated, body) : ok(stated);
    // They went while it was signed: nobody stands behind it.
    if (!entry.ok) return entry;
    const written = await deps.store.append({
      entry: entry.value,
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

function describeEntry(deps: JournalDeps, note: Note): JournalEntry {
  return {
    at: deps.now(),
    mono: Math.max(0, Math.round(deps.monotonic())),
    uncertaintyMs: Math.min(Math.round(deps.uncertaintyMs()), Number.MAX_SAFE_INTEGER),
    ...deps.identity(),
    ...note.as,
    type: note.type,
    result: note.result,
    ref: note.ref,
  };
}

// Its digest stands in clear in the line, also after the content is erased: without a random part it could be guessed at.
function saltedBody(random: RandomBytes, detail: unknown): Uint8Array | null {
  return detail === undefined ? null : encodeUtf8(JSON.stringify({ ...detail as object, salt: encodeHex(random(16)) }));
}

async function signEntry(signer: EntrySigner, entry: JournalEntry, body: Uint8Array | null): Promise<Result<JournalEntry>> {
  const { at, uncertaintyMs, ...said } = entry;
  const content = encodeHex(sm3(body ?? new Uint8Array()));
  const signature = await signer.sign(printSignedStatement({ ...said, t: new Date(at).toISOString(), u: uncertaintyMs, content }));
  return signature === null ? fail('access/locked') : ok({ ...entry, content, signature: encodeBase64(signature) });
}
