import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { readCheckpoints } from '../../../main/store/checkpoints.ts';
import type { SqliteDriver } from '../../../main/store/driver.ts';
import { chooseDriver } from '../../../main/store/driver-choice.ts';
import { openDatabase } from '../../../main/store/opened-database.ts';
import { fixedBook } from './fixed-book.ts';
import { anEntry, makeFolder, openedStore, tamper } from './opened-store.ts';

const anyEntry = { entry: anEntry(), body: null, business: null };

/** A log in this thread whose signatures fail as long as `fault` is set. */
async function openSigned(folder = makeFolder()) {
  const openDriver = await chooseDriver();
  const state: { fault: Error | null; told: number } = { fault: null, told: 0 };
  const failing = (driver: SqliteDriver): SqliteDriver => ({
    ...driver,
    run: (sql, ...values) => {
      if (state.fault !== null && sql.startsWith('INSERT INTO checkpoint')) throw state.fault;
      driver.run(sql, ...values);
    },
  });
  const opened = openDatabase({
    file: join(folder, 'counter.db'), openDriver: (file) => failing(openDriver(file)), deviceKey: new Uint8Array(16).fill(3), legacyKey: null, book: fixedBook(), random: systemRandom,
    anchor: { file: join(folder, 'anchor'), key: new Uint8Array(32).fill(4) }, epochKeyFile: join(folder, 'audit-epoch'), onFault: () => (state.told += 1),
  });
  if (!opened.ok) throw new Error(opened.failure.code);
  const { db, ledger, close } = opened.value;
  return {
    state, close, ledger,
    append: (count: number) => Array.from({ length: count }, () => ledger.append({ entry: anEntry({}), body: null, business: null }).seq).at(-1),
    signed: () => readCheckpoints(db, { afterSize: 0, limit: 100 }).map(({ size }) => size),
  };
}

test('the hundredth entry is answered before the log is signed, which a pause is enough for; without one the two hundredth waits', async () => {
  const { append, close, signed } = await openSigned();
  expect(append(100)).toBe(100);
  expect(signed()).toEqual([]);
  await pause();
  expect(signed()).toEqual([100]);
  append(200);
  expect(signed()).toEqual([100]);
  append(1);
  expect(signed()).toEqual([100, 300]);
  await pause();
  expect(signed()).toEqual([100, 300]);
  append(50);
  await pause();
  expect(signed()).toEqual([100, 300]);
  close();
});

test.each(['SQLITE_IOERR_FSYNC', 'SQLITE_FULL'])('a signature that fails (%s) refuses no entry: it is told, the next entry brings it up again, and behind too many none is recorded', async (code) => {
  const { append, close, ledger, signed, state } = await openSigned();
  state.fault = Object.assign(new Error('no'), { code });
  expect(append(100)).toBe(100);
  await pause();
  expect(state.told).toBe(1);
  expect(append(1)).toBe(101);
  await pause();
  expect(state.told).toBe(2);
  expect(append(99)).toBe(200);
  await pause();
  // Too many wait for it: what cannot be signed is not recorded, and nothing of it is there.
  expect(() => append(1)).toThrow('no');
  expect(ledger.head()).toMatchObject({ seq: 200, state: 'ok' });
  expect(signed()).toEqual([]);
  state.fault = null;
  expect(append(1)).toBe(201);
  expect(signed()).toEqual([200]);
  close();
});

test('where the first entry has to say that the anchor is gone, and the log to be signed before it, a failure leaves neither', async () => {
  const folder = makeFolder();
  const first = await openSigned(folder);
  first.append(200);
  first.close();
  rmSync(join(folder, 'anchor'));
  const { append, close, ledger, state } = await openSigned(folder);
  state.fault = new Error('a bug');
  expect(() => append(1)).toThrow('a bug');
  expect(ledger.head()).toMatchObject({ seq: 200, anchor: 'missing' });
  state.fault = null;
  expect(append(1)).toBe(202);
  close();
});

test('a checkpoint that the database refuses neither ends the store nor refuses an entry before there are too many', async () => {
  const dataDir = makeFolder();
  const store = await openedStore(dataDir);
  await store.close();
  tamper(dataDir, (db) => db.exec("CREATE TRIGGER no BEFORE INSERT ON checkpoint BEGIN SELECT RAISE(ABORT, 'no'); END"));
  const again = await openedStore(dataDir);
  for (let number = 0; number < 200; number++) expect(await again.append(anyEntry)).toMatchObject({ ok: true });
  await expect(again.append(anyEntry)).rejects.toThrow('no');
  expect(await again.head(null)).toMatchObject({ value: { seq: 200 } });
  await again.close();
  const db = (await chooseDriver())(join(dataDir, 'counter.db'));
  db.exec('DROP TRIGGER no');
  db.close();
  const mended = await openedStore(dataDir);
  expect(await mended.append(anyEntry)).toMatchObject({ value: { seq: 201 } });
  expect(await mended.checkpoints({ afterSize: 0, limit: 10 })).toMatchObject({ value: [{ size: 200 }] });
  await mended.close();
});

test('a log that is closed before it was signed is signed after the next opening, and nothing is left to run', async () => {
  const folder = makeFolder();
  const first = await openSigned(folder);
  first.append(120);
  first.close();
  await pause();
  const { append, close, signed } = await openSigned(folder);
  expect(signed()).toEqual([]);
  append(1);
  await pause();
  expect(signed()).toEqual([121]);
  close();
});
