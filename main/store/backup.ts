import { closeSync, copyFileSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fail, ok, type Result } from '../../domain/failure.ts';
import type { AnchorPoint } from './anchor-file.ts';
import { lockedBook } from './data-keys.ts';
import { findOutdated, type KeptBackup } from './backup-rotation.ts';
import { checkRows } from './chain-check.ts';
import { readChain } from './chain-rows.ts';
import { genesisHash } from '../../domain/audit-chain.ts';
import { syncFolder } from './folder-sync.ts';
import { compareEnd } from './ledger-start.ts';
import { type DatabaseDeps, type OpenedDatabase, openDatabase } from './opened-database.ts';
import { settingPlace } from './record-places.ts';
import type { Append, Head } from './records.ts';
import { readSetting, writeSetting } from './rows.ts';
import { openSealedFile, readFileFacts, sealFile } from './sealed-file.ts';
import { sqliteFailure } from './opening.ts';

/** A backup as listed: what its header says (not yet authenticated) and how large the file is. */
export interface BackupFacts extends KeptBackup {
  readonly gen: number;
  readonly seq: number;
  readonly hash: string;
  readonly bytes: number;
}

/** What making and reading backups needs. */
export interface BackupDeps extends Omit<DatabaseDeps, 'file' | 'anchor' | 'epochKeyFile' | 'book'> {
  readonly dataDir: string;
  /** 16 bytes. */
  readonly backupKey: Uint8Array;
}

/** The folder of the backups in a data folder. */
export function backupFolder(dataDir: string): string {
  return join(dataDir, 'backups');
}

/** The backups of a data folder, newest first; other files are left alone. */
export function listBackups(dataDir: string): readonly BackupFacts[] {
  const folder = backupFolder(dataDir);
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder).filter((name) => name.endsWith(extension));
  return found
    .map((name) => describeBackup(folder, name))
    .filter((backup) => backup !== null)
    .toSorted((a, b) => b.madeAt - a.madeAt);
}

/**
 * Turns a snapshot (a copy made by the open store) into a backup: opened and checked as a store would be, every entry and
 * body read, then sealed, synced and named; older ones that the rotation does not keep go. The snapshot is removed.
 */
