import { type Checkpoint, isCheckpointSigned, parseCheckpoint, printCheckpoint } from '../../domain/audit-checkpoint.ts';
import { concatBytes, equalBytes } from '../../domain/crypto/bytes.ts';
import { decodeHex } from '../../domain/crypto/hex.ts';
import { createGrowingTree, type GrowingTree, leafHash } from '../../domain/merkle-tree.ts';
import type { AuditKeys } from './audit-keys.ts';
import { numberColumn, optionalBytesColumn, optionalTextColumn, textColumn } from './columns.ts';
import type { ReadableDb, Row, WritableDb } from './driver.ts';
import type { StoredCheckpoint } from './records.ts';

const hashLength = 32;

/** The newest checkpoint of a database, or null. */
export function readLastCheckpoint(db: ReadableDb): StoredCheckpoint | null {
  const row = db.get('SELECT * FROM checkpoint ORDER BY gen DESC, size DESC LIMIT 1');
  return row === null ? null : storedCheckpoint(row);
}

/** Checkpoints that cover more than `afterSize` entries, smallest first within their generation. */
export function readCheckpoints(db: ReadableDb, input: { readonly afterSize: number; readonly limit: number }): readonly StoredCheckpoint[] {
  return db.all('SELECT * FROM checkpoint WHERE size > ? ORDER BY gen, size LIMIT ?', input.afterSize, input.limit).map(storedCheckpoint);
}

/** The newest checkpoint, the newest with a countersignature, and how many entries were signed since that. */
export function readCountersigning(db: ReadableDb): { readonly newest: StoredCheckpoint | null; readonly last: StoredCheckpoint | null; readonly waiting: number } {
  const row = db.get('SELECT * FROM checkpoint WHERE countersigned IS NOT NULL ORDER BY gen DESC, size DESC LIMIT 1');
  const last = row === null ? null : storedCheckpoint(row);
  const newest = readLastCheckpoint(db);
  return { newest, last, waiting: Math.max(0, (newest?.size ?? 0) - (last?.size ?? 0)) };
}

/** Notes the centre's countersignature beside a checkpoint. */
export function keepCountersignature(db: WritableDb, input: { readonly gen: number; readonly size: number; readonly countersigned: string }): void {
  db.run('UPDATE checkpoint SET countersigned = ? WHERE gen = ? AND size = ?', input.countersigned, input.gen, input.size);
}

/** Signs the state of the tree and writes it down; within a transaction of the caller. */
export function writeCheckpoint(deps: { readonly db: WritableDb; readonly keys: AuditKeys }, tree: GrowingTree, stand: Omit<Checkpoint, 'device' | 'root' | 'size'>): StoredCheckpoint {
  const size = tree.size();
  const text = printCheckpoint({ ...stand, device: deps.keys.device, size, root: tree.root() });
  const checkpoint = { gen: stand.gen, size, text, signature: deps.keys.sign(text), peaks: tree.peaks(), countersigned: null };
  deps.db.run(
    'INSERT INTO checkpoint (gen, size, text, signature, peaks) VALUES (?, ?, ?, ?, ?)',
    ...[checkpoint.gen, size, text, checkpoint.signature, concatBytes(...checkpoint.peaks)],
  );
  return checkpoint;
}

/** The tree at a checkpoint, when its signature is ours and its peaks give the root that was signed; else null. */
export function resumeTree(keys: AuditKeys, stored: StoredCheckpoint): GrowingTree | null {
  const said = parseCheckpoint(stored.text);
  if (said === null || said.size !== stored.size || said.gen !== stored.gen || !isCheckpointSigned(keys.publicKey, stored)) return null;
  const tree = createGrowingTree(stored);
  return tree !== null && equalBytes(tree.root(), said.root) ? tree : null;
}

/** The leaf that an entry is in the tree: its hash's bytes. */
export function leafOf(hash: string): Uint8Array {
  return leafHash(decodeHex(hash) ?? new Uint8Array());
}

function storedCheckpoint(row: Row): StoredCheckpoint {
  const peaks = optionalBytesColumn(row, 'peaks') ?? new Uint8Array();
  return {
    gen: numberColumn(row, 'gen'),
    size: numberColumn(row, 'size'),
    text: textColumn(row, 'text'),
    signature: optionalBytesColumn(row, 'signature') ?? new Uint8Array(),
    peaks: Array.from({ length: Math.floor(peaks.length / hashLength) }, (_, index) => peaks.slice(index * hashLength, (index + 1) * hashLength)),
    countersigned: optionalTextColumn(row, 'countersigned'),
  };
}
