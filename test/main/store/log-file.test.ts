import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { examine, openCut } from '../../../native-test/durability/cut-store.ts';
import type { OpenDriver } from '../../../main/store/driver.ts';
import { chooseDriver } from '../../../main/store/driver-choice.ts';
import { findFileDamage } from '../../../main/store/file-damage.ts';
import { anEntry, makeFolder } from './opened-store.ts';

function openIn(folder: string, openDriver: OpenDriver) {
  const opened = openCut(folder, openDriver);
  if (!opened.ok) throw new Error(opened.failure.code);
  return opened.value;
}

/** The files as a killed process would leave them at this moment. */
function leaveAsIs(folder: string): string {
  const copy = makeFolder();
  for (const name of ['counter.db', 'counter.db-wal', 'anchor']) if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(copy, name));
  return copy;
}

test.each(['better-sqlite3', 'node:sqlite'] as const)('%s: each checkpoint leaves nothing in the log, which keeps its length; killed at any entry nothing is lost', async (name) => {
  const openDriver = await chooseDriver(name);
  const folder = makeFolder();
  const { ledger, close } = openIn(folder, openDriver);
  const log = join(folder, 'counter.db-wal');
  const promised: { seq: number; ref: string }[] = [];
  let length = 0;
  for (let number = 1; number <= 460; number++) {
    const { seq } = ledger.append({ entry: anEntry({ ref: `r${number}` }), body: null, business: null });
    promised.push({ seq, ref: `r${number}` });
    if (number % 100 > 2 && number % 37 !== 0) continue;
    const copy = leaveAsIs(folder);
    expect(findFileDamage(join(copy, 'counter.db'), true), String(number)).toBeNull();
    expect(examine(copy, openDriver, promised), String(number)).toEqual({ lost: 0, doubled: 0, fault: null });
    if (number % 100 !== 0) continue;
    // The key of the epoch that is over stood in this log.
    expect(readFileSync(log).every((byte) => byte === 0), `after ${number}`).toBe(true);
    expect(statSync(log).size).toBeGreaterThanOrEqual(length);
    length = statSync(log).size;
  }
  expect(length).toBeGreaterThan(100 * 4096);
  close();
});

test('a log laid out and never written to is no damage; one of zeros before frames is', async () => {
  const folder = makeFolder();
  const { ledger, close } = openIn(folder, await chooseDriver());
  for (let number = 0; number < 220; number++) ledger.append({ entry: anEntry(), body: null, business: null });
  const copy = leaveAsIs(folder);
  close();
  const file = join(copy, 'counter.db');
  expect(findFileDamage(file, true)).toBeNull();
  const log = readFileSync(`${file}-wal`);
  writeFileSync(`${file}-wal`, Buffer.alloc(log.length));
  expect(findFileDamage(file, true)).toBeNull();
  writeFileSync(`${file}-wal`, log.fill(0, 0, 32));
  expect(findFileDamage(file, true)).toBe('log-unreadable');
});
