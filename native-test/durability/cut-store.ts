import { join } from 'node:path';
import { genesisHash } from '../../domain/audit-chain.ts';
import { parseAuditLine } from '../../domain/audit-entry.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import type { Result } from '../../domain/failure.ts';
import { checkRows } from '../../main/store/chain-check.ts';
import { readChain } from '../../main/store/chain-rows.ts';
import type { OpenDriver } from '../../main/store/driver.ts';
import { fixedBook } from '../../test/main/store/fixed-book.ts';
import { type DatabaseDeps, type OpenedDatabase, openDatabase } from '../../main/store/opened-database.ts';

const key = new Uint8Array(16).fill(7);

/** Opens the database of a folder in this thread under fixed keys, with its anchor. */
export function openCut(folder: string, openDriver: OpenDriver, more: Pick<DatabaseDeps, 'isAnew'> = {}): Result<OpenedDatabase> {
  return openDatabase({
    file: join(folder, 'counter.db'),
    openDriver,
    deviceKey: key,
    legacyKey: null,
    book: fixedBook(),
    anchor: { file: join(folder, 'anchor'), key: new Uint8Array(32).fill(9) },
    epochKeyFile: join(folder, 'audit-epoch'),
    random: systemRandom,
    ...more,
  });
}

/** What was promised: an entry's number and what it is about. */
export interface Promised {
  readonly seq: number;
  readonly ref: string;
}

/** What a store that went through a fault has to answer for. */
export interface Findings {
  readonly lost: number;
  readonly doubled: number;
  readonly fault: string | null;
}

/** Opens what is left, as the next start would, and compares it with what was promised; `fault` says what is corrupt. */
export function examine(folder: string, openDriver: OpenDriver, promised: readonly Promised[]): Findings {
  const opened = openCut(folder, openDriver);
  if (!opened.ok) return { lost: promised.length, doubled: 0, fault: opened.failure.code };
  const { db, ledger, close } = opened.value;
  try {
    const head = ledger.head();
    const rows = readChain(db, { fromSeq: 1, limit: 1_000_000 });
    const found = new Map<string, number[]>();
    for (const { seq, line } of rows) {
      const ref = parseAuditLine(line)?.ref ?? '';
      found.set(ref, [...(found.get(ref) ?? []), seq]);
    }
    const lost = promised.filter(({ seq, ref }) => !(found.get(ref) ?? []).includes(seq)).length;
    const doubled = [...found.values()].filter((seqs) => seqs.length > 1).length;
    const bad = head.state === 'broken' ? head.firstBad : checkRows(rows, { seq: 0, hash: genesisHash }, head);
    const structure = db.pragma('integrity_check(1)');
    return { lost, doubled, fault: structure === 'ok' ? (bad === null ? null : `${bad.kind} at ${bad.seq}`) : String(structure) };
  } finally {
    close();
  }
}
