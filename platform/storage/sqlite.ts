import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Kysely, sql, type SqliteDatabase, SqliteDialect, type SqliteStatement, type Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** Opens the file, durable and for several processes of one machine; throws when it cannot be used. */
export function openSqlite(file: string): Kysely<Tables> {
  const sqlite = new Database(file);
  applyPragmas(sqlite);
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: keepStatements(sqlite) }) });
}

function applyPragmas(sqlite: Database.Database): void {
  // Before anything else: the first process may be turning the file to WAL.
  sqlite.pragma('busy_timeout = 5000');
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  const journal = sqlite.pragma('journal_mode', { simple: true });
  const synchronous = sqlite.pragma('synchronous', { simple: true });
  if (journal !== 'wal' || synchronous !== 2) throw new Error(`storage not durable: ${String(journal)}/${String(synchronous)}`);
}

const mostStatements = 300;

/** Prepares each statement once; every transaction takes the write lock at once, where waiting for it is still harmless. */
function keepStatements(sqlite: Database.Database): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();
  return {
    prepare: (text) => {
      const known = kept.get(text);
      if (known !== undefined) return known;
      const prepared: SqliteStatement = sqlite.prepare(text === 'begin' ? 'begin immediate' : text);
      if (kept.size >= mostStatements) kept.delete(kept.keys().next().value ?? '');
      kept.set(text, prepared);
      return prepared;
    },
    close: () => void sqlite.close(),
  };
}

type Work = Transaction<Tables>;

interface Unit {
  readonly work: (unit: Work) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const mostTogether = 32;

/**
 * Units of work that wait at the same time are committed together, each within a savepoint: one sync of the disk for all of
 * them. A unit that fails undoes itself alone; none is done before the commit is.
 */
export function createGroupCommit(db: Kysely<Tables>): <T>(work: (unit: Work) => Promise<T>) => Promise<T> {
  const waiting: Unit[] = [];
  let isRunning = false;
  const run = async () => {
    isRunning = true;
    while (waiting.length > 0) {
      // Requests that have arrived meanwhile come as far as their own units of work.
      await nextTurn();
      await commitTogether(db, waiting.splice(0, mostTogether));
    }
    isRunning = false;
  };
  return <T>(work: (unit: Work) => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      if (!isRunning) void run();
    });
}

async function commitTogether(db: Kysely<Tables>, units: readonly Unit[]): Promise<void> {
  const done: (() => void)[] = [];
  try {
    await db.transaction().execute(async (work) => {
      for (const unit of units) done.push(await runWithin(work, unit));
    });
    for (const settle of done) settle();
  } catch (error) {
    for (const { reject } of units) reject(error);
  }
}

async function runWithin(work: Work, { reject, resolve, work: run }: Unit): Promise<() => void> {
  await sql`savepoint unit`.execute(work);
  try {
    const value = await run(work);
    await sql`release unit`.execute(work);
    return () => resolve(value);
  } catch (error) {
    await sql`rollback to unit`.execute(work);
    await sql`release unit`.execute(work);
    return () => reject(error);
  }
}
