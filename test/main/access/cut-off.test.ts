import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { App, AppDeps } from '../../../main/app.ts';
import { shareWrapKey } from '../../../main/access/access-core.ts';
import { decodeEscrowKit } from '../../../main/access/access-record.ts';
import { openEscrow, openShare } from '../../../main/access/escrow.ts';
import { doSlotJob, type SlotJob } from '../../../main/access/slot-work.ts';
import { auditTypes, startCounter } from '../running-counter.ts';

const cheap = { memoryKiB: 64, passes: 1, lanes: 1 };
const officers = [
  { id: '10001', name: '韩立', role: 'administrator', passphrase: 'Lantern-harbour-71' },
  { id: '10002', name: '陆瑶', role: 'security', passphrase: 'Orchard-violet-88' },
  { id: '10003', name: '丁一鸣', role: 'auditor', passphrase: 'Granite-meadow-93' },
] as const;
const [administrator, security, auditor] = officers;
const clock = { at: 1_790_000_000_000, mono: 1_000_000 };
const open: App[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

async function start(dataDir: string, more: Partial<AppDeps> = {}): Promise<App> {
  // What waits for a log-in is not waited for here.
  const app = await startCounter(null, { dataDir, unattended: false, kdfCost: cheap, slots: { do: (job) => doSlotJob(job) as never }, now: () => clock.at, monotonic: () => clock.mono, waitsForReady: false, ...more });
  open.push(app);
  return app;
}
const stop = async (app: App): Promise<void> => {
  open.splice(open.indexOf(app), 1);
  await app.close();
};
const folder = (): string => mkdtempSync(join(tmpdir(), 'counter-access-'));
const credentials = ({ id, passphrase }: { id: string; passphrase: string }) => ({ operatorId: id, passphrase });

async function formal(dataDir: string): Promise<App> {
  const app = await start(dataDir);
  expect(await app.access.setUp(officers)).toEqual({ ok: true, value: null });
  return app;
}

test('a first passphrase by two that was cut off, or could not be written, parts no slot from its share', async () => {
  const dataDir = folder();
  const app = await formal(dataDir);
  const file = join(dataDir, 'keys/escrow.json');
  const before = readFileSync(file);
  const renewed = { ...auditor, passphrase: 'Tundra-pillow-33' };
  const reset = () => app.access.resetAdministrator({ ...renewed, two: [credentials(security), credentials(administrator)] });
  const { record } = app.journal;
  const during: Buffer[] = [];
  (app.journal as { record: typeof record }).record = async (note) => {
    if (note.result !== 'reset by two') return record(note);
    during.push(readFileSync(file));
    return during.length === 1 ? { ok: false, failure: { code: 'store/full' } } : record(note);
  };
  expect(await reset()).toMatchObject({ failure: { code: 'store/full' } });
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(await app.access.confirmTwo([credentials(auditor), credentials(security)], 'restore')).toMatchObject({ ok: true });
  // As a crash would leave it before the record is written: the passphrase of before still goes with a share.
  writeFileSync(file, during[0] ?? '');
  await stop(app);
  const cutOff = await start(dataDir);
  expect(await cutOff.access.confirmTwo([credentials(auditor), credentials(security)], 'restore')).toMatchObject({ ok: true });
  expect(await cutOff.access.resetAdministrator({ ...renewed, two: [credentials(security), credentials(administrator)] })).toMatchObject({ ok: true });
  expect(await cutOff.access.confirmTwo([credentials(renewed), credentials(security)], 'restore')).toMatchObject({ ok: true });
  expect(decodeEscrowKit(readFileSync(file))?.shares.map(({ id }) => id).toSorted()).toEqual(officers.map(({ id }) => id).toSorted());
});

test('a hand-over to people that was cut off is ended by the next log-in; a failure on the way leaves no counter without a door', async () => {
  const dataDir = folder();
  const before = await start(dataDir, { unattended: true });
  await before.store.cache({ name: 'note', value: Uint8Array.of(1, 2, 3) });
  await stop(before);
  const keysFile = 'keys/data-keys.json';
  const wrapped = readFileSync(join(dataDir, keysFile), 'utf8');
  const crashed = folder();
  const app = await start(dataDir);
  const { record } = app.journal;
  // The folder as a crash would leave it once the people are written.
  (app.journal as { record: typeof record }).record = async (note) => {
    const noted = await record(note);
    if (note.type === 'access.set-up') cpSync(dataDir, crashed, { recursive: true });
    return noted;
  };
  mkdirSync(join(dataDir, `${keysFile}.new`));
  expect(await app.access.setUp(officers)).toEqual({ ok: true, value: null });
  expect(app.access.state()).toMatchObject({ state: 'locked' });
  expect(await app.access.setUp(officers)).toMatchObject({ ok: false });
  await stop(app);
  for (const place of [dataDir, crashed]) rmdirSync(join(place, `${keysFile}.new`));
  for (const place of [dataDir, crashed]) {
    expect(readFileSync(join(place, keysFile), 'utf8')).toBe(wrapped);
    const again = await start(place);
    expect(await again.access.logIn(credentials(security))).toEqual({ ok: true, value: null });
    expect(await again.store.setting({ name: 'note' })).toMatchObject({ value: Uint8Array.of(1, 2, 3) });
    // The keys lie under a master key that the machine never opened.
    expect(readFileSync(join(place, keysFile), 'utf8')).not.toBe(wrapped);
    expect(await auditTypes(again)).toContain('access.key-rotated');
    expect(await opensByEscrow(again, place)).toBe(true);
  }
});

/** Whether what two administrators' shares open is the key of the data as it lies there. */
async function opensByEscrow(app: App, dataDir: string): Promise<boolean> {
  const kit = decodeEscrowKit(readFileSync(join(dataDir, 'keys/escrow.json')));
  if (kit === null) return false;
  const deps = { slots: { do: (job: SlotJob) => doSlotJob(job) as never }, cost: cheap };
  const shares = [await openShare(deps, kit, credentials(administrator)), await openShare(deps, kit, credentials(auditor))];
  const content = openEscrow(kit, shares.filter((share) => share !== null));
  if (content === null) return false;
  const opened = await app.store.unlock({ wrapKey: shareWrapKey(content.masterKey), isFirst: false });
  return opened.ok && opened.value;
}
