import { join } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { readCheckpoints } from '../../../main/store/checkpoints.ts';
import type { SqliteDriver } from '../../../main/store/driver.ts';
import { chooseDriver } from '../../../main/store/driver-choice.ts';
import { openDatabase } from '../../../main/store/opened-database.ts';
import { fixedBook } from './fixed-book.ts';
import { anEntry, makeFolder } from './opened-store.ts';

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
    anchor: { file: join(folder, 'anchor'), key: new Uint8Array(32).fill(4) }, epochKeyFile: join(folder, 'audit-epoch'), onDiskFault: () => (state.told += 1),
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
  append(199);
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

test.each(['SQLITE_IOERR_FSYNC', 'SQLITE_FULL'])('a signature that fails (%s) refuses no entry: it is told, and the next entry brings it up again', async (code) => {
  const { append, close, ledger, signed, state } = await openSigned();
  state.fault = Object.assign(new Error('no'), { code });
  expect(append(100)).toBe(100);
  await pause();
  expect(state.told).toBe(1);
  expect(append(100)).toBe(200);
  expect(state.told).toBe(2);
  expect(signed()).toEqual([]);
  state.fault = null;
  expect(append(1)).toBe(201);
  expect(signed()).toEqual([201]);
  expect(ledger.head()).toMatchObject({ seq: 201, state: 'ok' });
  close();
});

test('what is no failure of the database is not passed over', async () => {
  const { append, close, state } = await openSigned();
  state.fault = new Error('a bug');
  append(150);
  expect(() => append(50)).toThrow('a bug');
  close();
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
