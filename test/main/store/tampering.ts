import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync, readFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { chainHash } from '../../../domain/audit-chain.ts';
import { parseAuditLine, printAuditLine } from '../../../domain/audit-entry.ts';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { encodeUtf8 } from '../../../domain/crypto/utf8.ts';
import { ok, type Result } from '../../../domain/failure.ts';
import { type EntrySource, verifyAudit } from '../../../main/audit/verification.ts';
import type { OpenDriver } from '../../../main/store/driver.ts';
import { checkpointEvery } from '../../../main/store/ledger.ts';
import { type OpenedDatabase, openDatabase } from '../../../main/store/opened-database.ts';
import { createOperations } from '../../../main/store/operations.ts';
import type { StoreOperations } from '../../../main/store/records.ts';
import { fixedBook } from './fixed-book.ts';
import { anEntry, aScan, openingCase, tamper } from './opened-store.ts';

/** Random numbers below a limit. */
export type Draw = (limit: number) => number;

/** One way of tampering with a closed log; gives the first record that is bad then, and may say that only the start can see it. */
export interface TamperKind {
  readonly name: string;
  readonly work: (log: TamperedLog, draw: Draw) => number;
}

/** The log under attack: its folder, and how many entries it has. */
export interface TamperedLog {
  readonly folder: string;
  readonly size: number;
  readonly earlier: CleanLog;
}

/** The files of a good log, to be laid down again for every trial. */
export interface CleanLog {
  readonly size: number;
  readonly files: ReadonlyMap<string, Buffer>;
}

const keys = { deviceKey: new Uint8Array(16).fill(3), legacyKey: null, book: fixedBook(), random: systemRandom };

function open(folder: string, openDriver: OpenDriver): OpenedDatabase {
  const opened = openDatabase({ ...keys, file: join(folder, 'counter.db'), openDriver, anchor: { file: join(folder, 'anchor'), key: new Uint8Array(32).fill(4) }, epochKeyFile: join(folder, 'audit-epoch') });
  if (!opened.ok) throw new Error(opened.failure.code);
  return opened.value;
}

/** Makes a log of cases, verdicts and plain entries with checkpoints, and one of the same log some entries earlier. */
export function makeCleanLog(openDriver: OpenDriver, size: number): { readonly log: CleanLog; readonly earlier: CleanLog } {
  const folder = mkdtempSync(join(tmpdir(), 'counter-tamper-'));
  const opened = open(folder, openDriver);
  const keep = (entries: number): CleanLog => {
    const names = ['counter.db', 'counter.db-wal', 'anchor', 'audit-epoch'].filter((name) => existsSync(join(folder, name)));
    return { size: entries, files: new Map(names.map((name) => [name, readFileSync(join(folder, name))])) };
  };
  let earlier = keep(0);
  opened.ledger.append(openingCase);
  for (let number = 2; number <= size; number++) {
    const scan = number % 3 === 0;
    opened.ledger.append(scan ? aScan(`scan-${number}`) : { entry: anEntry({ ref: `r${number}` }), body: encodeUtf8(`body ${number}`), business: null });
    if (number % checkpointEvery === 0) opened.ledger.checkpoint({ at: 1_790_000_000_000 });
    if (number === size - 9) earlier = keep(number);
  }
  opened.ledger.checkpoint({ at: 1_790_000_000_000 });
  opened.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  opened.close();
  const log = keep(size);
  rmSync(folder, { recursive: true, force: true });
  return { log, earlier };
}

/** Lays the files of a log into a fresh folder. */
export function layDown(log: CleanLog, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of log.files) writeFileSync(join(folder, name), bytes);
}

