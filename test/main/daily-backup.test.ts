import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fail, ok } from '../../domain/failure.ts';
import { backUpIfDue } from '../../main/daily-backup.ts';
import { listBackups } from '../../main/store/backup.ts';
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
  writeFileSync(join(dataDir, 'snapshot-17.db'), 'half');
  expect(await at(start)).toEqual(ok(true));
  expect(existsSync(join(dataDir, 'snapshot-17.db'))).toBe(false);
  expect(await at(start + 23 * hourMs)).toEqual(ok(false));
  expect(await at(start + 25 * hourMs)).toEqual(ok(true));
  expect(noted).toEqual(listBackups(dataDir).map(({ name }) => `store.backed-up ${name}`).toReversed());
  await store.close();
  expect(await at(start + 50 * hourMs)).toMatchObject(fail('store/locked'));
});
