import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { fail, ok } from '../../domain/failure.ts';
import { backUpDaily, backUpIfDue } from '../../main/daily-backup.ts';
import { backupFolder, listBackups } from '../../main/store/backup.ts';
import { anEntry, makeFolder, openedStore } from './store/opened-store.ts';

const start = Date.parse('2026-11-22T01:00:00Z');
const hourMs = 3_600_000;

test('a backup is made once a day while the store is used, and noted; what a cut-off one left goes', async () => {
  const dataDir = makeFolder();
  const store = await openedStore(dataDir);
  await store.append({ entry: anEntry(), body: null, business: null });
  const noted: string[] = [];
  const journal = { record: async ({ type, ref }: { readonly type: string; readonly ref: string }) => (noted.push(`${type} ${ref}`), ok({ seq: 1, hash: '' })) };
  const at = (now: number) => backUpIfDue({ dataDir, store, journal, now: () => now });
  const leftovers = [join(dataDir, 'snapshot-17.db'), join(backupFolder(dataDir), 'unfinished-17')];
  mkdirSync(backupFolder(dataDir));
  for (const file of leftovers) writeFileSync(file, 'half');
  expect(await at(start)).toEqual(ok(true));
  expect(leftovers.filter((file) => existsSync(file))).toEqual([]);
  expect(await at(start + 23 * hourMs)).toEqual(ok(false));
  expect(await at(start + 25 * hourMs)).toEqual(ok(true));
  expect(noted).toEqual(listBackups(dataDir).map(({ name }) => `store.backed-up ${name}`).toReversed());
  await store.close();
  expect(await at(start + 50 * hourMs)).toMatchObject(fail('store/locked'));
});

test('backups that a wrong clock dated in the future stop none and push none out: one a day goes on being made and kept', async () => {
  const dataDir = makeFolder();
  const store = await openedStore(dataDir);
  await store.append({ entry: anEntry(), body: null, business: null });
  const journal = { record: async () => ok({ seq: 1, hash: '' }) };
  const at = (now: number) => backUpIfDue({ dataDir, store, journal, now: () => now });
  // Enough to fill every day and week that rotation keeps.
  const ahead = Array.from({ length: 8 }, (_, index) => start + (400 + 8 * index) * 24 * hourMs);
  for (const now of ahead) expect(await at(now)).toEqual(ok(true));
  const future = listBackups(dataDir).map(({ name }) => name);
  expect(future.length).toBeGreaterThanOrEqual(7);

  const made = [start, start + hourMs, start + 25 * hourMs, start + 26 * hourMs].map((now) => () => at(now));
  const answers = [];
  for (const attempt of made) answers.push(await attempt());
  expect(answers).toEqual([ok(true), ok(false), ok(true), ok(false)]);
  const listed = listBackups(dataDir);
  expect(listed.filter(({ madeAt }) => madeAt < start + 48 * hourMs).map(({ madeAt }) => madeAt)).toEqual([start + 25 * hourMs, start]);
  expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(future));
  await store.close();
});

test('a backup that fails stands in the log, once while the reason stays, whether it is a failure or a bug', async () => {
  vi.useFakeTimers();
  const noted: string[] = [];
  const answers: (() => ReturnType<typeof fail>)[] = [];
  const stop = backUpDaily({
    ...{ dataDir: makeFolder(), now: Date.now, log: { warn() {}, error() {} } },
    store: { backup: async () => answers.shift()?.() ?? fail('store/locked') },
    journal: { record: async ({ type, result }) => (noted.push(`${type} ${result}`), ok({ seq: 1, hash: '' })) },
  });
  answers.push(() => fail('store/full'), () => fail('store/full'), () => {
    throw new Error('no such file');
  });
  await vi.advanceTimersByTimeAsync(3 * hourMs);
  stop();
  vi.useRealTimers();
  expect(noted).toEqual(['store.backup-failed store/full', 'store.backup-failed internal/bug', 'store.backup-failed store/locked']);
});
