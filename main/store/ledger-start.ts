import { genesisHash } from '../../domain/audit-chain.ts';
import { parseCheckpoint } from '../../domain/audit-checkpoint.ts';
import { parseAuditLine } from '../../domain/audit-entry.ts';
import { equalBytes } from '../../domain/crypto/bytes.ts';
import type { EntryType } from '../../domain/entry-type.ts';
import { createGrowingTree, type GrowingTree } from '../../domain/merkle-tree.ts';
import { type Anchor, type AnchorPoint, isLater } from './anchor-file.ts';
import type { AuditKeys } from './audit-keys.ts';
import { checkRows } from './chain-check.ts';
import { readChain } from './chain-rows.ts';
import { leafOf, readLastCheckpoint, resumeTree } from './checkpoints.ts';
import { numberColumn, textColumn } from './columns.ts';
import type { ReadableDb, WritableDb } from './driver.ts';
import type { RecordSealing } from './record-sealing.ts';
import type { Append, Head, StoredCheckpoint } from './records.ts';

/** What the ledger works with; `companyKey` makes the keyed digests that companies are searched by. */
export interface LedgerDeps {
  readonly db: WritableDb;
  readonly sealing: RecordSealing;
  readonly keys: AuditKeys;
  readonly anchor: Anchor | null;
  readonly companyKey: () => Uint8Array;
  /** Told when something failed that nobody waits for: what comes next needs a new connection. */
  readonly onFault?: (() => void) | undefined;
}

/** Where a log ends: its last entry, that one's hash and generation. */
export interface LedgerEnd {
  readonly seq: number;
  readonly hash: string;
  readonly gen: number;
}

/** What an opened ledger starts from. */
export interface LedgerStart {
  readonly head: Head;
  readonly tree: GrowingTree;
  readonly lastCheckpoint: number;
  /** As the anchor has it. */
  readonly anew: AnchorPoint['anew'];
}

type Bad = { readonly seq: number; readonly kind: string };

const tailLength = 200;

/**
 * Reads and checks where the log stands: the last signed checkpoint, every entry since it (at least the last 200) with its MAC,
 * and the anchor outside the database, which alone knows of what was cut off behind the checkpoint. A fault makes the head
 * `broken` and names the first bad entry.
 */
export function startLedger(deps: LedgerDeps): LedgerStart {
  const { db, keys, anchor } = deps;
  const last = readLastCheckpoint(db);
  const boot = last === null ? 0 : (parseCheckpoint(last.text)?.boot ?? 0);
  const end = readEnd(db);
  const broken = (firstBad: Bad): LedgerStart => ({ head: { ...end, boot, state: 'broken', firstBad, anchor: 'ok' }, tree: emptyTree(), lastCheckpoint: 0, anew: undefined });
  const tree = last === null ? emptyTree() : resumeTree(keys, last);
  if (tree === null) return broken({ seq: last?.size ?? 0, kind: 'checkpoint' });
  if ((last?.size ?? 0) > end.seq) return broken({ seq: end.seq + 1, kind: 'truncated' });
  const kept = anchor?.read() ?? null;
  const found = anchor === null ? 'ok' : compareEnd(db, end, kept);
  const against = typeof found === 'string' ? null : found;
  const bad = checkTail(db, end, last) ?? (against?.kind === 'rolled-back' ? against : (checkNew(deps, end, tree) ?? against));
  if (bad !== null) return broken(bad);
  // The anchor and the file copied back together, and the key that they were made with is gone.
  if (anchor !== null && !keys.hasEpochKey()) return broken({ seq: end.seq + 1, kind: 'key-missing' });
  // It is not made again here: who only reads would take away what tells that it was gone. The next entry makes it.
  return { head: { ...end, boot: boot + 1, state: 'ok', firstBad: null, anchor: found === 'missing' ? 'missing' : 'ok' }, tree, lastCheckpoint: last?.size ?? 0, anew: kept?.anew };
}

