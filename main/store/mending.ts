import { join } from 'node:path';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { type AnchorPoint, isLater, readAnchorFile } from './anchor-file.ts';
import { type BackupDeps, type BackupFacts, checkReadable, finishRestore, listBackups, type Restoring, restoreBackup, restoreReadable } from './backup.ts';
import { type FileDamage, findFileDamage } from './file-damage.ts';
import type { Append, Head } from './records.ts';

/** The setting that tells of a mended database until an administrator has seen it. */
export const mendedSetting = 'mended';

/** What was done about a damaged database, as it stands in the first entry of the new generation and in `mendedSetting`. */
export interface Mended {
  readonly at: number;
  readonly damage: FileDamage;
  /** The backup used and when it was made, or null when what still read of the file itself was enough. */
  readonly backup: { readonly name: string; readonly madeAt: number } | null;
  /** Newer backups that did not check. */
  readonly skipped: readonly string[];
  /** The first entry that may be lost, and the last by the anchor; null when no anchor says how far the log went. */
  readonly lostFrom: number;
  readonly lostTo: number | null;
}

/** What mending needs. */
export interface MendingDeps extends BackupDeps {
  readonly anchor: { readonly file: string; readonly key: Uint8Array };
}

/** Looks at the files before they are opened and mends what is damaged; null when there is nothing to mend. */
export function mendBeforeOpening(deps: MendingDeps, at: number): Result<Mended | null> {
  finishRestore(deps.dataDir, at);
  const anchor = readAnchorFile(deps.anchor);
  const damage = findFileDamage(join(deps.dataDir, 'counter.db'), anchor !== null || listBackups(deps.dataDir).length > 0);
  return damage === null ? ok(null) : mend(deps, damage, at);
}

/**
 * Puts the newest good state in place of a damaged database (design 06 §6.1): what was there is moved to `aside/`, the log goes
 * on as a new generation whose first entry says what is lost by the anchor. `store/no-backup` when there is none, nothing
 * touched. Null when the write-ahead log's damage lost nothing.
 */
export function mend(deps: MendingDeps, damage: FileDamage, at: number): Result<Mended | null> {
  const anchor = readAnchorFile(deps.anchor);
  let mended: Mended | null = null;
  const restoring = (backup: Mended['backup'], skipped: readonly string[]): Restoring => ({
    at,
    why: 'damaged',
    afterGen: anchor?.gen ?? 0,
    firstEntry: (head) => {
      mended = { at, damage, backup, skipped, lostFrom: head.seq + 1, lostTo: lastLost(anchor, head) };
      return firstEntryOf(mended, anchor, head);
    },
  });
  if (damage === 'log-unreadable') {
    const readable = checkReadable(deps, at);
    // Without an anchor ahead of it nothing is missing; a log that does not hold is for opening to say.
    if (!readable.ok || anchor === null || !isLater(anchor, readable.value)) return ok(null);
    const kept = restoreReadable(deps, restoring(null, []));
    return kept.ok ? ok(mended) : kept;
  }
  const skipped: string[] = [];
  for (const { name, madeAt } of listBackups(deps.dataDir).toSorted(byLogEnd)) {
    const restored = restoreBackup(deps, { name, ...restoring({ name, madeAt }, [...skipped]) });
    if (restored.ok) return ok(mended);
    skipped.push(name);
  }
  return fail('store/no-backup', damage);
}

// The one that goes furthest, whatever the clock said when it was made.
function byLogEnd(a: BackupFacts, b: BackupFacts): number {
  return b.gen - a.gen || b.seq - a.seq || b.madeAt - a.madeAt;
}

// Of another generation than the backup's nothing says how many entries it had before.
function lastLost(anchor: AnchorPoint | null, head: Head): number | null {
  return anchor === null || anchor.gen !== head.gen ? null : Math.max(anchor.seq, head.seq);
}

function firstEntryOf(mended: Mended, anchor: AnchorPoint | null, head: Head): Append {
  const { at, damage, backup, lostFrom, lostTo } = mended;
  const lost = lostTo === null ? `lost from ${lostFrom}` : lostTo < lostFrom ? 'lost nothing' : `lost ${lostFrom}-${lostTo}`;
  const known = anchor === null ? 'no anchor' : `anchor ${anchor.gen}/${anchor.seq} ${anchor.hash.slice(0, 16)}`;
  return {
    entry: { at, mono: 0, uncertaintyMs: 0, actor: 'counter', role: 'machine', device: 'store', type: 'store.mended', result: `${damage} ${lost} ${known}`, ref: backup?.name ?? 'counter.db' },
    body: encodeUtf8(JSON.stringify({ ...mended, anchor, restored: { gen: head.gen, seq: head.seq, hash: head.hash } })),
    bodyClass: 'device',
    business: { table: 'setting', name: mendedSetting, value: encodeUtf8(JSON.stringify(mended)) },
  };
}
