import { type AuditEntry, printAuditLine } from '../../domain/audit-entry.ts';
import { chainHash, genesisHash } from '../../domain/audit-chain.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import type { GrowingTree } from '../../domain/merkle-tree.ts';
import type { AuditKeys } from './audit-keys.ts';
import { noBodyHash } from './chain-rows.ts';
import { leafOf, writeCheckpoint } from './checkpoints.ts';
import { type LedgerDeps, type LedgerEnd, noteMissingAnchor, startLedger } from './ledger-start.ts';
import type { SealFor } from './record-sealing.ts';
import { bodyPlace, outboxPlace, scanPlace, settingPlace } from './record-places.ts';
import type { Append, Business, Head, OutboxNote, StoredCheckpoint, StoreOperations } from './records.ts';
import { answerOutbox, insertOutbox, releaseOutbox } from './outbox-rows.ts';
import { filledUpTo, fillSearch } from './search-tables.ts';
import { insertCompanies, insertDocument, insertScan, replaceOpenCase, writeSetting } from './rows.ts';

/** A failed chain: nothing more is recorded on it. */
export class ChainBroken extends Error {}

/** The audit chain inside the database; `append` is the only way to write a business row. */
export interface Ledger {
  append(input: Append): ReturnType<StoreOperations['append']>;
  /** Signs the log as it stands; null when there is nothing new to sign. */
  checkpoint(input: { readonly at: number }): StoredCheckpoint | null;
  /** Begins a new generation after a restore, later than `afterGen` too: the entry given is its first. */
  beginGeneration(input: Append, afterGen?: number): ReturnType<StoreOperations['append']>;
  head(): Head;
  readonly keys: AuditKeys;
  /** What is due to be signed is left to the first entry after the next opening. */
  close(): void;
}

/** After so many entries the log is signed as soon as the thread has nothing else to do: nobody waits for the signature. */
export const checkpointEvery = 100;

/** Behind so many that are not signed none is recorded: entries that come without a pause wait for the signature here, and one that fails is told here. */
export const mostUnsigned = 2 * checkpointEvery;

// Between two questions the search tables are this far behind at most, without a pause to fill them in: a run of entries costs less than each hundred.
const fillEvery = 1000;

interface Stand extends LedgerEnd {
  readonly isNewGen: boolean;
}

/** Opens the ledger: checks its last checkpoint, that the tail behind it holds together, and the end against the anchor. */
export function openLedger(deps: LedgerDeps): Ledger {
  const { db, keys, anchor } = deps;
  const start = startLedger(deps);
  const tree = start.tree;
  // Leaves that are not in the tree yet: a run of them costs less than one between two commits.
  const leaves: string[] = [];
  let head = start.head;
  let lastCheckpoint = start.lastCheckpoint;
  let anew = start.anew;
  let lastAt = 0;
  const signing = createSigningBehind({ onFault: deps.onFault, sign: () => sign(lastAt, fillEvery) });

  const commit = (input: Append, gen: number): { seq: number; hash: string } => {
    if (head.state === 'broken') throw new ChainBroken();
    if (head.seq - lastCheckpoint >= mostUnsigned) sign(input.entry.at, fillEvery);
    if (head.anchor === 'missing') {
      anew = { gen: head.gen, seq: head.seq + 1 };
      write(noteMissingAnchor(head, input), head.gen);
      head = { ...head, anchor: 'ok' };
    }
    const recorded = write(input, gen);
    if (head.seq - lastCheckpoint >= checkpointEvery) signing.bringUp();
    return recorded;
  };
  const write = (input: Append, gen: number): { seq: number; hash: string } => {
    // Head, tree and keys move only after the commit: a rolled-back entry leaves no trace in memory either.
    const stand: Stand = { ...head, gen, isNewGen: gen !== head.gen };
    const next = guarded(keys, () => db.transaction(() => appendOne(deps, stand, input)));
    if (stand.isNewGen) keys.settle();
    head = { ...head, ...next, gen };
    leaves.push(next.hash);
    anchor?.write(anew === undefined ? { gen, ...next } : { gen, ...next, anew });
    lastAt = input.entry.at;
    return next;
  };
  const sign = (at: number, searchLag = 0): StoredCheckpoint | null => {
    signing.forget();
    if (head.state === 'broken' || head.seq === lastCheckpoint) return null;
    for (const hash of leaves.splice(0)) tree.append(leafOf(hash));
    const made = guarded(keys, () => db.transaction(() => signOne(deps, tree, { ...head, at, searchLag })));
    lastCheckpoint = made.size;
    keys.settle();
    // In the midst of a run it is written when the thread is free; a power cut may set it back behind any checkpoint.
    if (searchLag === 0) anchor?.sync();
    return made;
  };
  return {
    keys,
    head: () => head,
    append: (input) => commit(input, head.gen),
    checkpoint: ({ at }) => {
      const made = sign(at);
      // What the hundreds left over: a pause is the time for it.
      if (made === null && head.state === 'ok') deps.db.transaction(() => fillSearch(deps.db));
      return made;
    },
    beginGeneration: (input, afterGen = 0) => {
      if (head.state === 'broken') throw new ChainBroken();
      sign(input.entry.at);
      return commit(input, Math.max(head.gen, afterGen) + 1);
    },
    close: signing.forget,
  };
}

