import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAuditLine } from '../../../domain/audit-entry.ts';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { openDeviceKeys } from '../../../main/device-keys.ts';
import { readAnchorFile } from '../../../main/store/anchor-file.ts';
import { checkCopy, restoreBackup } from '../../../main/store/backup.ts';
import { chooseDriver } from '../../../main/store/driver-choice.ts';
import type { MendingDeps } from '../../../main/store/mending.ts';
import { openSetup, type Store } from '../../../main/store/store.ts';
import { anEntry, makeFolder, openedStore, openingCase } from './opened-store.ts';

const anyEntry = { entry: anEntry(), body: null, business: null };
const missing = 'audit.anchor-missing';

async function work(dataDir: string, entries = 1): Promise<readonly string[]> {
  const store = await openedStore(dataDir);
  for (let number = 0; number < entries; number++) expect(await store.append(anyEntry)).toMatchObject({ ok: true });
  const types = await typesOf(store);
  await store.close();
  return types;
}

async function typesOf(store: Store): Promise<readonly string[]> {
  const lines = await store.chain({ fromSeq: 1, limit: 100 });
  return lines.ok ? lines.value.map(({ line }) => parseAuditLine(line)?.type ?? '') : [];
}

async function depsOf(dataDir: string): Promise<MendingDeps> {
  const device = await openDeviceKeys({ dataDir, random: systemRandom });
  if (!device.ok) throw new Error(device.failure.code);
  return { ...openSetup({ dataDir, device: device.value }), dataDir, random: systemRandom, openDriver: await chooseDriver() };
}

test('whatever is the first entry after the anchor went is preceded by one that says so, once, in the name of nobody', async () => {
  const dataDir = makeFolder();
  expect(await work(dataDir, 2)).toEqual(['app.start', 'app.start']);
  expect(await work(dataDir)).toHaveLength(3);
  rmSync(join(dataDir, 'anchor'));
  const store = await openedStore(dataDir);
  const entry = anEntry({ at: 1_790_000_000_777, type: 'scan.verdict', actor: '10001', content: 'a'.repeat(64), signature: 'A'.repeat(96) });
  expect(await store.append({ ...openingCase, entry })).toMatchObject({ ok: true, value: { seq: 5 } });
  const lines = await store.chain({ fromSeq: 4, limit: 2 });
  const [notice, after] = lines.ok ? lines.value.map(({ line }) => parseAuditLine(line)) : [];
  expect(notice).toMatchObject({ t: after?.t, type: missing, actor: 'counter', role: 'machine', result: 'missing', ref: 'entry 3' });
  expect([notice?.content, notice?.signature]).toEqual([undefined, undefined]);
  expect(after).toMatchObject({ type: 'scan.verdict', actor: '10001' });
  await store.close();
  expect((await work(dataDir)).filter((type) => type === missing)).toHaveLength(1);
});

test('a log that a restore puts in place of the one with the notice says it again, until it has it too', async () => {
  const dataDir = makeFolder();
  const store = await openedStore(dataDir);
  await store.append(anyEntry);
  const backup = await store.backup({ at: 1_790_000_000_000 });
  await store.append(anyEntry);
  await store.close();
  if (!backup.ok) throw new Error(backup.failure.code);
  rmSync(join(dataDir, 'anchor'));
  expect(await work(dataDir)).toContain(missing);
  const deps = await depsOf(dataDir);
  const restore = (at: number) => restoreBackup(deps, { name: backup.value.name, at, afterGen: readAnchorFile(deps.anchor)?.gen ?? 0, firstEntry: () => ({ ...anyEntry, entry: anEntry({ type: 'store.restored' }) }) });
  expect(restore(1_790_000_000_001)).toMatchObject({ ok: true });
  const looking = await openedStore(dataDir);
  expect(await looking.head(null)).toMatchObject({ value: { state: 'ok', anchor: 'missing' } });
  await looking.close();
  expect(await work(dataDir)).toEqual(['app.start', 'store.restored', missing, 'app.start']);
  expect(await work(dataDir)).toHaveLength(5);
  expect(restore(1_790_000_000_002)).toMatchObject({ ok: true });
  expect(await work(dataDir)).toEqual(['app.start', 'store.restored', missing, 'app.start']);
});

test('a check of the file without its store holds the end against the anchor: proven, not proven, cut off, written anew', async () => {
  const [dataDir, older] = [makeFolder(), makeFolder()];
  await work(dataDir, 2);
  cpSync(dataDir, older, { recursive: true });
  await work(dataDir, 2);
  const deps = await depsOf(dataDir);
  const kept = readAnchorFile(deps.anchor);
  const check = (folder: string, point: typeof kept) => checkCopy(deps, join(folder, 'counter.db'), point);
  expect(check(dataDir, kept)).toMatchObject({ ok: true, value: { seq: 4, anchor: 'ok' } });
  expect(check(dataDir, null)).toMatchObject({ ok: true, value: { seq: 4, anchor: 'missing' } });
  expect(check(older, kept)).toMatchObject({ ok: false, failure: { code: 'audit/chain-broken', detail: '3 rolled-back' } });
  expect(check(dataDir, { gen: 1, seq: 2, hash: 'f'.repeat(64) })).toMatchObject({ ok: false, failure: { code: 'audit/chain-broken', detail: '2 rewritten' } });
});