/** What a start and a full verification say of a folder: the first bad record, or null when both find it good. */
export async function judge(folder: string, openDriver: OpenDriver): Promise<{ readonly atStart: string | null; readonly firstBad: { readonly seq: number; readonly kind: string } | null }> {
  const opened = open(folder, openDriver);
  try {
    const head = opened.ledger.head();
    const report = await verifyAudit({ platformKeys: () => [], source: asSource(createOperations({ ...opened, ...keys })), monotonic: () => 0 });
    if (!report.ok) throw new Error(report.failure.code);
    return { atStart: head.firstBad?.kind ?? null, firstBad: report.value.firstBad };
  } finally {
    opened.close();
  }
}

function asSource(operations: StoreOperations): EntrySource {
  const promised = async <T>(value: T): Promise<Result<T>> => ok(value);
  return {
    head: () => promised(operations.head(null)),
    chain: (input) => promised(operations.chain(input)),
    checkpoints: (input) => promised(operations.checkpoints(input)),
    unfound: (input) => promised(operations.unfound(input)),
    auditIdentity: () => promised(operations.auditIdentity(null)),
  };
}

/** A record of the middle: neither the first nor the last. */
const some = (log: TamperedLog, draw: Draw): number => 2 + draw(log.size - 3);
const scanOf = (log: TamperedLog, draw: Draw): number => 3 * (1 + draw(Math.floor(log.size / 3)));

