import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemRandom } from '../../../domain/crypto/random.ts';
import type { WritableDb } from '../../../main/store/driver.ts';
import { chooseDriver } from '../../../main/store/driver-choice.ts';
import { openDatabase } from '../../../main/store/opened-database.ts';
import { createOperations } from '../../../main/store/operations.ts';
import { fixedBook } from './fixed-book.ts';
import { anEntry, makeFolder } from './opened-store.ts';

/** A log of five entries of which a checkpoint covers three, on a disk that fails as told: before a transaction begins, or as it ends. */
async function aLog() {
  const keys = { deviceKey: new Uint8Array(16).fill(3), legacyKey: null, book: fixedBook(), random: systemRandom };
  const folder = makeFolder();
  const opened = openDatabase({ ...keys, file: join(folder, 'counter.db'), openDriver: await chooseDriver(undefined), anchor: { file: join(folder, 'anchor'), key: new Uint8Array(32).fill(4) }, epochKeyFile: join(folder, 'audit-epoch') });
  if (!opened.ok) throw new Error(opened.failure.code);
  const { db, ledger } = opened.value;
  const disk: { fault: string | null; isAtOnce: boolean } = { fault: null, isAtOnce: false };
  const transaction: WritableDb['transaction'] = (work) => {
    const { fault, isAtOnce } = disk;
    if (fault === null) return db.transaction(work);
    const error = Object.assign(new Error(fault), { code: fault });
    if (isAtOnce) throw error;
    return db.transaction((): never => {
      work();
      throw error;
    });
  };
  const faults = { told: 0 };
  const failing = { ...Object.fromEntries(Object.entries(db)), transaction } as WritableDb;
  const operations = createOperations({ ...opened.value, ...keys, db: failing, onFault: () => (faults.told += 1) });
  for (let number = 1; number <= 5; number += 1) {
    ledger.append({ entry: anEntry({ ref: `r${number}` }), body: null, business: null });
    if (number === 3) ledger.checkpoint({ at: 1_790_000_000_000 });
  }
  return { disk, faults, find: () => operations.search({ actor: '1', limit: 10 }).map(({ seq }) => seq), close: opened.value.close };
}

test.each(['SQLITE_FULL', 'SQLITE_IOERR_FSYNC', 'SQLITE_IOERR_WRITE'])('the auditor is answered in full where the disk fails as what was found is kept (%s)', async (fault) => {
  const { disk, faults, find, close } = await aLog();
  disk.fault = fault;
  expect([find(), find()]).toEqual([[5, 4, 3, 2, 1], [5, 4, 3, 2, 1]]);
  expect(faults.told).toBe(fault === 'SQLITE_FULL' ? 0 : 2);
  disk.fault = null;
  expect(find()).toEqual([5, 4, 3, 2, 1]);
  close();
});

test.each(['SQLITE_READONLY', 'EROFS', 'SQLITE_IOERR_READ'])('and up to the last checkpoint where nothing can be begun (%s)', async (fault) => {
  const { disk, faults, find, close } = await aLog();
  disk.fault = fault;
  disk.isAtOnce = true;
  expect(find()).toEqual([3, 2, 1]);
  expect(faults.told).toBe(1);
  disk.fault = null;
  expect(find()).toEqual([5, 4, 3, 2, 1]);
  close();
});

test('what is no failure of the disk is not answered over', async () => {
  const { disk, find, close } = await aLog();
  disk.fault = 'SQLITE_CORRUPT';
  expect(find).toThrow('SQLITE_CORRUPT');
  disk.fault = 'SQLITE_CONSTRAINT';
  expect(find).toThrow('SQLITE_CONSTRAINT');
  close();
});
