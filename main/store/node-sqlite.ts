import { backup, DatabaseSync, type StatementSync } from 'node:sqlite';
import { bySqliteCode } from './sqlite-code.table.ts';
import type { Row, SqliteDriver, SqlValue } from './driver.ts';

/** Opens a database file with the SQLite inside Node: the driver where no native addon can be had (LoongArch, old glibc). */
export function openNodeSqlite(file: string): SqliteDriver {
  const database = named(() => new DatabaseSync(file, { timeout: 0 }));
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const fresh = database.prepare(sql);
    prepared.set(sql, fresh);
    return fresh;
  };
  return {
    get: (sql, ...parameters) => named(() => (statement(sql).get(...parameters) as Row | undefined) ?? null),
    all: (sql, ...parameters) => named(() => statement(sql).all(...parameters) as Row[]),
    run: (sql, ...parameters) => {
      named(() => statement(sql).run(...parameters));
    },
    transaction: (work) => named(() => inTransaction(database, work)),
    exec: (sql) => named(() => database.exec(sql)),
    pragma: (text) => named(() => firstColumn(database.prepare(`PRAGMA ${text}`).get() as Row | undefined)),
    backup: async (target) => {
      await backup(database, target, { rate: pagesAtATime });
    },
    close: () => {
      // A prepared statement that outlives its database keeps the file open.
      prepared.clear();
      named(() => database.close());
    },
  };
}

const pagesAtATime = 256;

// IMMEDIATE: the write lock is taken before anything is read, so a transaction never fails half way for a lock.
function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } catch (error) {
    // SQLite rolls back by itself after a failed write.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function firstColumn(row: Row | undefined): SqlValue {
  return row === undefined ? null : (Object.values(row)[0] ?? null);
}

/** Node says which SQLite error it was by number; the store by name. */
function named<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'errcode' in error) throw Object.assign(error, { code: bySqliteCode(Number(error.errcode)) });
    throw error;
  }
}
