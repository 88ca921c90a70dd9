import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { verifyAudit } from '../../../main/audit/verification.ts';
import { backupFolder, type BackupDeps, listBackups, restoreBackup } from '../../../main/store/backup.ts';
import { findOutdated } from '../../../main/store/backup-rotation.ts';
import { chooseDriver } from '../../../main/store/driver-choice.ts';
import type { Append } from '../../../main/store/records.ts';
import { openSealedFile, sealFile } from '../../../main/store/sealed-file.ts';
import { openDeviceKeys } from '../../../main/device-keys.ts';
import { openSetup, type Store } from '../../../main/store/store.ts';
import { anEntry, aScan, makeFolder, openedStore, openingCase } from './opened-store.ts';

const dayMs = 86_400_000;
const start = Date.parse('2026-11-22T08:00:00Z');

async function fill(store: Store, scans: number): Promise<void> {
  for (let number = 0; number < scans; number++) expect((await store.append(aScan(`scan-${Math.random()}`))).ok).toBe(true);
}

async function depsOf(dataDir: string): Promise<BackupDeps> {
  const device = await openDeviceKeys({ dataDir, random: systemRandom });
  if (!device.ok) throw new Error(device.failure.code);
  return { ...openSetup({ dataDir, device: device.value }), dataDir, openDriver: await chooseDriver(), random: systemRandom };
}

const firstEntry = (): Append => ({ entry: anEntry({ type: 'store.restored' }), body: null, business: null });

test('a backup made while the store is used is whole, sealed and can be restored; the old file is moved aside, a new generation begins', async () => {
  const dataDir = makeFolder();
  const store = await openedStore(dataDir);
  await store.append(openingCase);
  await fill(store, 150);
  const [made] = await Promise.all([store.backup({ at: start }), fill(store, 20)]);
  if (!made.ok) throw new Error(made.failure.code);
  expect(made.value.seq).toBeGreaterThanOrEqual(151);
  await fill(store, 30);
  await store.close();
  expect(readFileSync(join(backupFolder(dataDir), made.value.name)).includes('scan.verdict')).toBe(false);
  expect(readdirSync(dataDir).filter((name) => name.startsWith('snapshot'))).toEqual([]);

  const restored = restoreBackup(await depsOf(dataDir), { name: made.value.name, at: start + 1, firstEntry });
  expect(restored).toMatchObject({ ok: true, value: { gen: 2, seq: made.value.seq + 1 } });
  const [aside = ''] = readdirSync(join(dataDir, 'aside'));
  expect(existsSync(join(dataDir, 'aside', aside, 'counter.db'))).toBe(true);
  const after = await openedStore(dataDir);
  expect(await after.head(null)).toMatchObject({ value: { state: 'ok', gen: 2, seq: made.value.seq + 1 } });
  await fill(after, 3);
  expect(await verifyAudit({ platformKeys: () => [], source: after, monotonic: () => 0 })).toMatchObject({ value: { intact: true, checked: made.value.seq + 4 } });
  await after.close();
  const again = await openedStore(dataDir);
  expect(await again.head(null)).toMatchObject({ value: { state: 'ok', gen: 2 } });
  await again.close();
});

test('a backup with one changed byte, or under another key, is not restored, and what was there stays', async () => {
  const dataDir = makeFolder();
  const store = await openedStore(dataDir);
  await store.append(openingCase);
  await fill(store, 5);
  const made = await store.backup({ at: start });
  await store.close();
  if (!made.ok) throw new Error(made.failure.code);
  const deps = await depsOf(dataDir);
  const file = join(backupFolder(dataDir), made.value.name);
  const good = readFileSync(file);
  for (const at of [9, 40, 60, 200, Math.floor(good.length / 2), good.length - 1]) {
    const bad = Buffer.from(good);
    bad[at] = (bad[at] ?? 0) ^ 1;
    writeFileSync(file, bad);
    expect(restoreBackup(deps, { name: made.value.name, at: start, firstEntry }), String(at)).toMatchObject({ ok: false, failure: { code: 'store/damaged' } });
  }
  writeFileSync(file, good.subarray(0, good.length - 70_000));
  expect(restoreBackup(deps, { name: made.value.name, at: start, firstEntry }).ok).toBe(false);
  writeFileSync(file, good);
  expect(restoreBackup({ ...deps, backupKey: new Uint8Array(16) }, { name: made.value.name, at: start, firstEntry }).ok).toBe(false);
  expect(existsSync(join(dataDir, 'aside'))).toBe(false);
  expect(readdirSync(dataDir).filter((name) => name.startsWith('restor'))).toEqual([]);
  const still = await openedStore(dataDir);
  expect(await still.head(null)).toMatchObject({ value: { state: 'ok', seq: 6, gen: 1 } });
  await still.close();
});

