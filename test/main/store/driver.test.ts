import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyAudit } from '../../../main/audit/verification.ts';
import type { DriverName, OpenDriver, Row, SqliteDriver } from '../../../main/store/driver.ts';
import { chooseDriver } from '../../../main/store/driver-choice.ts';
import { assertConnection, prepareDatabase, requiredPragmas } from '../../../main/store/opening.ts';
import { bySqliteCode } from '../../../main/store/sqlite-code.table.ts';
import { anEntry, aScan, makeFolder, openingCase, openUnlockedStore } from './opened-store.ts';

const drivers: readonly DriverName[] = ['better-sqlite3', 'node:sqlite'];

function bytes(row: Row | null | undefined): number[] {
  const value = row?.['b'];
  return value instanceof Uint8Array ? [...value] : [];
}

/** One suite for every driver: what the store relies on. */
describe.each(drivers)('%s', (name) => {
  test('reads and writes every kind of value, null for no row', async () => {
    const db = (await chooseDriver(name))(join(makeFolder(), 'a.db'));
    db.exec('CREATE TABLE t (n INTEGER, r REAL, s TEXT, b BLOB) STRICT');
    db.run('INSERT INTO t VALUES (?, ?, ?, ?)', 7, 1.5, '验', Uint8Array.of(0, 255));
    db.run('INSERT INTO t VALUES (?, ?, ?, ?)', null, null, null, null);
    const [first, second] = db.all('SELECT * FROM t');
    expect(first).toMatchObject({ n: 7, r: 1.5, s: '验' });
    expect(first?.['b']).toBeInstanceOf(Uint8Array);
    expect(bytes(first)).toEqual([0, 255]);
    expect(second).toEqual({ n: null, r: null, s: null, b: null });
    expect(db.get('SELECT * FROM t WHERE n = ?', 8)).toBeNull();
    // A view into a larger buffer is bound as the view.
    db.run('UPDATE t SET b = ? WHERE n = 7', new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
    expect(bytes(db.get('SELECT b FROM t WHERE n = 7'))).toEqual([2, 3]);
    db.close();
  });

  test('a transaction is whole or not at all, and its error is the one thrown inside', async () => {
    const db = (await chooseDriver(name))(join(makeFolder(), 'a.db'));
    db.exec('CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT');
    expect(db.transaction(() => (db.run('INSERT INTO t VALUES (1)'), 'done'))).toBe('done');
    expect(() =>
      db.transaction(() => {
        db.run('INSERT INTO t VALUES (2)');
        throw new Error('half way');
      }),
    ).toThrow('half way');
    expect(() =>
      db.transaction(() => {
        db.run('INSERT INTO t VALUES (3)');
        db.run('INSERT INTO t VALUES (1)');
      }),
    ).toThrow();
    expect(db.all('SELECT n FROM t')).toEqual([{ n: 1 }]);
    db.transaction(() => db.run('INSERT INTO t VALUES (4)'));
    expect(db.all('SELECT n FROM t')).toHaveLength(2);
    db.close();
  });

  test('names its errors as SQLite does', async () => {
    const folder = makeFolder();
    const open = await chooseDriver(name);
    const codeOf = (work: () => unknown): string => {
      try {
        work();
      } catch (error) {
        return error instanceof Error && 'code' in error ? String(error.code) : String(error);
      }
      return 'no error';
    };
    writeFileSync(join(folder, 'broken.db'), 'not a database '.repeat(1000));
    const broken = open(join(folder, 'broken.db'));
    expect(codeOf(() => broken.pragma('user_version'))).toBe('SQLITE_NOTADB');
    expect(codeOf(() => open(folder).pragma('user_version'))).toMatch(/^SQLITE_CANTOPEN/);
    const [holder, late] = [open(join(folder, 'a.db')), open(join(folder, 'a.db'))];
    holder.exec('CREATE TABLE t (n INTEGER) STRICT; BEGIN EXCLUSIVE');
    expect(codeOf(() => late.run('INSERT INTO t VALUES (1)'))).toMatch(/^SQLITE_BUSY/);
    holder.exec('COMMIT');
    holder.pragma('max_page_count = 4');
    const fill = (db: SqliteDriver) => () => db.run('INSERT INTO t SELECT randomblob(1) IS NULL FROM (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 90000) SELECT x FROM c)');
    expect(codeOf(fill(holder))).toBe('SQLITE_FULL');
    for (const db of [broken, holder, late]) db.close();
  });

  test('takes every required setting, of a SQLite that is new enough', async () => {
    const db = (await chooseDriver(name))(join(makeFolder(), 'counter.db'));
    expect(prepareDatabase(db)).toEqual({ ok: true, value: null });
    for (const [pragma, , expected] of requiredPragmas) expect(db.pragma(pragma), pragma).toBe(expected);
    expect(() => assertConnection(db)).not.toThrow();
    db.pragma('synchronous = NORMAL');
    expect(() => assertConnection(db)).toThrow('synchronous is 1');
    db.close();
  });

  test('copies itself while it is written to', async () => {
    const folder = makeFolder();
    const open: OpenDriver = await chooseDriver(name);
    const db = open(join(folder, 'counter.db'));
    expect(prepareDatabase(db).ok).toBe(true);
    db.exec('CREATE TABLE t (n INTEGER PRIMARY KEY, b BLOB) STRICT');
    for (let n = 0; n < 400; n++) db.run('INSERT INTO t VALUES (?, randomblob(8000))', n);
    const copying = db.backup(join(folder, 'copy.db'));
    db.run('INSERT INTO t VALUES (1000, x\'00\')');
    await copying;
    const copy = open(join(folder, 'copy.db'));
    expect(copy.pragma('integrity_check')).toBe('ok');
    expect(Number(copy.get('SELECT count(*) AS n FROM t')?.['n'])).toBeGreaterThanOrEqual(400);
    expect(copy.pragma('application_id')).toBe(db.pragma('application_id'));
    for (const one of [db, copy]) one.close();
  });

  test('carries the whole store: records, chain, one writer', async () => {
    const dataDir = makeFolder();
    const store = await openUnlockedStore(dataDir, { driver: name });
    if (!store.ok) throw new Error(store.failure.code);
    await store.value.append(openingCase);
    for (let number = 0; number < 5; number++) expect((await store.value.append(aScan(`scan-${number}`))).ok).toBe(true);
    expect(await openUnlockedStore(dataDir, { driver: name })).toMatchObject({ ok: false, failure: { code: 'store/locked' } });
    expect(await verifyAudit({ platformKeys: () => [], source: store.value, monotonic: () => 0 })).toMatchObject({ value: { intact: true, checked: 6 } });
    expect(await store.value.scans({ limit: 9 })).toMatchObject({ value: { length: 5 } });
    await store.value.close();
  });
});

test('what one library wrote the other reads and goes on with', async () => {
  const dataDir = makeFolder();
  for (const driver of [...drivers, ...drivers]) {
    const store = await openUnlockedStore(dataDir, { driver });
    if (!store.ok) throw new Error(store.failure.code);
    expect((await store.value.append({ entry: anEntry(), body: Uint8Array.of(1), business: null })).ok).toBe(true);
    await store.value.close();
  }
  const store = await openUnlockedStore(dataDir);
  if (!store.ok) throw new Error(store.failure.code);
  expect(await verifyAudit({ platformKeys: () => [], source: store.value, monotonic: () => 0 })).toMatchObject({ value: { intact: true, checked: 4 } });
  await store.value.close();
});

test('result codes have names', () => {
  expect([5, 13, 778, 1034, 1290, 11, 26, 99].map(bySqliteCode)).toEqual([
    'SQLITE_BUSY', 'SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_FSYNC', 'SQLITE_IOERR_DIR_FSYNC', 'SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_UNKNOWN',
  ]);
});
