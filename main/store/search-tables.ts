import { numberColumn } from './columns.ts';
import type { ReadableDb, WritableDb } from './driver.ts';

/** Entries to a block of `found_block`. */
const blockLength = 256;

const fills: readonly string[] = [
  fillFrom('actor', 'said_actor'),
  fillFrom('type', 'said_type'),
  fillFrom('about', 'said_ref'),
  'INSERT OR IGNORE INTO found_by_about SELECT biz_num, audit_seq FROM scan WHERE audit_seq > ?',
  'INSERT OR IGNORE INTO found_by_state SELECT state, audit_seq FROM scan WHERE audit_seq > ?',
  // What gives no time may be of any.
  `INSERT INTO found_block
     SELECT (seq - 1) / ${blockLength}, min(seq), max(seq), coalesce(min(said_t), ''), coalesce(max(said_t), '9') FROM audit WHERE seq > ? GROUP BY 1
     ON CONFLICT (block) DO UPDATE SET last_seq = excluded.last_seq, min_t = min(min_t, excluded.min_t), max_t = max(max_t, excluded.max_t)`,
];

// The limit keeps the value in a query of its own: it is read from the line once, not once more to see whether there is one.
function fillFrom(table: string, column: string): string {
  return `INSERT OR IGNORE INTO found_by_${table} SELECT value, seq FROM (SELECT ${column} AS value, seq FROM audit WHERE seq > ? LIMIT -1) WHERE value IS NOT NULL`;
}

/**
 * Enters into the search tables what was appended since the last time; within a transaction of the caller, so that the tables
 * say themselves how far they go, whatever is cut off where. Each value is read from the line or the scan's row itself.
 */
export function fillSearch(db: WritableDb): void {
  const upTo = filledUpTo(db);
  if (isFilled(db, upTo)) return;
  for (const fill of fills) db.run(fill, upTo);
}

/** Asks the search tables, filled to the last entry before: no question misses one. */
export function askSearch<T>(db: WritableDb, ask: () => T): T {
  if (isFilled(db, filledUpTo(db))) return ask();
  return db.transaction(() => {
    fillSearch(db);
    return ask();
  });
}

/** The first of these entries that a search would miss though the tables claim to know it; null when there is none. */
export function findUnfound(db: ReadableDb, { fromSeq, toSeq }: { readonly fromSeq: number; readonly toSeq: number }): number | null {
  const row = db.get(
    `SELECT a.seq AS seq FROM audit a LEFT JOIN scan s ON s.audit_seq = a.seq WHERE a.seq >= ? AND a.seq <= ? AND (
       NOT EXISTS (SELECT 1 FROM found_by_actor WHERE value = a.said_actor AND seq = a.seq)
       OR NOT EXISTS (SELECT 1 FROM found_by_type WHERE value = a.said_type AND seq = a.seq)
       OR NOT EXISTS (SELECT 1 FROM found_by_about WHERE value = a.said_ref AND seq = a.seq)
       OR NOT EXISTS (SELECT 1 FROM found_block b WHERE b.block = (a.seq - 1) / ${blockLength} AND a.seq BETWEEN b.first_seq AND b.last_seq AND a.said_t BETWEEN b.min_t AND b.max_t)
       OR (s.audit_seq IS NOT NULL AND NOT (
         EXISTS (SELECT 1 FROM found_by_about WHERE value = s.biz_num AND seq = a.seq)
         AND EXISTS (SELECT 1 FROM found_by_state WHERE value = s.state AND seq = a.seq))))
     ORDER BY a.seq LIMIT 1`,
    ...[fromSeq, Math.min(toSeq, filledUpTo(db))],
  );
  return row === null ? null : numberColumn(row, 'seq');
}

/** A period of entry times [from, to): ISO 8601 UTC with milliseconds. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** The period as the lines say it; without an end it is open there. */
export function periodOf({ fromAt, toAt }: { readonly fromAt?: number | undefined; readonly toAt?: number | undefined }): Period {
  return { from: fromAt === undefined ? '' : new Date(fromAt).toISOString(), to: toAt === undefined ? '9999' : new Date(toAt).toISOString() };
}

/**
 * SQL of the entries `a` of a period, whatever a wrong clock did to their order: by the blocks that reach into it. Its
 * placeholders are those of `boundPeriod`.
 */
export const entriesOfPeriod = `found_block b CROSS JOIN audit a ON a.seq BETWEEN b.first_seq AND b.last_seq
  WHERE b.max_t >= ? AND b.min_t < ? AND a.said_t >= ? AND a.said_t < ?`;

/** What `entriesOfPeriod` asks for. */
export function boundPeriod({ from, to }: Period): readonly string[] {
  return [from, to, from, to];
}

/** The first and the last entry that can be of the period; null when none can. */
export function seqsOfPeriod(db: ReadableDb, { from, to }: Period): { readonly from: number; readonly to: number } | null {
  const row = db.get('SELECT min(first_seq) AS first, max(last_seq) AS last FROM found_block WHERE max_t >= ? AND min_t < ?', from, to);
  return row === null || row['first'] === null ? null : { from: numberColumn(row, 'first'), to: numberColumn(row, 'last') };
}

/** The last entry that the search tables know: by the last block alone, which is filled with all the tables or not at all. */
export function filledUpTo(db: ReadableDb): number {
  const row = db.get('SELECT last_seq FROM found_block ORDER BY block DESC LIMIT 1');
  return row === null ? 0 : numberColumn(row, 'last_seq');
}

function isFilled(db: ReadableDb, upTo: number): boolean {
  return db.get('SELECT 1 AS more FROM audit WHERE seq > ? LIMIT 1', upTo) === null;
}
