import { numberColumn, textColumn } from './columns.ts';
import type { ReadableDb, SqlValue } from './driver.ts';
import type { AuditQuery, StoredLine } from './records.ts';
import { companyDigest } from './rows.ts';
import { boundPeriod, entriesOfPeriod, periodOf, seqsOfPeriod } from './search-tables.ts';

/**
 * Finds audit lines, newest first, over filled search tables. The rarest criterion leads, read from its table backwards; of the
 * others only the table is asked entry by entry, so that neither what is frequent nor what never meets is sorted, or read from
 * the lines.
 */
export function searchLines(db: ReadableDb, query: AuditQuery, companyKey: () => Uint8Array): readonly StoredLine[] {
  const isTimed = query.fromAt !== undefined || query.toAt !== undefined;
  const bounds = boundsOf(db, query, isTimed);
  if (bounds === null) return [];
  const narrow = narrowOf(query, companyKey);
  const criteria = criteriaOf(query);
  const lead = narrow === null ? rarest(db, criteria, bounds) : null;
  const isByTime = isTimed && lead === null && narrow === null;
  const seq = lead === null ? 'a.seq' : 'l.seq';
  const conditions = [`${seq} >= ? AND ${seq} <= ?`];
  const values: SqlValue[] = [bounds.from, bounds.to];
  const add = (condition: string, ...bound: readonly SqlValue[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };
  if (lead !== null) add('l.value = ?', lead.value);
  if (narrow !== null) add(`a.seq IN (${narrow.entries})`, ...narrow.values);
  // Not EXISTS, which SQLite would turn into a join behind the line's own row.
  for (const { table, value } of criteria.filter((one) => one !== lead)) add(`(SELECT 1 FROM ${table} o WHERE o.value = ? AND o.seq = ${seq}) IS 1`, value);
  const { from, to } = periodOf(query);
  if (isTimed && !isByTime) add('+a.said_t >= ? AND +a.said_t < ?', from, to);
  const fits = conditions.join(' AND ');
  const sources = lead === null ? 'audit a' : `${lead.table} l CROSS JOIN audit a ON a.seq = l.seq`;
  const [which, order] = isByTime ? [`${entriesOfPeriod} AND ${fits}`, 'b.block DESC, a.seq'] : [`${sources} WHERE ${fits}`, seq];
  const rows = db.all(`SELECT a.seq, a.line, a.prev_hash, a.hash FROM ${which} ORDER BY ${order} DESC LIMIT ?`, ...(isByTime ? boundPeriod({ from, to }) : []), ...values, query.limit);
  return rows.map((row) => ({ seq: numberColumn(row, 'seq'), line: textColumn(row, 'line'), prevHash: textColumn(row, 'prev_hash'), hash: textColumn(row, 'hash') }));
}

/** Entries by hour (epoch ms of its beginning) and what they say: a verdict's state, else the type's first word; over filled search tables. */
export function countActivity(db: ReadableDb, input: { readonly fromAt: number; readonly toAt: number }): readonly { readonly hourAt: number; readonly what: string; readonly entries: number }[] {
  const rows = db.all(
    `SELECT substr(said_t, 1, 13) AS hour, CASE said_type WHEN 'scan.verdict' THEN said_result ELSE said_type END AS what, count(*) AS entries
     FROM ${entriesOfPeriod} GROUP BY hour, what ORDER BY hour`,
    ...boundPeriod(periodOf(input)),
  );
  return rows.map((row) => ({ hourAt: Date.parse(`${textColumn(row, 'hour')}:00:00.000Z`), what: textColumn(row, 'what'), entries: numberColumn(row, 'entries') }));
}

interface Bounds {
  readonly from: number;
  readonly to: number;
}

function boundsOf(db: ReadableDb, query: AuditQuery, isTimed: boolean): Bounds | null {
  const timed = isTimed ? seqsOfPeriod(db, periodOf(query)) : { from: 0, to: Number.MAX_SAFE_INTEGER };
  return timed === null ? null : { from: timed.from, to: Math.min(timed.to, (query.beforeSeq ?? Number.MAX_SAFE_INTEGER) - 1) };
}

/** A criterion with its table, in the order of the entries. */
interface Criterion {
  readonly table: string;
  readonly value: string;
}

function criteriaOf({ actor, state, type }: AuditQuery): readonly Criterion[] {
  const named = [['actor', actor], ['state', state], ['type', type]] as const;
  return named.flatMap(([name, value]) => (value === undefined ? [] : [{ table: `found_by_${name}`, value }]));
}

const countedAtMost = 20_000;

function rarest(db: ReadableDb, criteria: readonly Criterion[], { from, to }: Bounds): Criterion | null {
  if (criteria.length < 2) return criteria[0] ?? null;
  const counted = criteria.map((criterion) => {
    const { table, value } = criterion;
    const row = db.get(`SELECT count(*) AS n FROM (SELECT 1 FROM ${table} WHERE value = ? AND seq >= ? AND seq <= ? LIMIT ${countedAtMost})`, value, from, to);
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
    parts.push('SELECT seq FROM found_by_about WHERE value = ?');
    values.push(about);
  }
  return parts.length === 0 ? null : { entries: parts.join(' INTERSECT '), values };
}

function digestOf(key: Uint8Array, company: string): Uint8Array {
  const digest = companyDigest(key, company);
  key.fill(0);
  return digest;
}
