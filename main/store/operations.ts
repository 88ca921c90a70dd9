import { optionalBytesColumn, textColumn } from './columns.ts';
import type { ReadableDb, WritableDb } from './driver.ts';
import { readChain } from './chain-rows.ts';
import { keepCountersignature, readCheckpoints, readCountersigning } from './checkpoints.ts';
import type { Ledger } from './ledger.ts';
import type { RenewLog } from './log-file.ts';
import { bodyPlace, outboxPlace, scanPlace, settingPlace } from './record-places.ts';
import { type DataKeyBook, legacyKeyId } from './data-keys.ts';
import type { RecordPlace, RecordSealing } from './record-sealing.ts';
import type { OutboxRecord, StoredScan, StoreOperations } from './records.ts';
import { countOutbox, readOutbox, readWaiting } from './outbox-rows.ts';
import { sqliteFailure } from './opening.ts';
import * as rows from './rows.ts';
import { countActivity, searchLines } from './search.ts';
import { askSearch, fillSearch, findUnfound } from './search-tables.ts';

/** A body that does not open where it stands: changed, moved, or sealed under another key. */
export class RecordDamaged extends Error {}

/** What the operations work on. */
export interface OperationDeps {
  readonly db: WritableDb;
  readonly sealing: RecordSealing;
  readonly ledger: Ledger;
  readonly companyKey: () => Uint8Array;
  readonly renewLog: RenewLog;
  readonly book: DataKeyBook;
  readonly legacyKey: Uint8Array | null;
  /** Told when the disk failed in a question that was answered all the same. */
  readonly onFault?: () => void;
  /** Whether the disk failed on this connection: nothing more is written over it then. */
  readonly hasFailed?: () => boolean;
}

/** Puts the synchronous operations together over one connection. */
export function createOperations(deps: OperationDeps): StoreOperations {
  const { db, sealing, ledger } = deps;
  return {
    append: (input) => ledger.append(input),
    head: () => ledger.head(),
    checkpoint: (input) => ledger.checkpoint(input),
    checkpoints: (input) => readCheckpoints(db, input),
    countersigning: () => readCountersigning(db),
    countersigned: (input) => {
      keepCountersignature(db, input);
      return null;
    },
    auditIdentity: () => {
      const { gen } = ledger.head();
      return { device: ledger.keys.device, publicKey: ledger.keys.publicKey, gen, seed: ledger.keys.seed(gen), withoutMacUpTo: ledger.keys.withoutMacUpTo };
    },
    signManifest: ({ text }) => {
      // The key signs checkpoints; nothing else may be had of it but what cannot be taken for one.
      if (!manifestForm.test(text)) throw new Error('not a manifest');
      return ledger.keys.sign(text);
    },
    seedHandedOver: (input) => {
      ledger.keys.dropSeed(input.gen);
      deps.renewLog();
      return null;
    },
    chain: (input) => readChain(db, input),
    lines: (input) => rows.readLines(db, input),
    search: (input) => askAnyway(deps, () => searchLines(db, input, deps.companyKey)),
    unfound: (input) => findUnfound(db, input),
    activity: (input) => askAnyway(deps, () => countActivity(db, input)),
    entry: (input) => readEntry(deps, input.seq),
    scans: (input) => readOpenedScans(db, sealing, input.limit),
    outcomes: (input) => rows.readOutcomes(db, input.sinceAt),
    outboxWaiting: (input) => readWaiting(db, input).map(({ sealedBody, ...record }) => ({ ...record, ...openWaiting(sealing, outboxPlace(record.auditSeq, record.recordId), sealedBody) })),
    outboxState: (input) => countOutbox(db, input),
    outbox: (input) => readOutbox(db, input),
    document: (input) => {
      const row = rows.readDocument(db, input.documentId);
      if (row === null) return null;
      return openBody(sealing, bodyPlace('document', row.auditSeq), row.sealedBody);
    },
    openCase: () => rows.readOpenCase(db),
    recentMatters: (input) => rows.readRecentMatters(db, input.limit),
    countCases: (input) => rows.countCases(db, input),
    bizNumTaken: (input) => rows.isBizNumTaken(db, input.bizNum),
    seen: (input) => rows.readReplay(db, input),
    setting: (input) => {
      const sealed = rows.readSetting(db, input.name);
      return sealed === null ? null : openBody(sealing, settingPlace(input.name), sealed);
    },
    cache: (input) => {
      rows.writeSetting(db, input.name, sealing.seal(settingPlace(input.name), input.value));
      return null;
    },
    ...createKeyOperations(deps),
  };
}

