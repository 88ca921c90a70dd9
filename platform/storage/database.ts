import { setTimeout as wait } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
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
import { migrateLists } from './migrations/0010-lists.ts';
import { migrateAudit } from './migrations/0011-audit.ts';
import { migrateGrants } from './migrations/0012-grants-and-keys.ts';
import { migrateKeyLists } from './migrations/0013-key-lists.ts';
import { migrateRefusedCalls } from './migrations/0014-refused-calls.ts';
import { migrateOfflineCauses } from './migrations/0015-offline-causes.ts';
import { migrateEnrolmentCodes } from './migrations/0016-enrolment-codes.ts';
import { migrateRouting } from './migrations/0017-routing.ts';
import { migrateForwardedLists } from './migrations/0018-forwarded-lists.ts';
import { createPostgresMigrationContext, createSqliteMigrationContext, type MigrationContext } from './migrations/context.ts';
import { createGroupCommit, openSqlite } from './sqlite.ts';
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
 * cannot be used. Any number of processes may use one PostgreSQL; a file those of one machine.
 */
export async function openStorage(place: string): Promise<Storage> {
  const isServer = /^postgres(ql)?:\/\//.test(place);
  const db = isServer ? connectPostgres(place) : openSqlite(place);
  try {
    await migrate(db, isServer ? createPostgresMigrationContext : createSqliteMigrationContext);
    if (!isServer) await sql`pragma busy_timeout = 0`.execute(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    db,
    write: createWriting(isServer ? (work) => db.transaction().execute(work) : createGroupCommit(db)),
    close: () => db.destroy(),
  };
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
function createWriting(write: Storage['write']): Storage['write'] {
  const attempt = async <T>(work: (unit: Work) => Promise<T>, left: number, leftBusy: number): Promise<T> => {
    try {
      return await write(work);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === busy && leftBusy > 0) {
        await wait(busyPauseMs);
        return attempt(work, left, leftBusy - 1);
      }
      if (left <= 1 || !transient.includes(code)) throw error;
      return attempt(work, left - 1, leftBusy);
    }
  };
  return (work) => attempt(work, attempts, busyAttempts);
}

const attempts = 3;
/** Serialisation failure, deadlock, and a row that another unit of work wrote at the same moment. */
const transient = ['40001', '40P01', '23505'];
/** Another process at the file: waited for in turns, so that this one goes on answering. */
const busy = 'SQLITE_BUSY';
const [busyAttempts, busyPauseMs] = [1000, 8];

const migrations: Record<string, (context: MigrationContext) => Promise<void>> = {
  '0001-engine': migrateEngine,
  '0002-information': migrateInformation,
  '0003-sharing': migrateSharing,
  '0004-trust': migrateTrust,
  '0005-verification': migrateVerification,
  '0006-exchange': migrateExchange,
  '0007-offline': migrateOffline,
  '0008-monitoring': migrateMonitoring,
  '0010-lists': migrateLists,
  '0011-audit': migrateAudit,
  '0012-grants-and-keys': migrateGrants,
  '0013-key-lists': migrateKeyLists,
  '0014-refused-calls': migrateRefusedCalls,
  '0015-offline-causes': migrateOfflineCauses,
  '0016-enrolment-codes': migrateEnrolmentCodes,
  '0017-routing': migrateRouting,
  '0018-forwarded-lists': migrateForwardedLists,
};

async function migrate(db: Kysely<Tables>, createContext: (target: Kysely<unknown>) => MigrationContext): Promise<void> {
  const provider: MigrationProvider = {
    getMigrations: async () =>
      Object.fromEntries(Object.entries(migrations).map(([name, up]): [string, Migration] => [name, { up: (target) => up(createContext(target)) }])),
  };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw new Error('storage migration failed', { cause: error });
}
