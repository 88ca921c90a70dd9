import { genesisHash } from '../../domain/audit-chain.ts';
import { equalBytes } from '../../domain/crypto/bytes.ts';
import { createGrowingTree, type GrowingTree } from '../../domain/merkle-tree.ts';
import { type Anchor, isLater } from './anchor-file.ts';
import type { AuditKeys } from './audit-keys.ts';
import { checkRows } from './chain-check.ts';
import { type ChainEnd, type LedgerEnd, noEntries } from './chain-end.ts';
import { readChain } from './chain-rows.ts';
import { leafOf, readLastCheckpoint, resumeTree } from './checkpoints.ts';
import { textColumn } from './columns.ts';
import type { ReadableDb, WritableDb } from './driver.ts';
import type { RecordSealing } from './record-sealing.ts';
import type { Head, StoredCheckpoint } from './records.ts';

/** What the ledger works with; `companyKey` makes the keyed digests that companies are searched by. */
export interface LedgerDeps {
  readonly db: WritableDb;
  readonly sealing: RecordSealing;
  readonly keys: AuditKeys;
  readonly anchor: Anchor | null;
  readonly end: ChainEnd;
  readonly companyKey: () => Uint8Array;
}

/** What an opened ledger starts from. */
export interface LedgerStart {
  readonly head: Head;
  readonly tree: GrowingTree;
  readonly lastCheckpoint: number;
}

type Bad = { readonly seq: number; readonly kind: string };

const tailLength = 200;

/**
 * Reads and checks where the log stands: the stated end, the last signed checkpoint, every entry since it (at least the
 * last 200) with its MAC, and the anchor outside the database. A fault makes the head `broken` and names the first bad entry.
 */
export function startLedger(deps: LedgerDeps): LedgerStart {
  const { db, keys, anchor } = deps;
  const end = readEnd(deps);
  if (end === null) return broken(noEntries, { seq: 0, kind: 'head' });
  const last = readLastCheckpoint(db);
  const tree = last === null ? emptyTree() : resumeTree(keys, last);
  if (tree === null || (last?.size ?? 0) > end.seq) return broken(end, { seq: last?.size ?? 0, kind: tree === null ? 'checkpoint' : 'truncated' });
  const bad = checkTail(db, end, last) ?? checkNew(deps, end, tree);
  if (bad !== null) return broken(end, bad);
  const kept = anchor?.read() ?? null;
  if (kept !== null && isLater(kept, end)) return broken(end, { seq: end.seq + 1, kind: 'rolled-back' });
  if (kept !== null && kept.gen === end.gen && hashAt(db, kept.seq) !== kept.hash) return broken(end, { seq: kept.seq, kind: 'rewritten' });
  // The anchor and the file copied back together, and the key that they were made with is gone.
  if (anchor !== null && !keys.hasEpochKey()) return broken(end, { seq: end.seq + 1, kind: 'key-missing' });
  const state = anchor === null || end.seq === 0 || kept !== null ? 'ok' : 'missing';
  if (end.seq > 0 && kept === null) anchor?.write(end);
  return { head: { ...end, boot: end.boot + 1, state: 'ok', firstBad: null, anchor: state }, tree, lastCheckpoint: last?.size ?? 0 };
}

function broken(end: LedgerEnd, firstBad: Bad): LedgerStart {
  return { head: { ...end, state: 'broken', firstBad, anchor: 'ok' }, tree: emptyTree(), lastCheckpoint: 0 };
}

function emptyTree(): GrowingTree {
  const tree = createGrowingTree();
  if (tree === null) throw new Error('an empty tree is always one');
  return tree;
}

// A missing head on an empty ledger is a fresh store; on any other it was removed.
function readEnd({ db, end }: Pick<LedgerDeps, 'db' | 'end'>): LedgerEnd | null {
  const stated = end.read();
  if (stated === 'none') return db.get('SELECT seq FROM audit LIMIT 1') === null ? noEntries : null;
  return stated === 'foreign' ? null : stated;
}

function checkTail(db: ReadableDb, end: LedgerEnd, last: StoredCheckpoint | null): Bad | null {
  const fromSeq = Math.max(1, Math.min(end.seq - tailLength, last?.size ?? end.seq) + 1);
  const start = { seq: fromSeq - 1, hash: fromSeq === 1 ? genesisHash : (hashAt(db, fromSeq - 1) ?? '') };
  const found = checkRows(readChain(db, { fromSeq, limit: end.seq - fromSeq + 2 }), start, end);
  if (found !== null) return found;
  return last !== null && last.size > 0 && !last.text.includes(`\n${hashAt(db, last.size)} `) ? { seq: last.size, kind: 'rewritten' } : null;
}

/** Grows the tree by the entries since the last checkpoint and checks their MACs where the key is here; entries of the first schema have none. */
function checkNew({ db, keys }: LedgerDeps, end: LedgerEnd, tree: GrowingTree): Bad | null {
  for (let fromSeq = tree.size() + 1; fromSeq <= end.seq; fromSeq = tree.size() + 1) {
    const page = readChain(db, { fromSeq, limit: 1000 });
    if (page[0]?.seq !== fromSeq) return { seq: fromSeq, kind: 'missing' };
    for (const row of page) {
      if (row.mac !== null && keys.hasEpochKey() && !equalBytes(row.mac, keys.mac(row.hash))) return { seq: row.seq, kind: 'mac' };
      tree.append(leafOf(row.hash));
    }
  }
  return null;
}

function hashAt(db: ReadableDb, seq: number): string | null {
  const row = db.get('SELECT hash FROM audit WHERE seq = ?', seq);
  return row === null ? null : textColumn(row, 'hash');
}