/**
 * Signs behind the answer: the entry before it is recorded, whatever becomes of the signature. Where that fails, what comes next is to
 * be done over a new connection, and the next entry brings it up again.
 */
function createSigningBehind({ sign, onFault }: Pick<LedgerDeps, 'onFault'> & { readonly sign: () => unknown }) {
  let due: NodeJS.Immediate | null = null;
  const signNow = (): void => {
    try {
      sign();
    } catch {
      onFault?.();
    }
  };
  return {
    bringUp: (): void => {
      due ??= setImmediate(signNow);
    },
    forget: (): void => {
      if (due !== null) clearImmediate(due);
      due = null;
    },
  };
}

/** Keys that moved within a transaction that failed are read again. */
function guarded<T>(keys: AuditKeys, work: () => T): T {
  try {
    return work();
  } catch (error) {
    keys.reload();
    throw error;
  }
}

function signOne(deps: LedgerDeps, tree: GrowingTree, head: Head & { readonly at: number; readonly searchLag: number }): StoredCheckpoint {
  const made = writeCheckpoint(deps, tree, { gen: head.gen, head: head.hash, t: new Date(head.at).toISOString(), boot: head.boot });
  // A copy goes on as a new generation, with a key of its own.
  if (deps.keys.hasEpochKey()) deps.keys.advance();
  if (head.seq - filledUpTo(deps.db) > head.searchLag) fillSearch(deps.db);
  return made;
}

function appendOne(deps: LedgerDeps, stand: Stand, input: Append): { seq: number; hash: string } {
  const { db, sealing, keys } = deps;
  const seq = stand.seq + 1;
  const bodyTable = tableOfBody(input.business);
  const place = input.business?.table === 'scan' ? scanPlace(seq, input.business.scan) : bodyPlace(bodyTable, seq);
  const sealed = input.body === null ? null : sealing.seal(place, input.body, sealForBody(input));
  const line = printAuditLine(entryOf(input, { seq, gen: stand.gen }, sealed));
  const hash = chainHash(stand.seq === 0 ? genesisHash : stand.hash, line);
  if (stand.isNewGen) keys.beginGeneration(stand.gen);
  db.run(
    'INSERT INTO audit (seq, gen, line, prev_hash, hash, body_ct, mac) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ...[seq, stand.gen, line, stand.hash, hash, bodyTable === 'audit' ? sealed : null, keys.mac(hash)],
  );
  if (input.business !== null) writeBusiness(deps, input.business, seq, sealed);
  return { seq, hash };
}

function entryOf(input: Append, { seq, gen }: { readonly seq: number; readonly gen: number }, sealed: Uint8Array | null): AuditEntry {
  const { at, uncertaintyMs, ...said } = input.entry;
  return {
    seq,
    gen,
    t: new Date(at).toISOString(),
    u: uncertaintyMs,
    ...said,
    bodyHash: sealed === null ? noBodyHash : encodeHex(sm3(sealed)),
  };
}

// Each class has its own time to live (retention), so each has its own keys.
function sealForBody(input: Append): SealFor {
  const { at } = input.entry;
  if (input.bodyClass === 'device') return 'device';
  if (input.bodyClass === 'content') return { class: 'content', at };
  const table = tableOfBody(input.business);
  return { class: table === 'scan' ? 'evidence' : table, at };
}

// A scan's and a document's body lies in its own row; every other body in the audit row itself.
function tableOfBody(business: Business | null): 'audit' | 'scan' | 'document' {
  return business?.table === 'scan' || business?.table === 'document' ? business.table : 'audit';
}

function writeBusiness(deps: LedgerDeps, business: Business, seq: number, sealed: Uint8Array | null): void {
  switch (business.table) {
    case 'scan':
      insertScan(deps.db, { ...business, auditSeq: seq, sealedBody: sealed });
      insertCompanies(deps, business.companies ?? [], seq);
      return noteOutbox(deps, business.outbox ?? null, { seq, scannedAt: business.scan.scannedAt });
    case 'outbox':
      return answerOutbox(deps.db, business);
    case 'outbox-again':
      return releaseOutbox(deps.db);
    case 'document':
      return insertDocument(deps.db, { ...business, auditSeq: seq, sealedBody: sealed });
    case 'case':
      return replaceOpenCase(deps.db, business);
    case 'setting':
      return writeSetting(deps.db, business.name, deps.sealing.seal(settingPlace(business.name), business.value));
  }
}

function noteOutbox({ db, sealing }: LedgerDeps, note: OutboxNote | null, { scannedAt, seq }: { readonly seq: number; readonly scannedAt: number }): void {
  if (note === null) return;
  const { recordId } = note;
  if ('settledAs' in note) return answerOutbox(db, { recordId, answer: note.settledAs, cause: null, answeredAt: scannedAt });
  insertOutbox(db, { auditSeq: seq, recordId, sealedBody: sealing.seal(outboxPlace(seq, recordId), note.body, 'setting') });
}
