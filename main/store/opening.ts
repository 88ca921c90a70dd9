import { type Failure, fail, ok, type Result } from '../../domain/failure.ts';
import type { SqliteDriver, SqlValue } from './driver.ts';
import { migrate } from './migrations/migration.ts';
import { applicationId, migrations, schemaVersion } from './schema.ts';

const oldestSafeSqlite = [3, 51, 3] as const;

/**
 * What every connection is set to and then asked back (design 06 §6.1): in WAL mode only synchronous=FULL keeps every
 * acknowledged commit through a power cut, and the library would open at NORMAL.
 */
export const requiredPragmas: readonly (readonly [name: string, set: string, expected: SqlValue])[] = [
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['foreign_keys', 'ON', 1],
  ['trusted_schema', 'OFF', 0],
  ['cell_size_check', 'ON', 1],
  ['secure_delete', 'ON', 1],
  ['temp_store', 'MEMORY', 2],
  ['mmap_size', '0', 0],
  ['journal_size_limit', '67108864', 67_108_864],
  ['wal_autocheckpoint', '1000', 1000],
  ...(process.platform === 'darwin'
    ? ([
        ['fullfsync', 'ON', 1],
        ['checkpoint_fullfsync', 'ON', 1],
      ] as const)
    : []),
];

/**
 * Makes a fresh connection ready: refuses a second instance (`store/locked`), another program's or a damaged file
 * (`store/damaged`) and a newer schema (`store/newer-schema`, nothing changed); then sets and asserts the pragmas and migrates.
 */
export function prepareDatabase(db: SqliteDriver): Result<null> {
  try {
    // Held until close; the kernel drops it with the process, so a killed one never locks out its successor.
    db.pragma('locking_mode = EXCLUSIVE');
    const version = Number(db.pragma('user_version'));
    if (version > schemaVersion) return fail('store/newer-schema', `${version} > ${schemaVersion}`);
    const owner = Number(db.pragma('application_id'));
    if (owner !== applicationId && (owner !== 0 || version !== 0)) return fail('store/damaged', 'another program’s file');
    for (const [name, value] of requiredPragmas) db.pragma(`${name} = ${value}`);
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    assertConnection(db);
    if (version > 0 && isSmall(db) && db.pragma('quick_check(1)') !== 'ok') return fail('store/damaged', 'quick_check');
    if (owner === 0) db.pragma(`application_id = ${applicationId}`);
    migrate(db, migrations);
    return ok(null);
  } catch (error) {
    const failure = sqliteFailure(error);
    if (failure === null) throw error;
    return { ok: false, failure };
  }
}

// Reading every page of a large file would make each start wait for seconds: there the daily backup does it, and more thoroughly.
function isSmall(db: SqliteDriver): boolean {
  return Number(db.pragma('page_count')) * Number(db.pragma('page_size')) <= 32 * 2 ** 20;
}

/** Throws when the connection is not as durable as promised: another pragma value, or a SQLite that can lose pages. */
export function assertConnection(db: SqliteDriver): void {
  for (const [name, , expected] of requiredPragmas) {
    const actual = db.pragma(name);
    if (actual !== expected) throw new Error(`pragma ${name} is ${String(actual)}, not ${String(expected)}`);
  }
  const version = String(db.get('SELECT sqlite_version() AS version')?.['version']);
  if (!isSafeSqlite(version)) throw new Error(`SQLite ${version} is older than ${oldestSafeSqlite.join('.')}`);
}

/** Whether a SQLite version has the WAL-reset fix of 3.51.3. */
export function isSafeSqlite(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, oldest] of oldestSafeSqlite.entries()) {
    const part = parts[index] ?? 0;
    if (part !== oldest) return part > oldest;
  }
  return true;
}

/** The failure a SQLite error stands for, or null when it is a bug (a constraint, a misspelt statement). */
export function sqliteFailure(error: unknown): Failure | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return { code: 'store/locked' };
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC') return { code: 'store/full' };
  // The plain codes are those of the files beside the database.
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO' || code === 'EROFS') return { code: 'store/unwritable', detail: code };
  const damaged = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_CANTOPEN', 'SQLITE_READONLY'];
  return damaged.some((name) => code.startsWith(name)) ? { code: 'store/damaged', detail: code } : null;
}
