import { hmacSm3 } from '../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { VerdictState } from '../../domain/verdict.ts';
import { numberColumn, optionalBytesColumn, optionalTextColumn, textColumn } from './columns.ts';
import type { DataKeyName } from './data-keys.ts';
import type { ReadableDb, Row, WritableDb } from './driver.ts';
import { startOfDay } from './record-sealing.ts';
import { boundPeriod, entriesOfPeriod, periodOf } from './search-tables.ts';
import type { Business, CaseRow, Replay, ScanColumns, StoreOperations } from './records.ts';

const companyDigestLength = 16;

type Audited = { readonly auditSeq: number; readonly sealedBody: Uint8Array | null };

/** Writes a scan's row and, beside it, that this code was seen. */
export function insertScan(db: WritableDb, row: Extract<Business, { table: 'scan' }> & Audited): void {
  const { scan, replay } = row;
  db.run(
    `INSERT INTO scan (audit_seq, scan_id, case_id, scanned_at, state, support_code, kind, biz_num, item_name, elapsed_ms, body_ct)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[row.auditSeq, scan.scanId, scan.caseId, scan.scannedAt, scan.state, scan.supportCode, scan.kind],
    ...[scan.bizNum, scan.itemName, scan.elapsedMs, row.sealedBody],
  );
  if (replay === null) return;
  db.run('DELETE FROM replay WHERE expires_at <= ?', scan.scannedAt);
  db.run(
    'INSERT OR IGNORE INTO replay (code_digest, case_id, scan_id, expires_at) VALUES (?, ?, ?, ?)',
    ...[replay.codeDigest, replay.caseId, replay.scanId, replay.expiresAt],
  );
}

/** What a company is searched by: a keyed digest of its name or code, spaces and width of characters aside. */
export function companyDigest(key: Uint8Array, term: string): Uint8Array {
  return hmacSm3(key, encodeUtf8(term.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase())).slice(0, companyDigestLength);
}

/** Writes what the company of a scan is found by: names and codes as digests only. */
export function insertCompanies(deps: { readonly db: WritableDb; readonly companyKey: () => Uint8Array }, terms: readonly string[], auditSeq: number): void {
  if (terms.length === 0) return;
  const key = deps.companyKey();
  // In one run: the key is overwritten before anything can fail that is not a bug.
  const digests = [...new Set(terms)].map((term) => companyDigest(key, term));
  key.fill(0);
  for (const digest of digests) {
    deps.db.run('INSERT OR IGNORE INTO scan_company (company, audit_seq) VALUES (?, ?)', digest, auditSeq);
  }
}

// Behind the version byte of a sealed record stands the id of its key, four bytes.
const keyIdOf = 'hex(substr(body_ct, 2, 4))';

// What a day's keys seal hangs on that day's entries: read by the blocks of their time, never all of a table.
const ofDay = `IN (SELECT a.seq FROM ${entriesOfPeriod})`;

/** How many bodies of each data key lie here; over filled search tables. */
export function countSealed(db: ReadableDb, keys: readonly KeyOfDay[]): readonly { readonly id: number; readonly records: number }[] {
  const counted = new Map<string, number>();
  for (const [day, ofIt] of Map.groupBy(keys, (key) => key.day)) {
    const values = [...boundsOf(day), ...ofIt.map(({ id }) => printKeyId(id))];
    for (const [table, entry] of [['audit', 'seq'], ['scan', 'audit_seq'], ['document', 'audit_seq']] as const) {
      const found = db.all(`SELECT ${keyIdOf} AS id, count(*) AS n FROM ${table} WHERE ${entry} ${ofDay} AND ${keyIdOf} IN (${ofIt.map(() => '?').join()}) GROUP BY 1`, ...values);
      for (const row of found) counted.set(textColumn(row, 'id'), (counted.get(textColumn(row, 'id')) ?? 0) + numberColumn(row, 'n'));
    }
  }
  return keys.map(({ id }) => ({ id, records: counted.get(printKeyId(id)) ?? 0 }));
}

/** Removes the digests by which companies were found in scans that a key of evidence seals; over filled search tables. */
export function forgetCompanies(db: WritableDb, { id, day }: KeyOfDay): void {
  const sealed = `SELECT audit_seq FROM scan WHERE audit_seq ${ofDay} AND ${keyIdOf} = ?`;
  db.run(`DELETE FROM scan_company WHERE audit_seq IN (${sealed})`, ...boundsOf(day), printKeyId(id));
}

type KeyOfDay = Pick<DataKeyName, 'id' | 'day'>;

function boundsOf(day: number): readonly string[] {
  return boundPeriod(periodOf({ fromAt: startOfDay(day), toAt: startOfDay(day + 1) }));
}

function printKeyId(id: number): string {
  return id.toString(16).toUpperCase().padStart(8, '0');
}

/** Writes the row of a certificate original that may be kept. */
export function insertDocument(db: WritableDb, row: Extract<Business, { table: 'document' }> & Audited): void {
  db.run(
    'INSERT INTO document (audit_seq, document_id, scan_id, format, body_ct) VALUES (?, ?, ?, ?, ?)',
    ...[row.auditSeq, row.documentId, row.scanId, row.format, row.sealedBody],
  );
}

/** Closes the open case, if any, and opens the next. */
export function replaceOpenCase(db: WritableDb, row: Extract<Business, { table: 'case' }>): void {
  const { opened } = row;
  db.run('UPDATE case_file SET closed_at = ? WHERE closed_at IS NULL', row.closedAt);
  db.run(
    'INSERT INTO case_file (case_id, item_code, item_name, use_for, biz_num, opened_at) VALUES (?, ?, ?, ?, ?, ?)',
    ...[opened.caseId, opened.itemCode, opened.itemName, opened.useFor, opened.bizNum, opened.openedAt],
  );
}

/** Writes a setting's sealed value over the one before. */
export function writeSetting(db: WritableDb, name: string, sealed: Uint8Array): void {
  db.run('INSERT INTO setting (name, value_ct) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value_ct = excluded.value_ct', name, sealed);
}

/** A setting's sealed value, or null. */
export function readSetting(db: ReadableDb, name: string): Uint8Array | null {
  const row = db.get('SELECT value_ct FROM setting WHERE name = ?', name);
  return row === null ? null : optionalBytesColumn(row, 'value_ct');
}

/** The open case with how many scans it has, or null. */
export function readOpenCase(db: ReadableDb): ReturnType<StoreOperations['openCase']> {
  const row = db.get(
    `SELECT *, (SELECT count(DISTINCT scan_id) FROM scan WHERE scan.case_id = case_file.case_id) AS scans
     FROM case_file WHERE closed_at IS NULL`,
  );
  return row === null ? null : { opened: caseRow(row), scans: numberColumn(row, 'scans') };
}

/** Codes of the matters last used, newest first. */
export function readRecentMatters(db: ReadableDb, limit: number): readonly string[] {
  const rows = db.all('SELECT item_code FROM case_file GROUP BY item_code ORDER BY max(opened_at) DESC LIMIT ?', limit);
  return rows.map((row) => textColumn(row, 'item_code'));
}

/** How many cases were opened in [fromAt, toAt). */
export function countCases(db: ReadableDb, input: { readonly fromAt: number; readonly toAt: number }): number {
  const row = db.get('SELECT count(*) AS n FROM case_file WHERE opened_at >= ? AND opened_at < ?', input.fromAt, input.toAt);
  return row === null ? 0 : numberColumn(row, 'n');
}

/** Whether a case number was ever used here. */
export function isBizNumTaken(db: ReadableDb, bizNum: string): boolean {
  return db.get('SELECT 1 AS taken FROM case_file WHERE biz_num = ?', bizNum) !== null;
}

/** The first sighting of a code that is not yet past, or null. */
export function readReplay(db: ReadableDb, input: Parameters<StoreOperations['seen']>[0]): Replay | null {
  const row = db.get(
    'SELECT * FROM replay WHERE code_digest = ? AND expires_at > ?',
    ...[input.codeDigest, input.now],
  );
  if (row === null) return null;
  return {
    codeDigest: textColumn(row, 'code_digest'),
    caseId: textColumn(row, 'case_id'),
    scanId: textColumn(row, 'scan_id'),
    expiresAt: numberColumn(row, 'expires_at'),
  };
}

// By the index of one scan's recordings, never all of them grouped.
const isNewest = 'NOT EXISTS (SELECT 1 FROM scan later WHERE later.scan_id = scan.scan_id AND later.audit_seq > scan.audit_seq)';

/** The newest recording of each scan, newest first, bodies still sealed. */
export function readScans(db: ReadableDb, limit: number): readonly (ScanColumns & { readonly auditSeq: number; readonly sealedBody: Uint8Array | null })[] {
  const rows = db.all(
    `SELECT * FROM scan WHERE ${isNewest} ORDER BY audit_seq DESC LIMIT ?`,
    limit,
  );
  return rows.map(scanRow);
}

/** The scan that an audit entry records, body still sealed; or null. */
export function readScan(db: ReadableDb, auditSeq: number): SealedScan | null {
  const row = db.get('SELECT * FROM scan WHERE audit_seq = ?', auditSeq);
  return row === null ? null : scanRow(row);
}

type SealedScan = ScanColumns & { readonly auditSeq: number; readonly sealedBody: Uint8Array | null };

function scanRow(row: Row): SealedScan {
  return {
    auditSeq: numberColumn(row, 'audit_seq'),
    scanId: textColumn(row, 'scan_id'),
    caseId: textColumn(row, 'case_id'),
    kind: textColumn(row, 'kind'),
    supportCode: optionalTextColumn(row, 'support_code'),
    bizNum: textColumn(row, 'biz_num'),
    itemName: textColumn(row, 'item_name'),
    ...outcomeOf(row),
    sealedBody: optionalBytesColumn(row, 'body_ct'),
  };
}

/** When, with which outcome and how fast scans were recorded since a time, oldest first. */
export function readOutcomes(db: ReadableDb, sinceAt: number): ReturnType<StoreOperations['outcomes']> {
  const rows = db.all(
    `SELECT scanned_at, state, elapsed_ms FROM scan WHERE scanned_at >= ? AND ${isNewest} ORDER BY scanned_at`,
    sinceAt,
  );
  return rows.map(outcomeOf);
}

/** A kept certificate original, still sealed, with the entry that it hangs on; or null. */
export function readDocument(db: ReadableDb, documentId: string): { readonly auditSeq: number; readonly sealedBody: Uint8Array | null } | null {
  const row = db.get('SELECT audit_seq, body_ct FROM document WHERE document_id = ?', documentId);
  return row === null ? null : { auditSeq: numberColumn(row, 'audit_seq'), sealedBody: optionalBytesColumn(row, 'body_ct') };
}

/** Audit lines before `beforeSeq`, newest first. */
export function readLines(db: ReadableDb, input: Parameters<StoreOperations['lines']>[0]): ReturnType<StoreOperations['lines']> {
  const rows = db.all(
    'SELECT seq, line, prev_hash, hash FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?',
    ...[input.beforeSeq ?? Number.MAX_SAFE_INTEGER, input.limit],
  );
  return rows.map((row) => ({
    seq: numberColumn(row, 'seq'),
    line: textColumn(row, 'line'),
    prevHash: textColumn(row, 'prev_hash'),
    hash: textColumn(row, 'hash'),
  }));
}

function outcomeOf(row: Row): Pick<ScanColumns, 'scannedAt' | 'state' | 'elapsedMs'> {
  return {
    scannedAt: numberColumn(row, 'scanned_at'),
    state: textColumn(row, 'state') as VerdictState,
    elapsedMs: numberColumn(row, 'elapsed_ms'),
  };
}

function caseRow(row: Row): CaseRow {
  return {
    caseId: textColumn(row, 'case_id'),
    itemCode: textColumn(row, 'item_code'),
    itemName: textColumn(row, 'item_name'),
    useFor: textColumn(row, 'use_for'),
    bizNum: textColumn(row, 'biz_num'),
    openedAt: numberColumn(row, 'opened_at'),
  };
}