test('a restore cut off before the exchange is finished by the next start', async () => {
  const dataDir = makeFolder();
  const store = await openedStore(dataDir);
  await store.append(openingCase);
  const made = await store.backup({ at: start });
  await store.close();
  if (!made.ok) throw new Error(made.failure.code);
  restoreBackup(await depsOf(dataDir), { name: made.value.name, at: start, firstEntry });
  // As it was just before: the restored file ready, the old one in place.
  const [aside = ''] = readdirSync(join(dataDir, 'aside'));
  renameSync(join(dataDir, 'counter.db'), join(dataDir, 'restored.db'));
  renameSync(join(dataDir, 'aside', aside, 'counter.db'), join(dataDir, 'counter.db'));
  rmSync(join(dataDir, 'counter.db-wal'), { force: true });
  const next = await openedStore(dataDir);
  expect(await next.head(null)).toMatchObject({ value: { state: 'ok', gen: 2 } });
  await next.close();
});

test('seven days and four weeks are kept', () => {
  const backups = Array.from({ length: 60 }, (_, index) => [0, 1].map((half) => ({ name: `${index}-${half}`, madeAt: start - index * dayMs - half * 3_600_000 }))).flat();
  const gone = new Set(findOutdated(backups, start));
  const kept = backups.filter((backup) => !gone.has(backup));
  expect(kept.filter(({ madeAt }) => madeAt > start - 7 * dayMs).map(({ name }) => name)).toEqual(['0-0', '1-0', '2-0', '3-0', '4-0', '5-0', '6-0']);
  expect(kept.length).toBeLessThanOrEqual(11);
  expect(kept.length).toBeGreaterThanOrEqual(9);
  // Kept weeks reach further back than kept days, and rotating again removes nothing more.
  expect(kept.at(-1)?.madeAt).toBeLessThan(start - 14 * dayMs);
  expect(findOutdated(kept, start)).toEqual([]);
});

test('older backups go when a new one is made', async () => {
  const dataDir = makeFolder();
  const store = await openedStore(dataDir);
  await store.append(openingCase);
  for (const hour of [0, 1, 2]) expect((await store.backup({ at: start + hour * 3_600_000 })).ok).toBe(true);
  expect(listBackups(dataDir).map(({ madeAt }) => madeAt)).toEqual([start + 2 * 3_600_000]);
  expect((await store.backup({ at: start + dayMs })).ok).toBe(true);
  expect(listBackups(dataDir)).toHaveLength(2);
  await store.close();
});

test('a sealed file gives back every length, and no chunk can be exchanged', () => {
  const folder = makeFolder();
  mkdirSync(folder, { recursive: true });
  const key = systemRandom(16);
  const [source, target, back] = ['a', 'b', 'c'].map((name) => join(folder, name)) as [string, string, string];
  for (const length of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
    for (const file of [target, back]) rmSync(file, { force: true });
    const content = systemRandom(length);
    writeFileSync(source, content);
    sealFile({ source, target, key, facts: { length }, random: systemRandom });
    expect(openSealedFile({ source: target, target: back, key })).toEqual({ length });
    expect(Buffer.compare(readFileSync(back), content)).toBe(0);
  }
  const sealed = readFileSync(target);
  const header = sealed.length - (200_000 + 4 * 16);
  const chunk = 65_536 + 16;
  const exchanged = Buffer.concat([sealed.subarray(0, header), sealed.subarray(header + chunk, header + 2 * chunk), sealed.subarray(header, header + chunk), sealed.subarray(header + 2 * chunk)]);
  writeFileSync(target, exchanged);
  rmSync(back);
  expect(openSealedFile({ source: target, target: back, key })).toBeNull();
});
