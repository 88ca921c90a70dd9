import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sharingPaths } from '../../domain/contracts/sharing.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { createCallLog, otherSubjects } from '../../platform/audit/call-log.ts';
import { openStorage, type Storage } from '../../platform/storage/database.ts';
import { createTestClock, enrolCounter, postJson, startPlatform } from './test-counter.ts';

const day = 24 * 3600_000;

let folder: string;
let storage: Storage;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'call-log-'));
  storage = await openStorage(path.join(folder, 'a.sqlite'));
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

const refusedRows = (from: Storage) => from.db.selectFrom('refused_call').select(['subject', 'head_status', 'calls']).orderBy('head_status').orderBy('calls').execute();
const countOf = async (from: Storage, table: 'call_record' | 'refused_call') => (await from.db.selectFrom(table).select('interface_path').execute()).length;

test('calls that are turned away share a row of the minute, from however many addresses; both logs forget by age', async () => {
  const clock = createTestClock();
  const log = createCallLog({ storage, random: systemRandom, now: clock.now });
  const refused = (subject: string, status = '17') => log.recordRefused({ subject, path: '/x', status, at: clock.now() });
  await Promise.all(Array.from({ length: 50 }, () => refused('address 10.0.0.1')));
  await refused('address 10.0.0.1', '18');
  expect(await refusedRows(storage)).toEqual([
    { subject: 'address 10.0.0.1', head_status: '17', calls: 50 },
    { subject: 'address 10.0.0.1', head_status: '18', calls: 1 },
  ]);
  await Promise.all(Array.from({ length: 1500 }, (_, n) => refused(`address ${n}`)));
  expect(await countOf(storage, 'refused_call')).toBe(2 + 999 + 1);
  expect((await refusedRows(storage)).find(({ subject }) => subject === otherSubjects)?.calls).toBe(501);
  clock.advance(60_000);
  await refused('address 10.0.0.1');
  await log.record({ subject: 'counter-1', path: '/x', status: '0', at: clock.now() });
  clock.advance(184 * day - 60_000);
  await storage.write(log.purge);
  expect([await countOf(storage, 'refused_call'), await countOf(storage, 'call_record')]).toEqual([1, 1]);
  clock.advance(3 * 366 * day);
  await storage.write(log.purge);
  expect([await countOf(storage, 'refused_call'), await countOf(storage, 'call_record')]).toEqual([0, 0]);
});

test('a stranger, a forger and whoever was cut off leave counts; a peer that was let in leaves records', async () => {
  const database = path.join(folder, 'platform.sqlite');
  const running = await startPlatform({ database, abnormalRequests: { prompt: 2, cutOff: 4 } });
  const counter = await enrolCounter(running.platform);
  const asked = await openStorage(database);
  const before = await countOf(asked, 'call_record');
  await counter.call(sharingPaths.catalogue, {});
  expect(await countOf(asked, 'call_record')).toBe(before + 1);
  const url = `${running.platform.url}${sharingPaths.catalogue}`;
  for (let n = 0; n < 10; n++) await postJson(url, { head: { accountId: `guess-${n}` }, encryptData: '' });
  for (let n = 0; n < 20; n++) await counter.call(sharingPaths.catalogue, {}, { sign: { ...counter.signer(), sign: () => new Uint8Array(64) } });
  for (let n = 0; n < 5; n++) await counter.call(sharingPaths.search, { useFor: 7 });
  expect(await countOf(asked, 'call_record')).toBe(before + 1);
  expect((await refusedRows(asked)).map(({ head_status, calls }) => [head_status, calls])).toEqual([['11', 10], ['13', 5], ['17', 10], ['91', 10]]);
  await asked.close();
  await running.remove();
});
