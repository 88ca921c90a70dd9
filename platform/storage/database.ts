import Database from 'better-sqlite3';
import { Kysely, PostgresDialect, SqliteDialect, type Transaction } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import pg from 'pg';
import { migrateEngine } from './migrations/0001-engine.ts';
import { migrateInformation } from './migrations/0002-information.ts';
import { migrateSharing } from './migrations/0003-sharing.ts';
import { migrateTrust } from './migrations/0004-trust.ts';
import { migrateVerification } from './migrations/0005-verification.ts';
import { migrateExchange } from './migrations/0006-exchange.ts';
import { migrateOffline } from './migrations/0007-offline.ts';
import { migrateMonitoring } from './migrations/0008-monitoring.ts';
import { createPostgresMigrationContext, createSqliteMigrationContext, type MigrationContext } from './migrations/context.ts';
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

/**
 * Opens the database and brings it up to date: a SQLite file, or PostgreSQL by its address (`postgres://…`). Throws when it
 * cannot be used. Any number of processes may use one PostgreSQL; a file is for one.
 */
export async function openStorage(place: string): Promise<Storage> {
  const isServer = /^postgres(ql)?:\/\//.test(place);
  const db = isServer ? connectPostgres(place) : openSqlite(place);
  try {
    await migrate(db, isServer ? createPostgresMigrationContext : createSqliteMigrationContext);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    db,
    write: (work) => writeOnce(db, work, isServer ? attempts : 1),
    close: () => db.destroy(),
  };
}

function openSqlite(file: string): Kysely<Tables> {
  const sqlite = new Database(file);
  applyPragmas(sqlite);
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) });
}

function connectPostgres(address: string): Kysely<Tables> {
  // Counts and epoch milliseconds are far below 2^53.
  const types = { getTypeParser: (oid: number) => (oid === bigintOid ? Number : pg.types.getTypeParser(oid)) };
  const pool = new pg.Pool({ connectionString: address, max: mostConnections, types: types as pg.CustomTypesConfig, connectionTimeoutMillis: 5000 });
  // A connection that breaks, idle or between two statements, fails what is asked of it next and is then replaced.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

const bigintOid = 20;
const mostConnections = 8;

/** A unit of work that another one stood in the way of is done again: nothing of it has happened. */
async function writeOnce<T>(db: Kysely<Tables>, work: (unit: Work) => Promise<T>, left: number): Promise<T> {
  try {
    return await db.transaction().execute(work);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (left <= 1 || typeof code !== 'string' || !transient.includes(code)) throw error;
    return writeOnce(db, work, left - 1);
  }
}

const attempts = 3;
/** Serialisation failure, deadlock, and a row that another unit of work wrote at the same moment. */
const transient = ['40001', '40P01', '23505'];

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
  '0007-offline': migrateOffline,
  '0008-monitoring': migrateMonitoring,
};

async function migrate(db: Kysely<Tables>, createContext: (target: Kysely<unknown>) => MigrationContext): Promise<void> {
  const provider: MigrationProvider = {
    getMigrations: async () =>
      Object.fromEntries(Object.entries(migrations).map(([name, up]): [string, Migration] => [name, { up: (target) => up(createContext(target)) }])),
  };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw new Error('storage migration failed', { cause: error });
}
