import { encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { numberColumn, optionalBytesColumn, textColumn } from './columns.ts';
import type { ReadableDb, Row } from './driver.ts';
import type { ChainRow } from './records.ts';

/** Digest of a body that is not there. */
export const noBodyHash = encodeHex(sm3(new Uint8Array()));

/** Reads audit rows from `fromSeq` upwards with the digest of whatever body lies there now. */
export function readChain(db: ReadableDb, input: { readonly fromSeq: number; readonly limit: number }): readonly ChainRow[] {
  const rows = db.all(
    `SELECT a.seq, a.line, a.prev_hash, a.hash, a.mac, coalesce(a.body_ct, s.body_ct, d.body_ct) AS body_ct,
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
    mac: optionalBytesColumn(row, 'mac'),
    bodyHash: body === null ? noBodyHash : encodeHex(sm3(body)),
    outcome: row['state'] === null ? null : [row['state'], row['support_code']].filter((part) => part !== null).join(' '),
  };
}