/**
 * An auditor is answered also where the disk takes nothing: with what was found before it was to be kept, or, where not even that was begun, by the search
 * tables as they are, which may be a thousand entries behind.
 */
function askAnyway<T>({ db, onFault, hasFailed }: OperationDeps, ask: () => T): T {
  if (hasFailed?.() === true) return ask();
  const found: { value: T }[] = [];
  try {
    return askSearch(db, () => {
      const value = ask();
      found.push({ value });
      return value;
    });
  } catch (error) {
    const fault = diskFault(error);
    if (fault === null) throw error;
    // A full disk leaves the connection as it was.
    if (fault !== 'store/full') onFault?.();
    const [answer] = found;
    return answer === undefined ? ask() : answer.value;
  }
}

function diskFault(error: unknown): 'store/full' | 'store/unwritable' | null {
  const failure = sqliteFailure(error);
  if (failure?.code === 'store/full' || failure?.code === 'store/unwritable') return failure.code;
  return failure?.detail?.startsWith('SQLITE_READONLY') === true ? 'store/unwritable' : null;
}

const manifestForm = /^(?:[0-9a-f]{64} {2}[\w./-]+\n)+$/;

function readOpenedScans(db: ReadableDb, sealing: RecordSealing, limit: number): readonly StoredScan[] {
  return rows.readScans(db, limit).map(({ sealedBody, ...scan }) => ({
    ...scan,
    body: openBody(sealing, scanPlace(scan.auditSeq, scan), sealedBody),
  }));
}

function readEntry({ db, sealing }: { readonly db: ReadableDb; readonly sealing: RecordSealing }, seq: number): ReturnType<StoreOperations['entry']> {
  const row = db.get('SELECT line, body_ct FROM audit WHERE seq = ?', seq);
  if (row === null) return null;
  const line = textColumn(row, 'line');
  const own = optionalBytesColumn(row, 'body_ct');
  if (own !== null) return { line, body: openBody(sealing, bodyPlace('audit', seq), own) };
  const scan = rows.readScan(db, seq);
  if (scan?.sealedBody === null || scan === null) return { line, body: null };
  return { line, body: openBody(sealing, scanPlace(seq, scan), scan.sealedBody) };
}

/** One that does not open is said to be damaged, and the others are read. */
function openWaiting(sealing: RecordSealing, place: RecordPlace, sealed: Uint8Array | null): Pick<OutboxRecord, 'body' | 'fault'> {
  const body = sealed === null ? null : sealing.open(place, sealed);
  const isErased = sealed !== null && body === null && sealing.isErased(sealed);
  return { body, fault: body !== null ? null : isErased ? 'erased' : 'damaged' };
}

function openBody(sealing: RecordSealing, place: RecordPlace, sealed: Uint8Array | null): Uint8Array | null {
  if (sealed === null) throw new RecordDamaged();
  const body = sealing.open(place, sealed);
  if (body === null && !sealing.isErased(sealed)) throw new RecordDamaged();
  return body;
}

function createKeyOperations({ db, book, legacyKey, renewLog }: OperationDeps): Pick<StoreOperations, 'unlock' | 'lock' | 'dataKeys' | 'adoptLegacy' | 'rewrap' | 'sealedUnder' | 'eraseKeys'> {
  return {
    unlock: ({ wrapKey, isFirst }) => {
      if (isFirst) book.putAside();
      const isRight = book.unlock(wrapKey);
      wrapKey.fill(0);
      return isRight;
    },
    lock: () => {
      book.lock();
      return null;
    },
    dataKeys: () => book.names(),
    adoptLegacy: () => {
      if (legacyKey !== null) book.adopt(legacyKey, legacyKeyId);
      return null;
    },
    rewrap: ({ wrapKey }) => {
      book.rewrap(wrapKey);
      wrapKey.fill(0);
      return null;
    },
    sealedUnder: ({ ids }) => askSearch(db, () => rows.countSealed(db, book.names().filter(({ id }) => ids.includes(id)))),
    eraseKeys: ({ ids }) => {
      // The digests first: with the keys gone nothing would tell any more which they are.
      db.transaction(() => {
        fillSearch(db);
        for (const key of book.names()) if (key.class === 'evidence' && ids.includes(key.id)) rows.forgetCompanies(db, key);
      });
      book.erase(ids);
      renewLog();
      return null;
    },
  };
}
