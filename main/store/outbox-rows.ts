import { setApartAnswers } from '../../domain/offline-answer.ts';
import { numberColumn, optionalBytesColumn, optionalTextColumn, textColumn } from './columns.ts';
import type { ReadableDb, Row, WritableDb } from './driver.ts';
import type { Business, OutboxRecord, StoreOperations } from './records.ts';

// Both are words of ours, so that they may stand in a statement.
const setApart = setApartAnswers.map((answer) => `'${answer}'`).join();

/** Writes that a scan's record waits; nothing waits where the same record was answered before. */
export function insertOutbox(db: WritableDb, row: { readonly auditSeq: number; readonly recordId: string; readonly sealedBody: Uint8Array }): void {
  const before = db.get(`SELECT answer, cause, answered_at FROM outbox WHERE record_id = ? AND answer NOT IN (${setApart}) LIMIT 1`, row.recordId);
  if (before === null) {
    db.run('INSERT INTO outbox (audit_seq, record_id, body_ct) VALUES (?, ?, ?)', row.auditSeq, row.recordId, row.sealedBody);
    return;
  }
  db.run(
    'INSERT INTO outbox (audit_seq, record_id, answer, cause, answered_at) VALUES (?, ?, ?, ?, ?)',
    ...[row.auditSeq, row.recordId, textColumn(before, 'answer'), optionalTextColumn(before, 'cause'), numberColumn(before, 'answered_at')],
  );
}

/** Writes the answer beside every scan of the record; what was sealed for handing in goes, unless it is set apart. */
export function answerOutbox(db: WritableDb, { answer, answeredAt, cause, recordId }: Omit<Extract<Business, { table: 'outbox' }>, 'table'>): void {
  db.run(
    `UPDATE outbox SET answer = ?, cause = ?, answered_at = ?, body_ct = CASE WHEN ? IN (${setApart}) THEN body_ct END
     WHERE record_id = ? AND (answer IS NULL OR answer IN (${setApart}))`,
    ...[answer, cause, answeredAt, answer, recordId],
  );
}

/** Lets everything that was set apart wait again. */
export function releaseOutbox(db: WritableDb): void {
  db.run(`UPDATE outbox SET answer = NULL, cause = NULL, answered_at = NULL WHERE answer IN (${setApart})`);
}

/** The first scan after `afterSeq` of each record that waits, in the order of the log, bodies still sealed; one whose scan is gone has no body. */
export function readWaiting(db: ReadableDb, { afterSeq, limit }: Parameters<StoreOperations['outboxWaiting']>[0]): readonly SealedOutboxRecord[] {
  const rows = db.all(
    `SELECT min(outbox.audit_seq) AS audit_seq, record_id, iif(scan.audit_seq IS NULL OR audit.seq IS NULL, NULL, outbox.body_ct) AS body_ct,
            ifnull(scan.scan_id, '') AS scan_id, ifnull(scan.scanned_at, 0) AS scanned_at, ifnull(prev_hash, '') AS prev_hash, ifnull(hash, '') AS hash
     FROM outbox LEFT JOIN scan ON scan.audit_seq = outbox.audit_seq LEFT JOIN audit ON audit.seq = outbox.audit_seq
     WHERE answer IS NULL GROUP BY record_id HAVING min(outbox.audit_seq) > ? ORDER BY 1 LIMIT ?`,
    ...[afterSeq, limit],
  );
  return rows.map((row) => ({
    ...readWhich(row),
    prevHash: textColumn(row, 'prev_hash'),
    hash: textColumn(row, 'hash'),
    sealedBody: optionalBytesColumn(row, 'body_ct'),
  }));
}

type SealedOutboxRecord = Omit<OutboxRecord, 'body' | 'fault'> & { readonly sealedBody: Uint8Array | null };

/** How many wait, how many are set apart, how many had another answer than `good` since `sinceAt`, and when the last answer came. */
export function countOutbox(db: ReadableDb, { good, sinceAt }: Parameters<StoreOperations['outboxState']>[0]): ReturnType<StoreOperations['outboxState']> {
  const row = db.get(
    `SELECT (SELECT count(DISTINCT record_id) FROM outbox WHERE answer IS NULL) AS waiting,
            (SELECT count(DISTINCT record_id) FROM outbox WHERE answer IN (${setApart})) AS set_apart,
            (SELECT count(DISTINCT record_id) FROM outbox WHERE answered_at >= ? AND answer NOT IN (${good.map(() => '?').join()},${setApart})) AS refused,
            (SELECT max(answered_at) FROM outbox WHERE answer NOT IN (${setApart})) AS last`,
    ...[sinceAt, ...good],
  );
  if (row === null) return { waiting: 0, setApart: 0, refused: 0, lastAnsweredAt: null };
  return { waiting: numberColumn(row, 'waiting'), setApart: numberColumn(row, 'set_apart'), refused: numberColumn(row, 'refused'), lastAnsweredAt: optionalNumber(row, 'last') };
}

/** The newest scans that were judged without the platform, newest first, with what it said since, or those alone that are set apart. */
export function readOutbox(db: ReadableDb, { isSetApart = false, limit }: Parameters<StoreOperations['outbox']>[0]): ReturnType<StoreOperations['outbox']> {
  const rows = db.all(
    `SELECT outbox.audit_seq AS audit_seq, record_id, ifnull(scan_id, '') AS scan_id, ifnull(scanned_at, 0) AS scanned_at, ifnull(biz_num, '') AS biz_num, ifnull(item_name, '') AS item_name, answer, cause, answered_at
     FROM outbox LEFT JOIN scan ON scan.audit_seq = outbox.audit_seq ${isSetApart ? `WHERE answer IN (${setApart})` : ''} ORDER BY 1 DESC LIMIT ?`,
    limit,
  );
  return rows.map((row) => ({
    ...readWhich(row),
    bizNum: textColumn(row, 'biz_num'),
    itemName: textColumn(row, 'item_name'),
    answer: optionalTextColumn(row, 'answer'),
    cause: optionalTextColumn(row, 'cause'),
    answeredAt: optionalNumber(row, 'answered_at'),
  }));
}

/** Which record of which scan a row is about. */
function readWhich(row: Row): Pick<OutboxRecord, 'auditSeq' | 'recordId' | 'scanId' | 'scannedAt'> {
  return {
    auditSeq: numberColumn(row, 'audit_seq'),
    recordId: textColumn(row, 'record_id'),
    scanId: textColumn(row, 'scan_id'),
    scannedAt: numberColumn(row, 'scanned_at'),
  };
}

function optionalNumber(row: Row, name: string): number | null {
  return row[name] === null ? null : numberColumn(row, name);
}