export function keepBackup(deps: BackupDeps, input: { readonly snapshot: string; readonly at: number }): Result<BackupFacts> {
  const folder = backupFolder(deps.dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const target = join(folder, `unfinished-${input.at}`);
  try {
    const head = checkCopy(deps, input.snapshot);
    if (!head.ok) return head;
    const { seq, hash, gen } = head.value;
    const name = `counter-${new Date(input.at).toISOString().replaceAll(/[:.]/g, '-')}${extension}`;
    rmSync(target, { force: true });
    sealFile({ source: input.snapshot, target, key: deps.backupKey, random: deps.random, facts: { madeAt: input.at, seq, hash, gen } });
    renameSync(target, join(folder, name));
    syncFolder(folder);
    for (const { name: old } of findOutdated(listBackups(deps.dataDir), input.at)) rmSync(join(folder, old), { force: true });
    const made = describeBackup(folder, name);
    return made === null ? fail('store/unwritable', 'backup') : ok(made);
  } finally {
    removeDatabase(input.snapshot);
    rmSync(target, { force: true });
  }
}

/**
 * Checks a database file as a whole: structure, chain from the first entry to its stated end, every body. `kept` is what the
 * anchor says of the end, null without one; of a copy nothing says where it must end.
 */
export function checkCopy(deps: Omit<BackupDeps, 'dataDir' | 'backupKey'>, file: string, kept?: AnchorPoint | null): Result<Head> {
  return withDatabase(deps, file, ({ db, ledger }) => {
    const head = ledger.head();
    if (db.pragma('integrity_check(1)') !== 'ok') return fail('store/damaged', 'integrity_check');
    if (head.state === 'broken') return fail('audit/chain-broken', String(head.firstBad?.seq ?? 0));
    let end = { seq: 0, hash: genesisHash };
    for (;;) {
      const rows = readChain(db, { fromSeq: end.seq + 1, limit: pageSize });
      const last = rows.at(-1);
      if (last === undefined) break;
      const bad = checkRows(rows, end, last);
      if (bad !== null) return fail('audit/chain-broken', String(bad.seq));
      end = { seq: last.seq, hash: last.hash };
    }
    if (end.seq !== head.seq || end.hash !== head.hash) return fail('audit/chain-broken', String(end.seq));
    const found = kept === undefined ? 'ok' : compareEnd(db, head, kept);
    return typeof found === 'string' ? ok({ ...head, anchor: found }) : fail('audit/chain-broken', `${found.seq} ${found.kind}`);
  });
}

/** How a database becomes the store of its data folder: when, how its new generation begins, and after which generation at least. */
export interface Restoring {
  readonly at: number;
  readonly firstEntry: (head: Head) => Append;
  /** The latest generation known of elsewhere (an anchor): the new one comes after it too. */
  readonly afterGen?: number;
  readonly why?: AsideReason;
}

/**
 * Makes a backup the store of its data folder: opened and checked beside the present one, begun as a new generation by
 * `firstEntry`, and only then put in place. The database that was there is moved to `aside/`, never deleted. Who may log in, with
 * which passphrase and key, stays as it is today where that can be read: the data keys beside the database are today's too.
 */
export function restoreBackup(deps: BackupDeps, input: Restoring & { readonly name: string }): Result<Head> {
  const bring = (scratch: string): Result<Head> => {
    const facts = openSealedFile({ source: join(backupFolder(deps.dataDir), input.name), target: scratch, key: deps.backupKey });
    if (facts === null) return fail('store/damaged', 'the backup does not open');
    const checked = checkCopy(deps, scratch);
    if (checked.ok && (checked.value.seq !== facts['seq'] || checked.value.hash !== facts['hash'])) return fail('store/damaged', 'the backup is not what it says');
    return checked;
  };
  return putInPlace(deps, { ...input, bring, ofToday: readPresent(deps) });
}

/** What still reads of the present database becomes the store itself, as a backup would; fails unless its log holds as far as it goes. */
export function restoreReadable(deps: BackupDeps, input: Restoring): Result<Head> {
  return putInPlace(deps, { ...input, bring: (scratch) => checkTwin(deps, scratch), ofToday: [] });
}

/** Where the log of the present database ends as far as it reads, checked as a whole on a copy: the file itself is not opened. */
export function checkReadable(deps: BackupDeps, at: number): Result<Head> {
  const scratch = join(deps.dataDir, `reading-${at}.db`);
  try {
    return checkTwin(deps, scratch);
  } finally {
    removeDatabase(scratch);
  }
}

function checkTwin(deps: BackupDeps, scratch: string): Result<Head> {
  for (const part of ['', '-wal']) {
    const source = join(deps.dataDir, `counter.db${part}`);
    if (existsSync(source)) copyFileSync(source, `${scratch}${part}`);
  }
  return checkCopy(deps, scratch);
}

interface Placing extends Restoring {
  /** Makes the database file at a path and checks it as a whole. */
  readonly bring: (scratch: string) => Result<Head>;
  readonly ofToday: ReturnType<typeof readPresent>;
}

function putInPlace(deps: BackupDeps, { bring, ofToday, at, firstEntry, afterGen = 0, why }: Placing): Result<Head> {
  const scratch = join(deps.dataDir, `restoring-${at}.db`);
  try {
    const checked = bring(scratch);
    if (!checked.ok) return checked;
    const begun = withDatabase(deps, scratch, ({ db, ledger, sealing }) => {
      for (const [name, value] of ofToday) writeSetting(db, name, sealing.seal(settingPlace(name), value));
      ledger.beginGeneration(firstEntry(ledger.head()), afterGen);
      ledger.checkpoint({ at });
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      return ok(ledger.head());
    });
    if (!begun.ok) return begun;
    syncFile(scratch);
    renameSync(scratch, join(deps.dataDir, readyName));
    syncFolder(deps.dataDir);
    finishRestore(deps.dataDir, at, why);
    return begun;
  } finally {
    removeDatabase(scratch);
  }
}

/** Puts a database that is ready in place of the present one, which is moved aside; does nothing when none is ready. Safe to be cut off and run again. */
export function finishRestore(dataDir: string, at: number, why: AsideReason = 'replaced'): void {
  const ready = join(dataDir, readyName);
  if (!existsSync(ready)) return;
  moveAside(dataDir, at, why);
  renameSync(ready, join(dataDir, 'counter.db'));
  syncFolder(dataDir);
}

/** Why a database lies in `aside/`: the end of its folder's name. */
export type AsideReason = 'replaced' | 'damaged';

/** Moves the database and its log to a folder of their own under `aside/`; gives that folder, or null when there was no database. */
export function moveAside(dataDir: string, at: number, why: AsideReason): string | null {
  const present = ['counter.db-wal', 'counter.db-shm', 'counter.db'].filter((name) => existsSync(join(dataDir, name)));
  if (present.length === 0) return null;
  const folder = join(dataDir, 'aside', `${new Date(at).toISOString().replaceAll(/[:.]/g, '-')}-${why}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of present) {
    const target = join(folder, name);
    if (!existsSync(target)) linkSync(join(dataDir, name), target);
    rmSync(join(dataDir, name));
  }
  syncFolder(folder);
  syncFolder(dirname(folder));
  return folder;
}

const keptFromToday = ['access', 'attempts'] as const;

/** The settings of the present database that a restore keeps; those that cannot be read are left to the backup. */
export function readPresent(deps: BackupDeps): readonly (readonly [name: string, value: Uint8Array])[] {
  const file = join(deps.dataDir, 'counter.db');
  // Opening an empty file would make a database of it.
  if (!existsSync(file) || statSync(file).size === 0) return [];
  const read = withDatabase(deps, file, ({ db, sealing }) => {
    return ok(
      keptFromToday.flatMap((name) => {
        const sealed = readSetting(db, name);
        const value = sealed === null ? null : sealing.open(settingPlace(name), sealed);
        return value === null ? [] : [[name, value] as const];
      }),
    );
  });
  return read.ok ? read.value : [];
}

const extension = '.backup';
const readyName = 'restored.db';
const pageSize = 1000;

function withDatabase<T>(deps: Omit<BackupDeps, 'dataDir' | 'backupKey'>, file: string, work: (database: OpenedDatabase) => Result<T>): Result<T> {
  try {
    const opened = openDatabase({ ...deps, file, anchor: null, epochKeyFile: null, book: lockedBook() });
    if (!opened.ok) return opened;
    try {
      return work(opened.value);
    } finally {
      opened.value.close();
    }
  } catch (error) {
    const failure = sqliteFailure(error);
    if (failure === null) throw error;
    return { ok: false, failure };
  }
}

function describeBackup(folder: string, name: string): BackupFacts | null {
  const facts = readFileFacts(join(folder, name));
  const [madeAt, gen, seq, hash] = [facts?.['madeAt'], facts?.['gen'], facts?.['seq'], facts?.['hash']];
  if (typeof madeAt !== 'number' || typeof gen !== 'number' || typeof seq !== 'number' || typeof hash !== 'string') return null;
  return { name, madeAt, gen, seq, hash, bytes: statSync(join(folder, name)).size };
}

function removeDatabase(file: string): void {
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${part}`, { force: true });
}

function syncFile(file: string): void {
  const handle = openSync(file, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}
