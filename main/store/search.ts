import { numberColumn, textColumn } from './columns.ts';
import type { ReadableDb, SqlValue } from './driver.ts';
import type { AuditQuery, StoredLine } from './records.ts';
import { companyDigest } from './rows.ts';

/**
 * Finds audit lines, newest first. The rarest criterion leads, read from its index backwards; of the others only the index is
 * asked entry by entry, so that neither what is frequent nor what never meets is sorted, or read from the lines.
 */
export function searchLines(db: ReadableDb, query: AuditQuery, companyKey: () => Uint8Array): readonly StoredLine[] {
  const bounds = boundsOf(db, query);
  const narrow = narrowOf(query, companyKey);
  const criteria = criteriaOf(query);
  const lead = narrow === null ? rarest(db, criteria, bounds) : null;
  const seq = lead === null ? 'a.seq' : `l.${lead.seq}`;
  const sources = lead === null ? 'audit a' : `${lead.table} l INDEXED BY ${lead.index} CROSS JOIN audit a ON a.seq = ${seq}`;
  const conditions = [`${seq} >= ? AND ${seq} <= ?`];
  const values: SqlValue[] = [bounds.from, bounds.to];
  const add = (condition: string, ...bound: readonly SqlValue[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };
  if (lead !== null) add(`l.${lead.column} = ?`, lead.value);
  if (narrow !== null) add(`a.seq IN (${narrow.entries})`, ...narrow.values);
  for (const { table, index, column, seq: other, value } of criteria.filter((one) => one !== lead)) {
    // Not EXISTS, which SQLite would turn into a join behind the line's own row.
    add(`(SELECT 1 FROM ${table} o INDEXED BY ${index} WHERE o.${column} = ? AND o.${other} = ${seq}) IS 1`, value);
  }
  if (query.fromAt !== undefined) add('+a.said_t >= ?', new Date(query.fromAt).toISOString());
  if (query.toAt !== undefined) add('+a.said_t < ?', new Date(query.toAt).toISOString());
  const rows = db.all(`SELECT a.seq, a.line, a.prev_hash, a.hash FROM ${sources} WHERE ${conditions.join(' AND ')} ORDER BY ${seq} DESC LIMIT ?`, ...values, query.limit);
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

interface Bounds {
  readonly from: number;
  readonly to: number;
}

function boundsOf(db: ReadableDb, { beforeSeq, fromAt, toAt }: AuditQuery): Bounds {
  const last = toAt === undefined ? Number.MAX_SAFE_INTEGER : boundarySeq(db, 'to', toAt);
  return { from: fromAt === undefined ? 0 : boundarySeq(db, 'from', fromAt), to: Math.min(last, (beforeSeq ?? Number.MAX_SAFE_INTEGER) - 1) };
}

/** A criterion with an index in the order of the entries. */
interface Criterion {
  readonly table: string;
  readonly index: string;
  readonly column: string;
  readonly seq: string;
  readonly value: string;
}

function criteriaOf({ actor, state, type }: AuditQuery): readonly Criterion[] {
  const said = (name: string, value: string): Criterion => ({ table: 'audit', index: `audit_by_${name}`, column: `said_${name}`, seq: 'seq', value });
  return [
    ...(actor === undefined ? [] : [said('actor', actor)]),
    ...(state === undefined ? [] : [{ table: 'scan', index: 'scan_by_state', column: 'state', seq: 'audit_seq', value: state }]),
    ...(type === undefined ? [] : [said('type', type)]),
  ];
}

const countedAtMost = 20_000;

function rarest(db: ReadableDb, criteria: readonly Criterion[], { from, to }: Bounds): Criterion | null {
  if (criteria.length < 2) return criteria[0] ?? null;
  const counted = criteria.map((criterion) => {
    const { table, index, column, seq, value } = criterion;
    const row = db.get(`SELECT count(*) AS n FROM (SELECT 1 FROM ${table} INDEXED BY ${index} WHERE ${column} = ? AND ${seq} >= ? AND ${seq} <= ? LIMIT ${countedAtMost})`, value, from, to);
    return { criterion, entries: Number(row?.['n'] ?? 0) };
  });
  return counted.toSorted((one, other) => one.entries - other.entries)[0]?.criterion ?? null;
}

/** The entries of one company, or about one case, scan or document: always few. */
function narrowOf({ about, company }: AuditQuery, companyKey: () => Uint8Array): { readonly entries: string; readonly values: readonly SqlValue[] } | null {
  const parts: string[] = [];
  const values: SqlValue[] = [];
  if (company !== undefined) {
    parts.push('SELECT audit_seq FROM scan_company WHERE company = ?');
    values.push(digestOf(companyKey(), company));
  }
  if (about !== undefined) {
    parts.push('SELECT seq FROM (SELECT seq FROM audit WHERE said_ref = ? UNION SELECT audit_seq FROM scan WHERE biz_num = ?)');
    values.push(about, about);
  }
  return parts.length === 0 ? null : { entries: parts.join(' INTERSECT '), values };
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
