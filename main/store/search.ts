import { numberColumn, textColumn } from './columns.ts';
import type { ReadableDb, SqlValue } from './driver.ts';
import type { AuditQuery, StoredLine } from './records.ts';
import { companyDigest } from './rows.ts';

/** Finds audit lines, newest first. */
export function searchLines(db: ReadableDb, query: AuditQuery, companyKey: () => Uint8Array): readonly StoredLine[] {
  const { sources, conditions, values } = narrow(db, query, companyKey);
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const rows = db.all(`SELECT a.seq, a.line, a.prev_hash, a.hash FROM ${sources} ${where} ORDER BY a.seq DESC LIMIT ?`, ...values, query.limit);
  return rows.map((row) => ({ seq: numberColumn(row, 'seq'), line: textColumn(row, 'line'), prevHash: textColumn(row, 'prev_hash'), hash: textColumn(row, 'hash') }));
}

/** Entries by hour (epoch ms of its beginning) and what they say: a verdict's state, else the type's first word. */
export function countActivity(db: ReadableDb, input: { readonly fromAt: number; readonly toAt: number }): readonly { readonly hourAt: number; readonly what: string; readonly entries: number }[] {
  const rows = db.all(
    `SELECT substr(said_t, 1, 13) AS hour, CASE said_type WHEN 'scan.verdict' THEN said_result ELSE said_type END AS what, count(*) AS entries
     FROM audit WHERE said_t >= ? AND said_t < ? GROUP BY hour, what ORDER BY hour`,
    ...[new Date(input.fromAt).toISOString(), new Date(input.toAt).toISOString()],
  );
  return rows.map((row) => ({ hourAt: Date.parse(`${textColumn(row, 'hour')}:00:00.000Z`), what: textColumn(row, 'what'), entries: numberColumn(row, 'entries') }));
}

interface Narrowed {
  readonly sources: string;
  readonly conditions: readonly string[];
  readonly values: readonly SqlValue[];
}

/** The rarest criterion leads; the plus signs keep the planner from leading with another. */
function narrow(db: ReadableDb, query: AuditQuery, companyKey: () => Uint8Array): Narrowed {
  const { actor, type, state, company, about, fromAt, toAt, beforeSeq } = query;
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  const add = (condition: string, ...bound: readonly SqlValue[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };
  if (beforeSeq !== undefined) add('a.seq < ?', beforeSeq);
  if (fromAt !== undefined) add('a.seq >= ? AND +a.said_t >= ?', boundarySeq(db, 'from', fromAt), new Date(fromAt).toISOString());
  if (toAt !== undefined) add('a.seq <= ? AND +a.said_t < ?', boundarySeq(db, 'to', toAt), new Date(toAt).toISOString());
  if (company !== undefined) add('a.seq IN (SELECT audit_seq FROM scan_company WHERE company = ?)', digestOf(companyKey(), company));
  if (about !== undefined) add('a.seq IN (SELECT seq FROM audit WHERE said_ref = ? UNION SELECT audit_seq FROM scan WHERE biz_num = ?)', about, about);
  const isNarrow = company !== undefined || about !== undefined;
  if (state !== undefined) add(isNarrow ? '+s.state = ?' : 's.state = ?', state);
  const leads = isNarrow || state !== undefined;
  if (actor !== undefined) add(leads ? '+a.said_actor = ?' : 'a.said_actor = ?', actor);
  if (type !== undefined) add(leads || actor !== undefined ? '+a.said_type = ?' : 'a.said_type = ?', type);
  return { sources: state === undefined ? 'audit a' : 'scan s JOIN audit a ON a.seq = s.audit_seq', conditions, values };
}

// Entries stand nearly in the order of time: only where a clock was set back do they not. So many neighbours are looked at.
const neighbours = 5000;

function boundarySeq(db: ReadableDb, side: 'from' | 'to', at: number): number {
  const [compared, order, pick] = side === 'from' ? ['>=', 'ASC', 'min'] : ['<', 'DESC', 'max'];
  const row = db.get(`SELECT ${pick}(seq) AS seq FROM (SELECT seq FROM audit WHERE said_t ${compared} ? ORDER BY said_t ${order} LIMIT ${neighbours})`, new Date(at).toISOString());
  const found = row?.['seq'];
  return typeof found === 'number' ? found : side === 'from' ? Number.MAX_SAFE_INTEGER : 0;
}

function digestOf(key: Uint8Array, company: string): Uint8Array {
  const digest = companyDigest(key, company);
  key.fill(0);
  return digest;
}
