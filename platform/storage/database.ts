import Database from 'better-sqlite3';
import { Kysely, SqliteDialect, type Transaction } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import { migrateEngine } from './migrations/0001-engine.ts';
import { migrateInformation } from './migrations/0002-information.ts';
import { migrateSharing } from './migrations/0003-sharing.ts';
import { migrateTrust } from './migrations/0004-trust.ts';
import { migrateVerification } from './migrations/0005-verification.ts';
import { migrateExchange } from './migrations/0006-exchange.ts';
import { createSqliteMigrationContext, type MigrationContext } from './migrations/context.ts';
import type { Tables } from './tables.ts';

/** The platform's storage. All writing happens in `write`: one transaction, durable when the promise resolves. */
export interface Storage {
  readonly db: Reader;
  write<T>(work: (unit: Work) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** One unit of work: what is done through it becomes durable together or not at all. */
export type Work = Transaction<Tables>;

/** Reading only: a unit of work or the database outside one. */
export type Reader = Pick<Kysely<Tables>, 'selectFrom'>;

/** Opens (and brings up to date) the SQLite file; throws when the file cannot be used or a pragma is not obeyed. */
export async function openStorage(file: string): Promise<Storage> {
  const sqlite = new Database(file);
  applyPragmas(sqlite);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) });
  await migrate(db);
  return {
    db,
    write: (work) => db.transaction().execute(work),
    close: () => db.destroy(),
  };
}

function applyPragmas(sqlite: Database.Database): void {
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('busy_timeout = 5000');
  const journal = sqlite.pragma('journal_mode', { simple: true });
  const synchronous = sqlite.pragma('synchronous', { simple: true });
  if (journal !== 'wal' || synchronous !== 2) throw new Error(`storage not durable: ${String(journal)}/${String(synchronous)}`);
}

const migrations: Record<string, (context: MigrationContext) => Promise<void>> = {
  '0001-engine': migrateEngine,
  '0002-information': migrateInformation,
  '0003-sharing': migrateSharing,
  '0004-trust': migrateTrust,
  '0005-verification': migrateVerification,
  '0006-exchange': migrateExchange,
};

async function migrate(db: Kysely<Tables>): Promise<void> {
  const provider: MigrationProvider = {
    getMigrations: async () =>
      Object.fromEntries(
        Object.entries(migrations).map(([name, up]): [string, Migration] => [
          name,
          { up: (target) => up(createSqliteMigrationContext(target)) },
        ]),
      ),
  };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw new Error('storage migration failed', { cause: error });
}
