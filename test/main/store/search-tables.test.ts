import { copyFileSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { encodeUtf8 } from '../../../domain/crypto/utf8.ts';
import { verifyAudit } from '../../../main/audit/verification.ts';
import { type BackupDeps, readPresent } from '../../../main/store/backup.ts';
import { openBetterSqlite } from '../../../main/store/better-sqlite.ts';
import { openDeviceKeys } from '../../../main/device-keys.ts';
import { lockedBook } from '../../../main/store/data-keys.ts';
import type { WritableDb } from '../../../main/store/driver.ts';
import { chooseDriver } from '../../../main/store/driver-choice.ts';
import { openEpochKeyFile } from '../../../main/store/epoch-key-file.ts';
import { migrate } from '../../../main/store/migrations/migration.ts';
import { settingPlace } from '../../../main/store/record-places.ts';
import { createRecordSealing } from '../../../main/store/record-sealing.ts';
import { migrations } from '../../../main/store/schema.ts';
import { openSetup, type Store } from '../../../main/store/store.ts';
import { anEntry, aScan, makeFolder, openedStore, openingCase, tamper } from './opened-store.ts';

const start = Date.parse('2026-11-22T01:00:00Z');
const minuteMs = 60_000;

async function fill(store: Store, from: number, to: number, timeOf = (number: number): number => start + number * minuteMs): Promise<void> {
  for (let number = from; number < to; number++) {
    const entry = { actor: `PD${number % 3}`, at: timeOf(number) };
    const scan = aScan(`scan-${number}`);
    const one = number % 4 === 0 ? { ...scan, entry: anEntry({ ...entry, type: 'scan.verdict', result: 'verified', ref: `scan-${number}` }) } : { entry: anEntry({ ...entry, ref: `r${number}` }), body: null, business: null };
    expect(await store.append(one)).toMatchObject({ ok: true });
  }
}

async function found(store: Store, query: Parameters<Store['search']>[0]): Promise<readonly number[]> {
  const lines = await store.search(query);
  if (!lines.ok) throw new Error(lines.failure.code);
  return lines.value.map(({ seq }) => seq);
}

// The case is entry 1, so that entry n + 1 is of number n.
const seqs = (to: number, fits: (number: number) => boolean): readonly number[] => Array.from({ length: to - 1 }, (_, index) => index + 1).filter(fits).map((number) => number + 1).toReversed();

async function begun(dataDir: string): Promise<Store> {
  const store = await openedStore(dataDir);
  expect(await store.append({ ...openingCase, entry: { ...openingCase.entry, at: start } })).toMatchObject({ ok: true });
  return store;
}

async function expectAllFound(store: Store, to: number): Promise<void> {
  expect(await found(store, { actor: 'PD2', limit: 500 })).toEqual(seqs(to, (n) => n % 3 === 2));
  expect(await found(store, { state: 'verified', limit: 500 })).toEqual(seqs(to, (n) => n % 4 === 0));
  expect(await found(store, { state: 'verified', actor: 'PD1', limit: 500 })).toEqual(seqs(to, (n) => n % 12 === 4));
  expect(await found(store, { about: `r${to - 1}`, limit: 5 })).toEqual((to - 1) % 4 === 0 ? [] : [to]);
  expect(await found(store, { fromAt: start + (to - 5) * minuteMs, limit: 500 })).toEqual(seqs(to, (n) => n >= to - 5));
}

test('every entry is found at once: behind the last checkpoint, over one, and when the process was ended at any point', async () => {
  const dataDir = makeFolder();
  const store = await begun(dataDir);
  for (const [from, to] of [[1, 7], [7, 8], [8, 99], [99, 103], [103, 260]] as const) {
    await fill(store, from, to);
    // What a killed process leaves: the files as they are.
    const copy = makeFolder();
    for (const name of ['counter.db', 'counter.db-wal', 'anchor']) copyFileSync(join(dataDir, name), join(copy, name));
    cpSync(join(dataDir, 'keys'), join(copy, 'keys'), { recursive: true });
    const after = await openedStore(copy);
    await expectAllFound(after, to);
    expect(await verifyAudit({ platformKeys: () => [], source: after, monotonic: () => 0 })).toMatchObject({ value: { intact: true, checked: to } });
    await after.close();
    if (to !== 99) await expectAllFound(store, to);
  }
  await store.close();
});

test('without a question or a pause the tables are no more than a thousand entries behind, and a pause fills them', async () => {
  const dataDir = makeFolder();
  const store = await begun(dataDir);
  await fill(store, 1, 1230);
  const lastKnown = (): unknown => {
    const copy = makeFolder();
    for (const name of ['counter.db', 'counter.db-wal']) copyFileSync(join(dataDir, name), join(copy, name));
    const db = openBetterSqlite(join(copy, 'counter.db'));
    const last = db.get('SELECT max(last_seq) AS last FROM found_block')?.['last'];
    db.close();
    return last;
  };
  expect(lastKnown()).toSatisfy((last: number) => last >= 230 && last < 1230);
  await store.checkpoint({ at: start });
  expect(lastKnown()).toBe(1230);
  await fill(store, 1230, 1330);
  // Signed by its number, so that there is nothing to sign.
  await expect.poll(() => store.checkpoints({ afterSize: 1329, limit: 1 })).toMatchObject({ value: [{ size: 1330 }] });
  expect(await store.checkpoint({ at: start })).toEqual({ ok: true, value: null });
  expect(lastKnown()).toBe(1330);
  await store.close();
});

test('a period finds its entries however wrong the clock was, and for however long', async () => {
  const store = await begun(makeFolder());
  const timeOf = (number: number): number => start + minuteMs * (number < 100 ? number : number < 400 ? 100_000 - number : number < 480 ? -number : number);
  await fill(store, 1, 560, timeOf);
  for (const [from, to] of [[-470, 20], [0, 100], [50, 500], [99_500, 99_800], [-1000, 200_000], [600, 900]] as const) {
    const [fromAt, toAt] = [start + from * minuteMs, start + to * minuteMs];
    const isWithin = (n: number): boolean => timeOf(n) >= fromAt && timeOf(n) < toAt;
    const opening = fromAt <= start && start < toAt ? [1] : [];
    expect(await found(store, { fromAt, toAt, limit: 1000 }), `${from} to ${to}`).toEqual([...seqs(560, isWithin), ...opening]);
    expect(await found(store, { fromAt, toAt, actor: 'PD1', limit: 1000 })).toEqual(seqs(560, (n) => isWithin(n) && n % 3 === 1));
    expect((await found(store, { fromAt, toAt, limit: 3 })).length).toBe(Math.min(3, seqs(560, isWithin).length));
  }
  await store.close();
});

test('a database of the version before is migrated: its entries are found as before, and the log holds', async () => {
  const [dataDir, older] = [makeFolder(), makeFolder()];
  const store = await begun(dataDir);
  await fill(store, 1, 300);
  await store.close();
  const before = openBetterSqlite(join(older, 'counter.db'));
  migrate(before, migrations.slice(0, 6));
  before.pragma(`application_id = ${0x434e5452}`);
  expect(before.get("SELECT name FROM sqlite_schema WHERE name = 'audit_by_time'")).not.toBeNull();
  before.exec(`ATTACH '${join(dataDir, 'counter.db')}' AS now`);
  for (const table of ['audit', 'case_file', 'scan', 'scan_company', 'document', 'replay', 'setting', 'checkpoint', 'outbox']) {
    const columns = before.all(`SELECT name FROM pragma_table_info('${table}')`).map(({ name }) => String(name)).join();
    before.exec(`INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM now.${table}`);
  }
  await sealAsBefore(before, dataDir);
  before.close();
  copyFileSync(join(older, 'counter.db'), join(dataDir, 'counter.db'));
  // Looked into before a restore that then fails: the key has no file yet, and stays where it is.
  readPresent(await copyDeps(dataDir));
  const migrated = await openedStore(dataDir);
  expect(await migrated.head(null)).toMatchObject({ value: { state: 'ok', seq: 300, boot: 2 } });
  await expectAllFound(migrated, 300);
  await fill(migrated, 300, 320);
  await expectAllFound(migrated, 320);
  expect(await migrated.unfound({ fromSeq: 1, toSeq: 320 })).toEqual({ ok: true, value: null });
  expect(await verifyAudit({ platformKeys: () => [], source: migrated, monotonic: () => 0 })).toMatchObject({ value: { intact: true, checked: 320 } });
  await migrated.close();
  tamper(dataDir, (db) => expect(db.prepare("SELECT name FROM setting WHERE name = 'audit-epoch'").get()).toBeUndefined());
});

async function copyDeps(dataDir: string): Promise<BackupDeps> {
  const device = await openDeviceKeys({ dataDir, random: systemRandom });
  if (!device.ok) throw new Error(device.failure.code);
  return { ...openSetup({ dataDir, device: device.value }), dataDir, openDriver: await chooseDriver(), random: systemRandom };
}

/** The key of the epoch as it lay before it had a file: sealed, among the settings. */
async function sealAsBefore(db: WritableDb, dataDir: string): Promise<void> {
  const device = await openDeviceKeys({ dataDir, random: systemRandom });
  if (!device.ok) throw new Error('no keys');
  const sealing = createRecordSealing({ deviceKey: device.value.storeKey, legacyKey: null, book: lockedBook(), random: systemRandom });
  const file = join(dataDir, 'keys', 'audit-epoch');
  const keys = openEpochKeyFile({ file, sealing });
  db.run('INSERT INTO setting (name, value_ct) VALUES (?, ?)', 'audit-epoch', sealing.seal(settingPlace('audit-epoch'), encodeUtf8(encodeHex(keys.find((key) => key) ?? new Uint8Array()))));
  db.run("DELETE FROM setting WHERE name IN ('audit-epoch-mark', 'audit-seed-1')");
  keys.close();
  rmSync(file);
}

const hidings = [
  ['DELETE FROM found_by_actor WHERE seq = 20', 20],
  ["UPDATE found_by_type SET value = 'other' WHERE seq = 21", 21],
  ['DELETE FROM found_by_about WHERE seq = 22', 22],
  ["DELETE FROM found_by_about WHERE seq = 25 AND value = 'PD-1'", 25],
  ['DELETE FROM found_by_state WHERE seq = 29', 29],
  ['DELETE FROM found_block WHERE block = 0', 1],
  ["UPDATE found_block SET min_t = '2030' WHERE block = 0", 1],
  ['UPDATE found_block SET last_seq = 100000 WHERE block = 1', 301],
] as const;

const filled = makeFolder();

beforeAll(async () => {
  const store = await begun(filled);
  await fill(store, 1, 300);
  await store.checkpoint({ at: start });
  await store.close();
});

test.each(hidings)('%s: a full check names the first entry that a search would miss', async (harm, seq) => {
  const dataDir = makeFolder();
  cpSync(filled, dataDir, { recursive: true });
  tamper(dataDir, (db: Database.Database) => db.exec(harm));
  const opened = await openedStore(dataDir);
  await fill(opened, 300, 303);
  expect(await verifyAudit({ platformKeys: () => [], source: opened, monotonic: () => 0 })).toMatchObject({ value: { intact: false, firstBad: { seq, kind: 'search' } } });
  await opened.close();
});
