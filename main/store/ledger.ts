import { type AuditEntry, printAuditLine } from '../../domain/audit-entry.ts';
import { chainHash, genesisHash } from '../../domain/audit-chain.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { optionalBytesColumn, numberColumn, textColumn } from './columns.ts';
import type { ReadableDb, Row, WritableDb } from './driver.ts';
import type { RecordPlace, RecordSealing } from './record-sealing.ts';
import type { Append, Business, ChainRow, Head, ScanColumns, StoreOperations } from './records.ts';
import { insertDocument, insertScan, readSetting, replaceOpenCase, writeSetting } from './rows.ts';
import { type ChainEnd, checkRows } from './chain-check.ts';

const generation = 1;
const headSetting = 'chain-head';

/** Digest of a body that is not there. */
export const noBodyHash = encodeHex(sm3(new Uint8Array()));

/** A failed chain: nothing more is recorded on it. */
export class ChainBroken extends Error {}

/** The audit chain inside the database; `append` is the only way to write a business row. */
export interface Ledger {
  append(input: Append): ReturnType<StoreOperations['append']>;
  head(): Head;
}

/** Opens the ledger: reads the sealed head, checks that the chain ends there and that its tail holds together. */
export function openLedger(deps: { readonly db: WritableDb; readonly sealing: RecordSealing }): Ledger {
  const { db, sealing } = deps;
  let head = checkTail(db, readHead(deps));
  return {
    head: () => head,
    append: (input) => {
      if (head.state === 'broken') throw new ChainBroken();
      // The head moves only after the commit: a rolled-back entry leaves no trace in memory either.
      const next = db.transaction(() => appendOne({ db, sealing }, head, input));
      head = { ...head, ...next };
      return next;
    },
  };
}

const tailLength = 200;

// A missing head on an empty ledger is a fresh store; on any other it was removed.
function readHead(deps: { readonly db: ReadableDb; readonly sealing: RecordSealing }): ChainEnd | null {
  const sealed = readSetting(deps.db, headSetting);
  if (sealed === null) return deps.db.get('SELECT seq FROM audit LIMIT 1') === null ? { seq: 0, hash: genesisHash } : null;
  const opened = deps.sealing.open(settingPlace(headSetting), sealed);
  const text = opened === null ? null : decodeUtf8(opened);
  return text === null ? null : (JSON.parse(text) as ChainEnd);
}

function checkTail(db: ReadableDb, end: ChainEnd | null): Head {
  if (end === null) return { seq: 0, hash: genesisHash, state: 'broken', firstBad: { seq: 0, kind: 'head' } };
  const fromSeq = Math.max(1, end.seq - tailLength + 1);
  const before = fromSeq === 1 ? null : db.get('SELECT hash FROM audit WHERE seq = ?', fromSeq - 1);
  const start = { seq: fromSeq - 1, hash: before === null ? genesisHash : textColumn(before, 'hash') };
  const firstBad = checkRows(readChain(db, { fromSeq, limit: tailLength + 1 }), start, end);
  return { ...end, state: firstBad === null ? 'ok' : 'broken', firstBad };
}

function appendOne(deps: { db: WritableDb; sealing: RecordSealing }, head: Head, input: Append): { seq: number; hash: string } {
  const { db, sealing } = deps;
  const seq = head.seq + 1;
  const bodyTable = tableOfBody(input.business);
  const place = input.business?.table === 'scan' ? scanPlace(seq, input.business.scan) : bodyPlace(bodyTable, seq);
  const sealed = input.body === null ? null : sealing.seal(place, input.body);
  const line = printAuditLine(entryOf(input, seq, sealed));
  const hash = chainHash(head.hash, line);
  db.run(
    'INSERT INTO audit (seq, gen, line, prev_hash, hash, body_ct) VALUES (?, ?, ?, ?, ?, ?)',
    ...[seq, generation, line, head.hash, hash, bodyTable === 'audit' ? sealed : null],
  );
  if (input.business !== null) writeBusiness(deps, input.business, seq, sealed);
  writeSetting(db, headSetting, sealing.seal(settingPlace(headSetting), encodeUtf8(JSON.stringify({ seq, hash }))));
  return { seq, hash };
}

function entryOf(input: Append, seq: number, sealed: Uint8Array | null): AuditEntry {
  const { at, uncertaintyMs, ...said } = input.entry;
  return {
    seq,
    gen: generation,
    t: new Date(at).toISOString(),
    u: uncertaintyMs,
    ...said,
    bodyHash: sealed === null ? noBodyHash : encodeHex(sm3(sealed)),
  };
}

// A scan's and a document's body lies in its own row; every other body in the audit row itself.
function tableOfBody(business: Business | null): 'audit' | 'scan' | 'document' {
  return business?.table === 'scan' || business?.table === 'document' ? business.table : 'audit';
}

function writeBusiness(deps: { db: WritableDb; sealing: RecordSealing }, business: Business, seq: number, sealed: Uint8Array | null): void {
  switch (business.table) {
    case 'scan':
      return insertScan(deps.db, { ...business, auditSeq: seq, sealedBody: sealed });
    case 'document':
      return insertDocument(deps.db, { ...business, auditSeq: seq, sealedBody: sealed });
    case 'case':
      return replaceOpenCase(deps.db, business);
    case 'setting':
      return writeSetting(deps.db, business.name, deps.sealing.seal(settingPlace(business.name), business.value));
  }
}

/** Where a setting's sealed value stands. */
export function settingPlace(name: string): RecordPlace {
  return { table: 'setting', key: name, gen: generation };
}

/** Where the sealed body of an audit or document row stands. */
export function bodyPlace(table: 'audit' | 'scan' | 'document', seq: number): RecordPlace {
  return { table, key: seq, gen: generation };
}

/** Where the sealed body of a scan stands: with all its clear columns, so that none can be changed without being found. */
export function scanPlace(seq: number, scan: ScanColumns): RecordPlace {
  const columns = [scan.scanId, scan.caseId, scan.scannedAt, scan.state, scan.supportCode, scan.kind, scan.bizNum, scan.itemName];
  return { table: 'scan', key: JSON.stringify([seq, ...columns, scan.elapsedMs]), gen: generation };
}

/** Reads audit rows from `fromSeq` upwards with the digest of whatever body lies there now. */
export function readChain(db: ReadableDb, input: { readonly fromSeq: number; readonly limit: number }): readonly ChainRow[] {
  const rows = db.all(
    `SELECT a.seq, a.line, a.prev_hash, a.hash, coalesce(a.body_ct, s.body_ct, d.body_ct) AS body_ct,
       s.state AS state, s.support_code AS support_code
     FROM audit a LEFT JOIN scan s ON s.audit_seq = a.seq LEFT JOIN document d ON d.audit_seq = a.seq
     WHERE a.seq >= ? ORDER BY a.seq LIMIT ?`,
    ...[input.fromSeq, input.limit],
  );
  return rows.map(chainRow);
}

function chainRow(row: Row): ChainRow {
  const body = optionalBytesColumn(row, 'body_ct');
  return {
    seq: numberColumn(row, 'seq'),
    line: textColumn(row, 'line'),
    prevHash: textColumn(row, 'prev_hash'),
    hash: textColumn(row, 'hash'),
    bodyHash: body === null ? noBodyHash : encodeHex(sm3(body)),
    outcome: row['state'] === null ? null : [row['state'], row['support_code']].filter((part) => part !== null).join(' '),
  };
}