function flip(db: Database.Database, place: { readonly table: string; readonly column: string; readonly key: string; readonly seq: number }, draw: Draw): void {
  const { table, column, key, seq } = place;
  const row = db.prepare(`SELECT ${column} AS value FROM ${table} WHERE ${key} = ?`).get(seq) as { value: Buffer | string };
  const bytes = Buffer.from(row.value as string);
  const at = draw(bytes.length);
  // Texts stay texts: one of the lower bits, never into a control character.
  const bit = typeof row.value === 'string' ? 1 : 1 << draw(8);
  bytes[at] = (bytes[at] ?? 0) ^ bit;
  db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`).run(typeof row.value === 'string' ? bytes.toString('latin1') : bytes, seq);
}

/** The ways of tampering, each by somebody who has the file and the program's text but no key. */
export const tamperKinds: readonly TamperKind[] = [
  {
    name: 'a bit of a header',
    work: (log, draw) => onRecord(log, some(log, draw), (db, seq) => flip(db, { table: 'audit', column: 'line', key: 'seq', seq }, draw)),
  },
  {
    name: 'a bit of a hash',
    work: (log, draw) => onRecord(log, some(log, draw), (db, seq) => flip(db, { table: 'audit', column: 'hash', key: 'seq', seq }, draw)),
  },
  {
    name: 'a bit of a body',
    work: (log, draw) => onRecord(log, scanOf(log, draw), (db, seq) => flip(db, { table: 'scan', column: 'body_ct', key: 'audit_seq', seq }, draw)),
  },
  {
    name: 'a bit of a MAC',
    work: (log, draw) => onRecord(log, some(log, draw), (db, seq) => flip(db, { table: 'audit', column: 'mac', key: 'seq', seq }, draw)),
  },
  {
    name: 'the state in a business row',
    work: (log, draw) => onRecord(log, scanOf(log, draw), (db, seq) => db.prepare("UPDATE scan SET state = 'expired' WHERE audit_seq = ?").run(seq)),
  },
  {
    name: 'a record deleted',
    work: (log, draw) => onRecord(log, some(log, draw), (db, seq) => db.exec(`DELETE FROM scan WHERE audit_seq = ${seq}; DELETE FROM audit WHERE seq = ${seq}`)),
  },
  {
    name: 'two records exchanged',
    work: (log, draw) => {
      const [a, b] = [some(log, draw), some(log, draw)];
      if (a === b) return onRecord(log, a, (db, seq) => flip(db, { table: 'audit', column: 'line', key: 'seq', seq }, draw));
      return onRecord(log, Math.min(a, b), (db) => {
        for (const [from, to] of [[a, 1_000_000], [b, a], [1_000_000, b]]) db.prepare('UPDATE audit SET seq = ? WHERE seq = ?').run(to, from);
      });
    },
  },
  {
    name: 'a record doubled',
    work: (log, draw) =>
      onRecord(log, some(log, draw), (db, seq) => {
        db.exec(`UPDATE audit SET seq = seq + 1000000 WHERE seq > ${seq}; UPDATE audit SET seq = seq - 999999 WHERE seq > 1000000`);
        db.exec(`INSERT INTO audit (seq, gen, line, prev_hash, hash, body_ct, mac) SELECT ${seq + 1}, gen, line, prev_hash, hash, body_ct, mac FROM audit WHERE seq = ${seq}`);
      }),
  },
  {
    name: 'the end cut off',
    work: (log, draw) =>
      onRecord(log, some(log, draw), (db, seq) => {
        const parts = ['DELETE FROM scan WHERE audit_seq', 'DELETE FROM audit WHERE seq', ...(draw(2) === 0 ? ['DELETE FROM checkpoint WHERE size'] : [])];
        for (const part of parts) db.exec(`${part} >= ${seq}`);
      }),
  },
  { name: 'the end written anew with right hashes', work: (log, draw) => onRecord(log, some(log, draw), (db, seq) => rewriteFrom(db, seq, draw)) },
  {
    name: 'a bit of a signature',
    work: (log, draw) => onRecord(log, Math.min(checkpointEvery, log.size), (db, seq) => flip(db, { table: 'checkpoint', column: 'signature', key: 'size', seq }, draw)),
  },
  {
    name: 'a record hidden from the search',
    work: (log, draw) => onRecord(log, some(log, draw), (db, seq) => hideFromSearch(db, seq, draw)),
  },
  { name: 'the file of some time ago', work: (log) => rollBack(log, ['counter.db']) },
  { name: 'file and write-ahead log of some time ago', work: (log) => rollBack(log, ['counter.db', 'counter.db-wal']) },
];

function onRecord(log: TamperedLog, seq: number, work: (db: Database.Database, seq: number) => unknown): number {
  tamper(log.folder, (db) => work(db, seq));
  return seq;
}

function hideFromSearch(db: Database.Database, seq: number, draw: Draw): void {
  const table = ['actor', 'type', 'about'][draw(3)] ?? '';
  db.prepare(`DELETE FROM found_by_${table} WHERE seq = ?`).run(seq);
}

function rewriteFrom(db: Database.Database, from: number, draw: Draw): void {
  const rows = db.prepare('SELECT seq, line, prev_hash FROM audit WHERE seq >= ? ORDER BY seq').all(from) as { seq: number; line: string; prev_hash: string }[];
  let hash = rows[0]?.prev_hash ?? '';
  for (const { seq, line } of rows) {
    const entry = parseAuditLine(line);
    if (entry === null) throw new Error('unreadable line');
    const next = seq === from ? printAuditLine({ ...entry, actor: `somebody ${draw(1000)}` }) : line;
    const made = chainHash(hash, next);
    db.prepare('UPDATE audit SET line = ?, prev_hash = ?, hash = ? WHERE seq = ?').run(next, hash, made, seq);
    hash = made;
  }
}

function rollBack(log: TamperedLog, names: readonly string[]): number {
  for (const name of ['counter.db', 'counter.db-wal', 'counter.db-shm']) rmSync(join(log.folder, name), { force: true });
  const held = join(log.folder, 'held');
  layDown(log.earlier, held);
  for (const name of names) if (existsSync(join(held, name))) copyFileSync(join(held, name), join(log.folder, name));
  rmSync(held, { recursive: true });
  if (names.length === 2) return log.earlier.size + 1;
  // Without its log the early file holds what had been carried over into it by then.
  let last = 0;
  tamper(log.folder, (db) => {
    last = Number((db.prepare('SELECT max(seq) AS seq FROM audit').get() as { seq: number | null }).seq ?? 0);
  });
  return last + 1;
}
