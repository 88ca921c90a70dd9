import { copyFileSync, existsSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { verifyAudit } from '../../../main/audit/verification.ts';
import { openDeviceKeys } from '../../../main/device-keys.ts';
import { restoreBackup } from '../../../main/store/backup.ts';
import type { OpenDriver } from '../../../main/store/driver.ts';
import { chooseDriver } from '../../../main/store/driver-choice.ts';
import { longestLag, openEpochKeyFile } from '../../../main/store/epoch-key-file.ts';
import { type MendingDeps, mendBeforeOpening } from '../../../main/store/mending.ts';
import type { RecordSealing } from '../../../main/store/record-sealing.ts';
import { openSetup } from '../../../main/store/store.ts';
import { examine, openCut } from '../../../native-test/durability/cut-store.ts';
import { appendOne, leaveAsIs, openIn } from './killed-log.ts';
import { anEntry, makeFolder, openedStore } from './opened-store.ts';

const anyEntry = { entry: anEntry(), body: null, business: null };
const at = 1_790_000_000_000;
const openDriver = await chooseDriver();

async function depsOf(dataDir: string): Promise<MendingDeps> {
  const device = await openDeviceKeys({ dataDir, random: systemRandom });
  if (!device.ok) throw new Error(device.failure.code);
  return { ...openSetup({ dataDir, device: device.value }), dataDir, random: systemRandom, openDriver };
}

/** A counter whose first key the audit centre has, with entries behind the last checkpoint; gives the name of its backup. */
async function handedOver(): Promise<{ readonly dataDir: string; readonly backup: string }> {
  const dataDir = makeFolder();
  const store = await openedStore(dataDir);
  for (let number = 0; number < 5; number++) await store.append(anyEntry);
  await store.checkpoint({ at });
  await store.seedHandedOver({ gen: 1 });
  for (let number = 0; number < 5; number++) await store.append(anyEntry);
  const backup = await store.backup({ at });
  await store.close();
  if (!backup.ok) throw new Error(backup.failure.code);
  return { dataDir, backup: backup.value.name };
}

async function expectGoodGeneration(dataDir: string): Promise<void> {
  const store = await openedStore(dataDir);
  expect(await store.head(null)).toMatchObject({ value: { state: 'ok', gen: 2 } });
  await store.append(anyEntry);
  await store.checkpoint({ at });
  await store.append(anyEntry);
  expect(await verifyAudit({ platformKeys: () => [], source: store, monotonic: () => 0 })).toMatchObject({ value: { intact: true, macsChecked: true } });
  await store.close();
}

test('a backup with entries that are not signed is restored though nothing leads to their MAC key any more', async () => {
  const { dataDir, backup } = await handedOver();
  expect(restoreBackup(await depsOf(dataDir), { name: backup, at: at + 1, firstEntry: () => ({ ...anyEntry, entry: anEntry({ type: 'store.restored' }) }) })).toMatchObject({ ok: true });
  await expectGoodGeneration(dataDir);
});

test('a damaged database mends itself from such a backup', async () => {
  const { dataDir } = await handedOver();
  truncateSync(join(dataDir, 'counter.db'), 0);
  expect(mendBeforeOpening(await depsOf(dataDir), at + 2)).toMatchObject({ ok: true, value: { damage: expect.any(String) } });
  await expectGoodGeneration(dataDir);
});

test('a first key that a restore brought back goes with that of its generation', async () => {
  const dataDir = makeFolder();
  const store = await openedStore(dataDir);
  await store.append(anyEntry);
  const backup = await store.backup({ at });
  await store.seedHandedOver({ gen: 1 });
  await store.close();
  if (!backup.ok) throw new Error(backup.failure.code);
  const deps = await depsOf(dataDir);
  restoreBackup(deps, { name: backup.value.name, at: at + 1, firstEntry: () => ({ ...anyEntry, entry: anEntry({ type: 'store.restored' }) }) });
  const again = await openedStore(dataDir);
  await again.append(anyEntry);
  await again.seedHandedOver({ gen: 2 });
  await again.close();
  const db = openDriver(join(dataDir, 'counter.db'));
  expect(db.all("SELECT name FROM setting WHERE name LIKE 'audit-seed-%' OR name = 'audit-epoch'")).toEqual([]);
  db.close();
  const last = await openedStore(dataDir);
  expect(await last.head(null)).toMatchObject({ value: { state: 'ok', gen: 2 } });
  await last.close();
});

test('where the log cannot be carried over both keys stay, and after a failure nothing is written behind it', () => {
  const folder = makeFolder();
  const first = openIn(folder, openDriver);
  const promised = [appendOne(first, 1)];
  first.ledger.keys.dropSeed(1);
  promised.push(appendOne(first, 2));
  const durable = leaveAsIs(folder);
  // Its sync failed: the next opening reads it, a power cut takes it away.
  first.ledger.checkpoint({ at });
  const cached = leaveAsIs(folder);
  first.close();
  const full: OpenDriver = (file) => {
    const driver = openDriver(file);
    return {
      ...driver,
      get: (sql, ...values) => {
        if (sql.includes('RESTART')) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
        return driver.get(sql, ...values);
      },
    };
  };
  expect(openCut(leaveAsIs(cached), full, { isAnew: true })).toMatchObject({ ok: false, failure: { code: 'store/full' } });
  const again = openCut(cached, full);
  copyFileSync(join(cached, 'audit-epoch'), join(durable, 'audit-epoch'));
  if (!again.ok) throw new Error(again.failure.code);
  again.value.close();
  expect(examine(durable, openDriver, promised)).toEqual({ lost: 0, doubled: 0, fault: null });
});

test('the first entry of an installation has its anchor at once: whatever comes then does not look as if it had been taken away', () => {
  const folder = makeFolder();
  const first = openIn(folder, openDriver);
  appendOne(first, 1);
  const cut = openIn(leaveAsIs(folder), openDriver);
  first.close();
  expect(cut.ledger.head()).toMatchObject({ state: 'ok', anchor: 'ok' });
  cut.close();
});

test('a new database beside the file of epoch keys leaves the key of the one that was put aside', () => {
  const folder = makeFolder();
  const first = openIn(folder, openDriver);
  const promised = [appendOne(first, 1)];
  first.ledger.keys.dropSeed(1);
  promised.push(appendOne(first, 2));
  first.close();
  const right = leaveAsIs(folder);
  const clear = (): void => {
    for (const name of ['counter.db', 'counter.db-wal', 'counter.db-shm', 'anchor']) rmSync(join(folder, name), { force: true });
  };
  clear();
  openIn(folder, openDriver).close();
  clear();
  for (const name of ['counter.db', 'counter.db-wal', 'anchor']) if (existsSync(join(right, name))) copyFileSync(join(right, name), join(folder, name));
  expect(examine(folder, openDriver, promised)).toEqual({ lost: 0, doubled: 0, fault: null });
});

test('a file that refuses is tried again in each pause, and holds the log up once it is five epochs behind', async () => {
  const file = join(makeFolder(), 'audit-epoch');
  const state = { refuses: true, tried: 0 };
  const sealing = {
    seal: (_: unknown, key: Uint8Array) => {
      state.tried += 1;
      if (state.refuses) throw Object.assign(new Error('no'), { syscall: 'write', code: 'EIO' });
      return key;
    },
    open: (_: unknown, sealed: Uint8Array) => sealed.slice(),
  } as unknown as RecordSealing;
  const keys = openEpochKeyFile({ file, sealing });
  for (let epoch = 1; epoch <= longestLag; epoch++) {
    keys.catchUp();
    keys.putSoon(new Uint8Array(32).fill(epoch));
    await pause();
    expect(state.tried).toBe(epoch);
  }
  expect(() => keys.catchUp()).toThrow('no');
  state.refuses = false;
  keys.catchUp();
  expect(keys.find((key) => key)).toEqual(new Uint8Array(32).fill(longestLag));
  keys.close();
});
