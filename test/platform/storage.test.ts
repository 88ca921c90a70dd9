import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStorage, type Storage, type Work } from '../../platform/storage/database.ts';

const folder = { path: '' };
const opened: Storage[] = [];
beforeEach(() => {
  folder.path = mkdtempSync(path.join(tmpdir(), 'platform-storage-'));
});
afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
  rmSync(folder.path, { recursive: true, force: true });
});

async function open(): Promise<Storage> {
  const storage = await openStorage(path.join(folder.path, 'p.sqlite'));
  opened.push(storage);
  return storage;
}

const use = (work: Work, code: string) => work.insertInto('enrolment_use').values({ code_digest: code, account_id: 'a', used_at: 1 }).execute();
const codesIn = async ({ db }: Storage) => (await db.selectFrom('enrolment_use').select('code_digest').orderBy('code_digest').execute()).map((row) => row.code_digest);

test('of units of work that commit together one that fails undoes itself alone', async () => {
  const storage = await open();
  const outcomes = await Promise.allSettled([
    storage.write((work) => use(work, 'a')),
    storage.write(async (work) => {
      await use(work, 'b');
      throw new Error('half way');
    }),
    storage.write((work) => use(work, 'c')),
    storage.write((work) => use(work, 'a')),
    storage.write((work) => use(work, 'd')),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
  expect(await codesIn(storage)).toEqual(['a', 'c', 'd']);
});

test('nothing is done before it is on the disk: another connection sees all that was acknowledged', async () => {
  const [storage, other] = [await open(), await open()];
  for (let n = 0; n < 20; n++) {
    await storage.write((work) => use(work, `n${n}`));
    expect(await codesIn(other)).toHaveLength(n + 1);
  }
});

test('two processes write at once: neither loses anything, and a key is taken once', async () => {
  const storages = [await open(), await open()];
  const taken = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      storages[n % 2]?.write(async (work) => {
        const done = await work.insertInto('enrolment_use').values({ code_digest: `k${n >> 1}`, account_id: String(n), used_at: 1 }).onConflict((conflict) => conflict.doNothing()).executeTakeFirst();
        // A unit of work that goes on for a while holds the file; the other waits without holding up this process.
        await new Promise((resolve) => setTimeout(resolve, 1));
        return done.numInsertedOrUpdatedRows === 1n;
      }),
    ),
  );
  expect(taken.filter(Boolean)).toHaveLength(20);
  expect(await codesIn(storages[0] as Storage)).toHaveLength(20);
});
