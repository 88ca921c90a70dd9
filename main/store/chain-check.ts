import { chainHash } from '../../domain/audit-chain.ts';
import { parseAuditLine } from '../../domain/audit-entry.ts';
import type { ChainRow } from './records.ts';

/** Where a chain ends: sequence and hash of its last entry. */
export interface ChainEnd {
  readonly seq: number;
  readonly hash: string;
}

/** The first row that does not follow from the one before it, or does not end at `end`; null when all is well. */
export function checkRows(rows: readonly ChainRow[], start: ChainEnd, end: ChainEnd): { readonly seq: number; readonly kind: string } | null {
  let previous = start;
  for (const row of rows) {
    const kind = faultOf(row, previous);
    if (kind !== null) return { seq: previous.seq + 1, kind };
    previous = { seq: row.seq, hash: row.hash };
  }
  if (previous.seq < end.seq) return { seq: previous.seq + 1, kind: 'truncated' };
  return previous.seq > end.seq || previous.hash !== end.hash ? { seq: previous.seq, kind: 'head' } : null;
}

function faultOf(row: ChainRow, previous: ChainEnd): string | null {
  if (row.seq !== previous.seq + 1) return 'missing';
  if (row.prevHash !== previous.hash || chainHash(previous.hash, row.line) !== row.hash) return 'hash';
  const entry = parseAuditLine(row.line);
  if (entry === null || entry.seq !== row.seq) return 'line';
  if (entry.bodyHash !== row.bodyHash) return 'body';
  return row.outcome === null || row.outcome === entry.result ? null : 'row';
}
