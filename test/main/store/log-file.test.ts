import { copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { examine, type Promised } from '../../../native-test/durability/cut-store.ts';
import { chooseDriver } from '../../../main/store/driver-choice.ts';
import { findFileDamage } from '../../../main/store/file-damage.ts';
import type { OpenedDatabase } from '../../../main/store/opened-database.ts';
import { appendOne, leaveAsIs, logFiles, openIn } from './killed-log.ts';
import { anEntry, makeFolder } from './opened-store.ts';

/** The names of the files in which these bytes stand. */
function findIn(folder: string, bytes: Buffer): readonly string[] {
  return logFiles.filter((name) => existsSync(join(folder, name)) && readFileSync(join(folder, name)).includes(bytes));
}

/** The first key as it lies sealed in the database, and once more in its log. */
function sealedSeed(folder: string, opened: OpenedDatabase): Buffer {
  const seed = Buffer.from(opened.db.get("SELECT value_ct FROM setting WHERE name = 'audit-seed-1'")?.['value_ct'] as Uint8Array);
  // Its page is copied into the log with any other setting.
  appendOne(opened, 0);
  opened.ledger.checkpoint({ at: 1_790_000_000_000 });
  expect(findIn(folder, seed)).toEqual(['counter.db', 'counter.db-wal']);
  return seed;
}

const sealedKeyLength = 1 + 4 + 12 + 32 + 16;

/** The keys that the file of epoch keys holds, sealed. */
function sealedKeys(folder: string): readonly Buffer[] {
  const bytes = readFileSync(join(folder, 'audit-epoch'));
  return [0, 4096].filter((at) => bytes.readUInt16BE(at) > 0).map((at) => bytes.subarray(at + 2, at + 2 + sealedKeyLength));
}

describe.each(['better-sqlite3', 'node:sqlite'] as const)('%s', (name) => {
  test('killed at any entry nothing is lost, and after a pause the key of an epoch that is over stands in no file', async () => {
    const openDriver = await chooseDriver(name);
    const folder = makeFolder();
    const opened = openIn(folder, openDriver);
    // As after the first contact with an audit centre: nothing else leads to the present key.
    opened.ledger.keys.dropSeed(1);
    const promised: Promised[] = [];
    let key = sealedKeys(folder)[0] ?? Buffer.alloc(0);
    for (let number = 1; number <= 460; number++) {
      if (number % 100 === 0) expect(findIn(folder, key)).toEqual(['audit-epoch']);
      promised.push(appendOne(opened, number));
      if (number % 100 > 2 && number % 37 !== 0) continue;
      // The time to sign; the key of the next epoch is put on the disk in the pause after that.
      if (number % 100 === 0) await pause();
      const copy = leaveAsIs(folder);
      expect(findFileDamage(join(copy, 'counter.db'), true), String(number)).toBeNull();
      expect(examine(copy, openDriver, promised), String(number)).toEqual({ lost: 0, doubled: 0, fault: null });
      if (number % 100 !== 0) continue;
      expect(findIn(copy, key), `opened anew after ${number}`).toEqual([]);
      await pause();
      expect(findIn(folder, key), `after ${number}`).toEqual([]);
      expect(sealedKeys(folder)).toHaveLength(1);
      key = sealedKeys(folder)[0] ?? key;
    }
    opened.close();
  });

  test('in a run without a pause the key of before stays for five epochs, leads to the one in force, and is gone then', async () => {
    const openDriver = await chooseDriver(name);
    const folder = makeFolder();
    const opened = openIn(folder, openDriver);
    opened.ledger.keys.dropSeed(1);
    const [key = Buffer.alloc(0)] = sealedKeys(folder);
    const promised = Array.from({ length: 950 }, (_, index) => appendOne(opened, index));
    expect(findIn(folder, key)).toEqual(['audit-epoch']);
    const killed = leaveAsIs(folder);
    const before = sealedKeys(killed);
    expect(examine(killed, openDriver, promised)).toEqual({ lost: 0, doubled: 0, fault: null });
    expect(findIn(killed, key)).toEqual([]);
    expect(before).toHaveLength(1);
    expect(sealedKeys(killed)).toHaveLength(1);
    // The sixth checkpoint, which goes before the entry after twelve hundred.
    for (let number = 950; number < 1201; number++) appendOne(opened, number);
    expect(findIn(folder, key)).toEqual([]);
    opened.close();
  });

  test('what was removed is gone from the log once that is begun anew, which keeps its length; killed then nothing is lost', async () => {
    const openDriver = await chooseDriver(name);
    const folder = makeFolder();
    const opened = openIn(folder, openDriver);
    const log = join(folder, 'counter.db-wal');
    const seed = sealedSeed(folder, opened);
    const promised = Array.from({ length: 50 }, (_, index) => appendOne(opened, index + 1));
    const { size } = statSync(log);
    opened.ledger.keys.dropSeed(1);
    expect(findIn(folder, seed)).toContain('counter.db-wal');
    opened.renewLog();
    expect(findIn(folder, seed)).toEqual([]);
    expect(statSync(log).size).toBeGreaterThanOrEqual(size);
    expect(readFileSync(log).every((byte) => byte === 0)).toBe(true);
    for (let number = 51; number < 60; number++) {
      expect(examine(leaveAsIs(folder), openDriver, promised), String(number)).toEqual({ lost: 0, doubled: 0, fault: null });
      promised.push(appendOne(opened, number));
    }
    opened.close();
  });
});

test('the first key of a generation is given away only once the file leads to the one in force', async () => {
  const openDriver = await chooseDriver();
  const folder = makeFolder();
  const opened = openIn(folder, openDriver);
  opened.ledger.keys.dropSeed(1);
  const { seq } = opened.ledger.beginGeneration({ entry: anEntry({ ref: 'anew' }), body: null, business: null });
  const promised = [{ seq, ref: 'anew' }, appendOne(opened, 1)];
  opened.ledger.keys.dropSeed(2);
  const killed = leaveAsIs(folder);
  opened.close();
  expect(examine(killed, openDriver, promised)).toEqual({ lost: 0, doubled: 0, fault: null });
});

test('a process that was killed before it could begin the log anew leaves that to the next opening', async () => {
  const openDriver = await chooseDriver();
  const folder = makeFolder();
  const opened = openIn(folder, openDriver);
  const seed = sealedSeed(folder, opened);
  opened.ledger.keys.dropSeed(1);
  const copy = leaveAsIs(folder);
  opened.close();
  expect(findIn(copy, seed)).toContain('counter.db-wal');
  const next = openIn(copy, openDriver);
  expect(findIn(copy, seed)).toEqual([]);
  next.close();
});

test.each([150, 250])('an older database that is looked at costs the right one nothing: its key is there when that is put back (%s entries)', async (entries) => {
  const openDriver = await chooseDriver();
  const folder = makeFolder();
  const opened = openIn(folder, openDriver);
  opened.ledger.keys.dropSeed(1);
  const promised = Array.from({ length: 40 }, (_, index) => appendOne(opened, index));
  const older = leaveAsIs(folder);
  for (let number = 40; number < entries; number++) {
    promised.push(appendOne(opened, number));
    if (number % 100 === 99) await pause();
  }
  opened.close();
  const right = leaveAsIs(folder);
  for (const name of ['counter.db', 'counter.db-wal', 'anchor']) if (existsSync(join(older, name))) copyFileSync(join(older, name), join(folder, name));
  expect(examine(folder, openDriver, []).fault).toMatch(/^(?:mac|key-missing) at /);
  for (const name of ['counter.db-wal', 'counter.db-shm']) rmSync(join(folder, name), { force: true });
  for (const name of ['counter.db', 'counter.db-wal', 'anchor']) if (existsSync(join(right, name))) copyFileSync(join(right, name), join(folder, name));
  expect(examine(folder, openDriver, promised)).toEqual({ lost: 0, doubled: 0, fault: null });
});

test('a log laid out and never written to is no damage; one of zeros before frames is', async () => {
  const folder = makeFolder();
  const opened = openIn(folder, await chooseDriver());
  for (let number = 0; number < 220; number++) appendOne(opened, number);
  const copy = leaveAsIs(folder);
  opened.close();
  const file = join(copy, 'counter.db');
  expect(findFileDamage(file, true)).toBeNull();
  const log = readFileSync(`${file}-wal`);
  writeFileSync(`${file}-wal`, Buffer.alloc(log.length));
  expect(findFileDamage(file, true)).toBeNull();
  writeFileSync(`${file}-wal`, log.fill(0, 0, 32));
  expect(findFileDamage(file, true)).toBe('log-unreadable');
});