/** Holds the end of a log against what the anchor says of it (null: there is none); a log without entries needs none. */
export function compareEnd(db: ReadableDb, end: LedgerEnd, kept: AnchorPoint | null): Bad | 'ok' | 'missing' {
  if (kept === null) return end.seq === 0 ? 'ok' : 'missing';
  if (isLater(kept, end)) return { seq: end.seq + 1, kind: 'rolled-back' };
  if (kept.gen === end.gen && hashAt(db, kept.seq) !== kept.hash) return { seq: kept.seq, kind: 'rewritten' };
  return isNoted(db, kept.anew) ? 'ok' : 'missing';
}

const missingType = 'audit.anchor-missing' satisfies EntryType;

/** The entry that goes before any other where the anchor was missing: behind it the log may have been cut off. */
export function noteMissingAnchor(head: Head, before: Append): Append {
  const { at, mono, uncertaintyMs, device } = before.entry;
  const entry = { at, mono, uncertaintyMs, actor: 'counter', role: 'machine', device, type: missingType, result: 'missing', ref: `entry ${head.seq}` };
  return { entry, body: null, business: null };
}

// A restore may have put a log in place that does not have the entry: then that one has to say it too.
function isNoted(db: ReadableDb, anew: AnchorPoint['anew']): boolean {
  if (anew === undefined) return true;
  const row = db.get('SELECT line FROM audit WHERE seq = ?', anew.seq);
  const entry = row === null ? null : parseAuditLine(textColumn(row, 'line'));
  return entry?.gen === anew.gen && entry.type === missingType;
}

function emptyTree(): GrowingTree {
  const tree = createGrowingTree();
  if (tree === null) throw new Error('an empty tree is always one');
  return tree;
}

// The generation as the chained line says it: a column beside it is nobody's word.
function readEnd(db: ReadableDb): LedgerEnd {
  const row = db.get('SELECT seq, hash, line FROM audit ORDER BY seq DESC LIMIT 1');
  if (row === null) return { seq: 0, hash: genesisHash, gen: 1 };
  return { seq: numberColumn(row, 'seq'), hash: textColumn(row, 'hash'), gen: parseAuditLine(textColumn(row, 'line'))?.gen ?? 0 };
}

function checkTail(db: ReadableDb, end: LedgerEnd, last: StoredCheckpoint | null): Bad | null {
  const fromSeq = Math.max(1, Math.min(end.seq - tailLength, last?.size ?? end.seq) + 1);
  const start = { seq: fromSeq - 1, hash: fromSeq === 1 ? genesisHash : (hashAt(db, fromSeq - 1) ?? '') };
  const found = checkRows(readChain(db, { fromSeq, limit: end.seq - fromSeq + 2 }), start, end);
  if (found !== null) return found;
  return last !== null && last.size > 0 && !last.text.includes(`\n${hashAt(db, last.size)} `) ? { seq: last.size, kind: 'rewritten' } : null;
}

/** Grows the tree by the entries since the last checkpoint and checks their MACs where the key is here. */
function checkNew({ db, keys }: LedgerDeps, end: LedgerEnd, tree: GrowingTree): Bad | null {
  for (let fromSeq = tree.size() + 1; fromSeq <= end.seq; fromSeq = tree.size() + 1) {
    const page = readChain(db, { fromSeq, limit: 1000 });
    if (page[0]?.seq !== fromSeq) return { seq: fromSeq, kind: 'missing' };
    for (const row of page) {
      const holds = (): boolean => (row.mac === null ? row.seq <= keys.withoutMacUpTo : equalBytes(row.mac, keys.mac(row.hash)));
      if (keys.hasEpochKey() && !holds()) return { seq: row.seq, kind: 'mac' };
      tree.append(leafOf(row.hash));
    }
  }
  return null;
}

function hashAt(db: ReadableDb, seq: number): string | null {
  const row = db.get('SELECT hash FROM audit WHERE seq = ?', seq);
  return row === null ? null : textColumn(row, 'hash');
}
