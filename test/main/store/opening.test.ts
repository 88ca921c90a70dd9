import { copyFileSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { verifyAudit } from '../../../main/audit/verification.ts';
import { openBetterSqlite } from '../../../main/store/better-sqlite.ts';
import { migrate } from '../../../main/store/migrations/migration.ts';
import { assertConnection, isSafeSqlite, prepareDatabase, requiredPragmas } from '../../../main/store/opening.ts';
import { migrations, schemaVersion } from '../../../main/store/schema.ts';
import { anEntry, makeFolder, openedStore, openUnlockedStore, tamper } from './opened-store.ts';

test('a prepared connection has every required setting, and synchronous=FULL above all', () => {
  const db = openBetterSqlite(join(makeFolder(), 'counter.db'));
  expect(prepareDatabase(db)).toEqual({ ok: true, value: null });
  const settings = Object.fromEntries(requiredPragmas.map(([name]) => [name, db.pragma(name)]));
  expect(settings).toMatchObject({ journal_mode: 'wal', synchronous: 2, foreign_keys: 1, trusted_schema: 0, cell_size_check: 1, secure_delete: 1 });
  db.close();
});

test.each([
  ['synchronous = NORMAL', 'synchronous is 1'],
  ['foreign_keys = OFF', 'foreign_keys is 0'],
  ['secure_delete = OFF', 'secure_delete is 0'],
])('the assertion sees %s', (pragma, message) => {
  const db = openBetterSqlite(join(makeFolder(), 'counter.db'));
  prepareDatabase(db);
  expect(() => assertConnection(db)).not.toThrow();
  db.pragma(pragma);
  expect(() => assertConnection(db)).toThrow(message);
  db.close();
});

test('only SQLite with the WAL-reset fix is good enough', () => {
  expect(['3.51.3', '3.51.10', '3.52.0', '4.0.0'].map(isSafeSqlite)).toEqual([true, true, true, true]);
  expect(['3.51.2', '3.50.9', '2.99.99', ''].map(isSafeSqlite)).toEqual([false, false, false, false]);
});

test('a second instance is refused, and let in when the first has gone', async () => {
  const dataDir = makeFolder();
  const first = await openedStore(dataDir);
  expect(await openUnlockedStore(dataDir)).toEqual({ ok: false, failure: { code: 'store/locked' } });
  expect((await first.append({ entry: anEntry(), body: null, business: null })).ok).toBe(true);
  await first.close();
  const second = await openedStore(dataDir);
  expect(await second.head(null)).toMatchObject({ ok: true, value: { seq: 1, state: 'ok' } });
  await second.close();
  expect(await second.head(null)).toMatchObject({ ok: false, failure: { code: 'store/locked' } });
});

test('a newer schema is refused and left as it is', async () => {
  const dataDir = makeFolder();
  await (await openedStore(dataDir)).close();
  const file = join(dataDir, 'counter.db');
  const database = new Database(file);
  database.pragma(`user_version = ${schemaVersion + 1}`);
  database.close();
  expect(await openUnlockedStore(dataDir)).toMatchObject({ ok: false, failure: { code: 'store/newer-schema' } });
  const after = new Database(file);
  expect(after.pragma('user_version', { simple: true })).toBe(schemaVersion + 1);
  after.close();
});

test('a file that is no database, and one of another program, are refused', async () => {
  const [broken, foreign] = [makeFolder(), makeFolder()];
  for (const dataDir of [broken, foreign]) {
    await (await openedStore(dataDir)).close();
    rmSync(join(dataDir, 'counter.db'));
  }
  writeFileSync(join(broken, 'counter.db'), 'not a database '.repeat(1000));
  const other = new Database(join(foreign, 'counter.db'));
  other.pragma('application_id = 1234');
  other.exec('CREATE TABLE t (a)');
  other.close();
  for (const dataDir of [broken, foreign]) expect(await openUnlockedStore(dataDir)).toMatchObject({ ok: false, failure: { code: 'store/damaged' } });
});

test('without its key file the store is not opened, and no new key is made over the old rows', async () => {
  const dataDir = makeFolder();
  await (await openedStore(dataDir)).close();
  const keyFile = join(dataDir, 'keys', 'device.key');
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect(statSync(join(dataDir, 'keys')).mode & 0o777).toBe(0o700);
  rmSync(keyFile);
  expect(await openUnlockedStore(dataDir)).toMatchObject({ ok: false, failure: { code: 'store/key-missing' } });
  expect(existsSync(keyFile)).toBe(false);
});

test('migrations are numbered without a gap; the first makes every table strict and the audit append-only', () => {
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  const db = openBetterSqlite(join(makeFolder(), 'counter.db'));
  migrate(db, migrations);
  expect(db.pragma('user_version')).toBe(schemaVersion);
  const tables = db.all("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%'");
  expect(tables.map((row) => row['name']).toSorted()).toEqual(['audit', 'case_file', 'checkpoint', 'document', 'found_block', 'found_by_about', 'found_by_actor', 'found_by_state', 'found_by_type', 'outbox', 'replay', 'scan', 'scan_company', 'setting']);
  expect(tables.every((row) => row['strict'] === 1)).toBe(true);
  const zeros = '0'.repeat(64);
  db.run('INSERT INTO audit (seq, gen, line, prev_hash, hash, body_ct) VALUES (1, 1, ?, ?, ?, NULL)', 'line', zeros, zeros);
  expect(() => db.run('UPDATE audit SET line = ?', 'other')).toThrow('append-only');
  expect(() => db.run('DELETE FROM audit')).toThrow('append-only');
  db.close();
});

test('a migration that fails leaves nothing of itself', () => {
  const db = openBetterSqlite(join(makeFolder(), 'counter.db'));
  expect(() => migrate(db, [...migrations, { version: schemaVersion + 1, sql: 'CREATE TABLE half (a) STRICT; nonsense' }])).toThrow();
  expect(db.pragma('user_version')).toBe(0);
  expect(db.all('SELECT name FROM sqlite_schema')).toEqual([]);
  db.close();
});

const anyEntry = { entry: anEntry(), body: null, business: null };

/** A data folder as version 0.1.0 left it: five entries, without MACs, keys or anchor. */
async function leaveFirstVersion(): Promise<string> {
  const [dataDir, older] = [makeFolder(), makeFolder()];
  const store = await openedStore(dataDir);
  for (let number = 0; number < 5; number++) await store.append(anyEntry);
  await store.close();
  const before = openBetterSqlite(join(older, 'counter.db'));
  migrate(before, migrations.slice(0, 1));
  before.pragma(`application_id = ${0x434e5452}`);
  before.exec(`ATTACH '${join(dataDir, 'counter.db')}' AS now`);
  const columns = before.all("SELECT name FROM pragma_table_info('audit')").map(({ name }) => String(name)).join();
  before.exec(`INSERT INTO main.audit (${columns}) SELECT ${columns} FROM now.audit`);
  before.close();
  copyFileSync(join(older, 'counter.db'), join(dataDir, 'counter.db'));
  for (const part of ['anchor', join('keys', 'audit-epoch')]) rmSync(join(dataDir, part));
  return dataDir;
}

test('the log of version 0.1.0 holds without MACs as far as it went, and no entry after it', async () => {
  const dataDir = await leaveFirstVersion();
  // The version had no anchor either, which the first entry after it says.
  for (const [seq, after] of [[5, 7], [7, 8]]) {
    const store = await openedStore(dataDir);
    expect(await store.head(null)).toMatchObject({ value: { state: 'ok', seq } });
    await store.append(anyEntry);
    expect(await verifyAudit({ platformKeys: () => [], source: store, monotonic: () => 0 })).toMatchObject({ value: { intact: true, checked: after, macsChecked: true } });
    await store.close();
  }
  tamper(dataDir, (db) => void db.prepare('UPDATE audit SET mac = NULL WHERE seq = 6').run());
  const store = await openedStore(dataDir);
  expect(await store.head(null)).toMatchObject({ value: { state: 'broken', firstBad: { seq: 6, kind: 'mac' } } });
  expect(await verifyAudit({ platformKeys: () => [], source: store, monotonic: () => 0 })).toMatchObject({ value: { intact: false, firstBad: { seq: 6, kind: 'mac' } } });
  await store.close();
});
