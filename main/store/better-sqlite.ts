import Database from 'better-sqlite3';
import type { Row, SqliteDriver, SqlValue } from './driver.ts';

/** Opens a database file with better-sqlite3; statements are prepared once and kept. */
export function openBetterSqlite(file: string): SqliteDriver {
  const database = new Database(file, { timeout: 0 });
  const prepared = new Map<string, Database.Statement>();
  const statement = (sql: string): Database.Statement => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const fresh = database.prepare(sql);
    prepared.set(sql, fresh);
    return fresh;
  };
  // IMMEDIATE: the write lock is taken before anything is read, so a transaction never fails half way for a lock.
  const [begin, commit, rollback] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT'), database.prepare('ROLLBACK')];
  return {
    get: (sql, ...parameters) => (statement(sql).get(...parameters.map(bindable)) as Row | undefined) ?? null,
    all: (sql, ...parameters) => statement(sql).all(...parameters.map(bindable)) as Row[],
    run: (sql, ...parameters) => {
      statement(sql).run(...parameters.map(bindable));
    },
    transaction: (work) => {
      begin.run();
      try {
        const value = work();
        commit.run();
        return value;
      } catch (error) {
        // SQLite rolls back by itself after a failed write.
        if (database.inTransaction) rollback.run();
        throw error;
      }
    },
    exec: (sql) => {
      database.exec(sql);
    },
    pragma: (text) => (database.pragma(text, { simple: true }) as SqlValue | undefined) ?? null,
    backup: async (file) => {
      await database.backup(file, { progress: () => pagesAtATime });
    },
    close: () => {
      database.close();
    },
  };
}

const pagesAtATime = 256;

// The library binds Buffers only.
function bindable(value: SqlValue): SqlValue | Buffer {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
