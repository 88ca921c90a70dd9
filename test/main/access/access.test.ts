import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type App, createApp } from '../../../main/app.ts';
import { decodeEscrowKit } from '../../../main/access/access-record.ts';
import { openDeviceKeys } from '../../../main/device-keys.ts';
import { fail } from '../../../domain/failure.ts';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { restoreBackup } from '../../../main/store/backup.ts';
import { chooseDriver } from '../../../main/store/driver-choice.ts';
import { openSetup } from '../../../main/store/store.ts';
import { auditTypes, clientOf, startPlatform } from '../running-counter.ts';
import { anEntry } from '../store/opened-store.ts';
import { administrator, auditor, clock, credentials, folder, formal, officers, opensByEscrow, security, start, stop } from './attended-counter.ts';

const clerk = { id: '10387', name: '周敏', role: 'operator', passphrase: 'Saffron-bridge-46' } as const;
const plainDeps = { version: 'test', shell: 'kiosk', now: () => clock.at, monotonic: () => performance.now(), random: systemRandom, log: { info() {}, warn() {}, error() {} } } as const;

describe('the first set-up', () => {
  test('nothing works before it; three administrators end it, and nobody is logged in by it', async () => {
    const app = await start(folder());
    await expect(clientOf(app).record.list({ limit: 1 })).rejects.toMatchObject({ data: { code: 'access/set-up-needed' } });
    expect(await app.access.logIn(credentials(clerk))).toMatchObject({ failure: { code: 'access/set-up-needed' } });
    expect(await app.access.setUp(officers)).toMatchObject({ ok: true });
    expect(app.access.state().state).toBe('locked');
    expect(await app.access.setUp(officers)).toMatchObject({ ok: false });
  });

  test('one alone who cannot sign is set up but not logged in, is told why, and logs in once that is mended', async () => {
    const app = await start(folder(), { isTrial: true });
    const { record } = app.journal;
    const journal = app.journal as { record: typeof record };
    journal.record = (note) => (note.type === 'access.signs' ? Promise.resolve(fail('store/full')) : record(note));
    expect(await app.access.setUp([{ ...clerk, role: 'supervisor' }])).toMatchObject({ ok: false, failure: { code: 'store/full' } });
    expect([app.access.state(), app.access.signer()]).toMatchObject([{ state: 'locked', reason: 'start' }, null]);
    expect(await app.store.append({ entry: anEntry(), body: new Uint8Array(1), business: null })).toMatchObject({ ok: false, failure: { code: 'access/locked' } });
    journal.record = record;
    expect(await app.access.logIn(credentials(clerk))).toMatchObject({ ok: true });
    expect(app.access.signer()?.operatorId).toBe(clerk.id);
  });

  test('and so it is where the signer throws', async () => {
    const app = await start(folder(), { isTrial: true, startSigner: () => Promise.reject(new Error('no thread')) });
    await expect(app.access.setUp([{ ...clerk, role: 'supervisor' }])).rejects.toThrow('no thread');
    expect(app.access.state()).toMatchObject({ state: 'locked' });
    expect(await app.store.append({ entry: anEntry(), body: new Uint8Array(1), business: null })).toMatchObject({ ok: false, failure: { code: 'access/locked' } });
  });

  test('not one person twice, not two offices in one hand, not one alone unless on trial, no weak passphrase', async () => {
    const app = await start(folder());
    const fault = async (people: Parameters<App['access']['setUp']>[0]) => (await app.access.setUp(people) as { failure?: { code: string; detail?: string } }).failure?.detail;
    expect(await fault([administrator, { ...security, id: administrator.id }, auditor])).toBe('same-person');
    expect(await fault([administrator, { ...security, name: administrator.name }, auditor])).toBe('same-person');
    expect(await fault([administrator, security, { ...auditor, role: 'security' }])).toBe('roles');
    expect(await fault([{ ...clerk, role: 'supervisor' }])).toBe('roles');
    expect(await fault([administrator, security, { ...auditor, passphrase: 'Password1234' }])).toBe(`well-known ${auditor.id}`);
    expect(await fault([administrator, security, { ...auditor, passphrase: security.passphrase }])).toBe(`same ${auditor.id}`);
    const trial = await start(folder(), { isTrial: true });
    expect(await trial.access.setUp([{ ...clerk, role: 'supervisor' }])).toMatchObject({ ok: true });
    expect(trial.access.state()).toMatchObject({ state: 'open', operator: { id: clerk.id } });
  });
});

describe('a counter that opened itself until now', () => {
  test('is asked who works here, keeps its records, and opens itself no more', async () => {
    const dataDir = folder();
    const before = await start(dataDir, { unattended: true });
    expect(before.access.state().state).toBe('unattended');
    expect(await before.journal.record({ type: 'settings.changed', result: 'kept', ref: 'y', detail: { a: 1 } })).toMatchObject({ ok: true });
    await before.store.cache({ name: 'note', value: Uint8Array.of(1, 2, 3) });
    await stop(before);
    const old = readFileSync(join(dataDir, 'counter.db'));

    const app = await start(dataDir);
    expect(app.access.state().state).toBe('set-up');
    expect(app.access.hasRecords()).toBe(true);
    await expect(clientOf(app).record.list({ limit: 1 })).rejects.toMatchObject({ data: { code: 'access/set-up-needed' } });
    expect(await app.access.setUp([administrator, security])).toMatchObject({ failure: { code: 'access/people-unfit' } });
    expect(await app.access.setUp(officers)).toEqual({ ok: true, value: null });
    expect(app.access.state().state).toBe('locked');
    expect(await app.store.setting({ name: 'note' })).toMatchObject({ failure: { code: 'access/locked' } });
    expect(await app.access.logIn(credentials(auditor))).toEqual({ ok: true, value: null });
    expect(await app.store.setting({ name: 'note' })).toMatchObject({ value: Uint8Array.of(1, 2, 3) });
    expect(await auditTypes(app)).toContain('settings.changed');
    expect(await opensByEscrow(app, dataDir)).toBe(true);
    await stop(app);

    const again = await start(dataDir, { unattended: true });
    expect(again.access.state().state).toBe('locked');
    await stop(again);
    // Nor does the machine with the database of before: its key slot opens a master key of before.
    for (const rest of ['counter.db-wal', 'counter.db-shm', 'anchor']) rmSync(join(dataDir, rest), { force: true });
    writeFileSync(join(dataDir, 'counter.db'), old);
    const laidBack = await createApp({ ...plainDeps, dataDir, unattended: true });
    expect(laidBack).toMatchObject({ ok: false, failure: { code: 'store/key-missing' } });
  });
});

describe('logging in', () => {
  test('survives a restart; needs the right passphrase and this machine’s secret', async () => {
    const dataDir = folder();
    await stop(await formal(dataDir));
    const app = await start(dataDir);
    expect(await app.access.logIn({ operatorId: security.id, passphrase: `${security.passphrase}x` })).toMatchObject({ failure: { code: 'access/wrong' } });
    expect(await app.access.logIn(credentials(security))).toEqual({ ok: true, value: null });
    expect(app.access.role()).toBe('security');
    expect((await auditTypes(app)).slice(-3)).toEqual(['access.refused', 'access.opened', 'access.signs']);
  });

  test('a new clerk replaces the first passphrase, and the old one is of no use then', async () => {
    const app = await formal(folder());
    await app.access.logIn(credentials(security));
    expect(await app.access.add(clerk)).toEqual({ ok: true, value: null });
    await app.access.logIn(credentials(clerk));
    expect(app.access.state().state).toBe('passphrase-due');
    await expect(clientOf(app).case.next()).rejects.toMatchObject({ data: { code: 'access/passphrase-due' } });
    expect(await app.access.changePassphrase({ oldPassphrase: clerk.passphrase, newPassphrase: clerk.passphrase })).toMatchObject({ ok: false });
    expect(await app.access.changePassphrase({ oldPassphrase: clerk.passphrase, newPassphrase: 'Juniper-gravel-52' })).toEqual({ ok: true, value: null });
    expect(app.access.role()).toBe('operator');
    await app.access.lock('asked');
    expect(await app.access.logIn(credentials(clerk))).toMatchObject({ failure: { code: 'access/wrong' } });
    expect(await app.access.logIn({ operatorId: clerk.id, passphrase: 'Juniper-gravel-52' })).toMatchObject({ ok: true });
  });

  test('five failures lock out for ten minutes, also an unknown number, over restarts, and when database or file is laid back', async () => {
    const dataDir = folder();
    const first = await formal(dataDir);
    await stop(first);
    const early = ['counter.db', 'keys/attempts'].map((name) => [name, readOrNull(join(dataDir, name))] as const);
    let app = await start(dataDir);
    for (const operatorId of [security.id, 'nobody']) {
      for (let count = 1; count <= 5; count++) {
        const refused = await app.access.logIn({ operatorId, passphrase: 'wrong' });
        expect(refused).toMatchObject({ failure: { code: count < 5 ? 'access/wrong' : 'access/locked-out' } });
      }
    }
    expect(await app.access.logIn(credentials(security))).toMatchObject({ failure: { code: 'access/locked-out' } });
    await stop(app);
    // One of the two places from before: the other still knows.
    const database = early[0]?.[1];
    if (database === null || database === undefined) throw new Error('no database');
    const attempts = join(dataDir, 'keys/attempts');
    const filed = readFileSync(attempts);
    writeFileSync(attempts, 'damaged');
    app = await start(dataDir);
    expect(await app.access.logIn(credentials(security))).toMatchObject({ failure: { code: 'access/locked-out' } });
    expect(await auditTypes(app)).toContain('access.attempts-differ');
    await stop(app);
    writeFileSync(attempts, filed);
    // A clock set forward ends no wait, nor does a restart; only running on does.
    clock.at += 7 * 86_400_000;
    app = await start(dataDir);
    expect(await app.access.logIn(credentials(security))).toMatchObject({ failure: { code: 'access/locked-out' } });
    clock.mono += 10 * 60_000 - 1;
    expect(await app.access.logIn(credentials(security))).toMatchObject({ failure: { code: 'access/locked-out' } });
    clock.mono += 1;
    clock.at -= 30 * 86_400_000;
    expect(await app.access.logIn(credentials(security))).toMatchObject({ ok: true });
    // Success forgets: five more tries.
    await app.access.lock('asked');
    expect(await app.access.logIn({ operatorId: security.id, passphrase: 'wrong' })).toMatchObject({ failure: { code: 'access/wrong' } });
  });
});

test('failing at hundreds of other numbers does not lift a lock-out', async () => {
  const app = await formal(folder());
  for (let count = 1; count <= 5; count++) await app.access.logIn({ operatorId: security.id, passphrase: 'wrong' });
  for (let other = 1; other <= 205; other++) await app.access.logIn({ operatorId: `X${other}`, passphrase: 'wrong' });
  expect(await app.access.logIn(credentials(security))).toMatchObject({ failure: { code: 'access/locked-out' } });
});

describe('locked', () => {
  test('reads nothing sealed, records no body, does nothing with a scan and says so', async () => {
    const app = await start(folder(), { isTrial: true });
    await app.access.setUp([{ ...clerk, role: 'supervisor' }]);
    expect(await app.journal.record({ type: 'settings.changed', result: 'x', ref: 'y', detail: { a: 1 } })).toMatchObject({ ok: true });
    await app.access.lock('asked');
    expect(await app.journal.record({ type: 'settings.changed', result: 'x', ref: 'y', detail: { a: 1 } })).toMatchObject({ failure: { code: 'access/locked' } });
    expect(await app.store.setting({ name: 'company-key' })).toMatchObject({ value: null });
    const news = app.events.subscribe();
    app.hub.submit({ source: 'serial', device: 'd', bytes: Uint8Array.of(65) });
    expect((await news.next()).value).toMatchObject({ type: 'refused', code: 'access/locked' });
    expect(app.access.state()).toMatchObject({ state: 'locked', lastOperatorId: clerk.id, refusedScanAt: clock.at });
    expect(app.access.left()).toBeNull();
  });
});

describe('two administrators', () => {
  test('any two together, never one, never one twice, never one and a clerk', async () => {
    const app = await formal(folder());
    const confirm = (...people: readonly { id: string; passphrase: string }[]) => app.access.confirmTwo(people.map(credentials), 'restore');
    for (const one of officers) expect(await confirm(one)).toMatchObject({ failure: { code: 'access/two-needed' } });
    expect(await confirm(security, security)).toMatchObject({ failure: { code: 'access/two-needed' } });
    expect(await confirm(security, { ...auditor, passphrase: 'wrong' })).toMatchObject({ failure: { code: 'access/wrong' } });
    expect(await confirm(security, clerk)).toMatchObject({ failure: { code: 'access/wrong' } });
    for (const pair of [[administrator, security], [security, auditor], [auditor, administrator]] as const) expect(await confirm(...pair)).toEqual({ ok: true, value: null });
    await app.access.logIn(credentials(security));
    // Nor has one of them power over another.
    expect(await app.access.reset({ id: auditor.id, passphrase: 'Another-passphrase-11' })).toMatchObject({ failure: { code: 'access/two-needed' } });
    expect(await app.access.setActive({ id: administrator.id, isActive: false })).toMatchObject({ failure: { code: 'access/two-needed' } });
  });

  test('give the third a first passphrase again, with a share of their own; one alone or the one who lost it cannot', async () => {
    const dataDir = folder();
    const app = await formal(dataDir);
    const first = 'Tundra-pillow-33';
    const reset = (...two: readonly { id: string; passphrase: string }[]) => app.access.resetAdministrator({ id: auditor.id, passphrase: first, two: two.map(credentials) });
    expect(await reset(security)).toMatchObject({ failure: { code: 'access/two-needed' } });
    expect(await reset(security, security)).toMatchObject({ failure: { code: 'access/two-needed' } });
    expect(await reset(security, auditor)).toMatchObject({ failure: { code: 'access/people-unfit' } });
    expect(await reset(security, { ...administrator, passphrase: 'wrong' })).toMatchObject({ failure: { code: 'access/wrong', detail: '2' } });
    expect(await app.access.logIn(credentials(auditor))).toMatchObject({ ok: true });
    await app.access.lock('asked');
    expect(await reset(security, administrator)).toEqual({ ok: true, value: null });
    expect(await app.access.logIn(credentials(auditor))).toMatchObject({ failure: { code: 'access/wrong' } });
    expect(await app.access.logIn({ operatorId: auditor.id, passphrase: first })).toMatchObject({ ok: true });
    expect(app.access.state().state).toBe('passphrase-due');
    const own = { ...auditor, passphrase: 'Compass-barley-64' };
    expect(await app.access.changePassphrase({ oldPassphrase: first, newPassphrase: own.passphrase })).toMatchObject({ ok: true });
    expect(await app.access.confirmTwo([credentials(own), credentials(security)], 'restore')).toMatchObject({ ok: true });
    expect(await app.access.confirmTwo([credentials(administrator), credentials(security)], 'restore')).toMatchObject({ ok: true });
  });

  test('a passphrase change that was cut off leaves no share behind that nobody can open', async () => {
    const dataDir = folder();
    const app = await formal(dataDir);
    const file = join(dataDir, 'keys/escrow.json');
    const before = readFileSync(file);
    await app.access.logIn(credentials(security));
    let during: Buffer | null = null;
    const { record } = app.journal;
    // The kit as it lies there at the moment when the record is written: what a crash then would leave.
    (app.journal as { record: typeof record }).record = (note) => {
      during ??= note.type === 'access.passphrase' ? readFileSync(file) : null;
      return record(note);
    };
    const changed = { ...security, passphrase: 'Harvest-copper-17' };
    expect(await app.access.changePassphrase({ oldPassphrase: security.passphrase, newPassphrase: changed.passphrase })).toMatchObject({ ok: true });
    await stop(app);
    expect(decodeEscrowKit(during ?? Buffer.from(''))?.shares.filter(({ id }) => id === security.id)).toHaveLength(2);
    writeFileSync(file, during ?? '');
    const again = await start(dataDir);
    expect(await again.access.confirmTwo([credentials(changed), credentials(auditor)], 'restore')).toMatchObject({ ok: true });
    expect(await again.access.logIn(credentials(changed))).toMatchObject({ ok: true });
    expect(decodeEscrowKit(readFileSync(file))?.shares.filter(({ id }) => id === security.id)).toHaveLength(1);
    await stop(again);
    // What the order of before left: a share under the old passphrase alone stops that pair, not the other.
    writeFileSync(file, before);
    const third = await start(dataDir);
    expect(await third.access.confirmTwo([credentials(changed), credentials(auditor)], 'restore')).toMatchObject({ failure: { code: 'access/two-needed' } });
    expect(await third.access.confirmTwo([credentials(administrator), credentials(auditor)], 'restore')).toMatchObject({ ok: true });
  });

  test('override a clock that went back; by the contract one alone, one twice, and a clerk with one do not', async () => {
    const dataDir = folder();
    const app = await formal(dataDir);
    await app.access.logIn(credentials(administrator));
    const call = clientOf(app).clock.override;
    const reason = 'the battery was flat';
    await expect(call({ reason, two: [credentials(administrator)] as never })).rejects.toThrow('Input validation failed');
    await expect(call({ reason, two: [credentials(administrator), credentials(administrator)] })).rejects.toMatchObject({ data: { code: 'access/two-needed' } });
    await expect(call({ reason, two: [credentials(administrator), credentials(clerk)] })).rejects.toMatchObject({ data: { code: 'access/wrong', detail: '2' } });
    expect(await auditTypes(app)).not.toContain('clock.overridden');
    expect(await call({ reason, two: [credentials(administrator), credentials(auditor)] })).toBeNull();
    expect((await auditTypes(app)).slice(-3)).toEqual(['access.escrow-opened', 'access.escrow-opened', 'clock.overridden']);
  });
});

test('what is kept shorter takes two administrators, what is kept longer one', async () => {
  const app = await formal(folder());
  await app.access.logIn(credentials(security));
  const { choose } = clientOf(app).retention;
  const both = [credentials(security), credentials(auditor)];
  const refused = (input: Parameters<typeof choose>[0], code = 'access/two-needed') => expect(choose(input)).rejects.toMatchObject({ data: { code } });
  await refused({ profile: 'kiosk' });
  await refused({ profile: 'kiosk', two: [credentials(security), credentials(security)] });
  await refused({ profile: 'kiosk', two: [credentials(security), credentials(clerk)] }, 'access/wrong');
  expect(app.site.current().retention).toBe('hall');
  expect(await choose({ profile: 'bank' })).toBeNull();
  await refused({ profile: 'hall' });
  await refused({ profile: 'kiosk' });
  expect(app.site.current().retention).toBe('bank');
  expect(await choose({ profile: 'kiosk', two: both })).toBeNull();
  expect((await auditTypes(app)).slice(-3)).toEqual(['access.escrow-opened', 'access.escrow-opened', 'settings.changed']);
  expect(await choose({ profile: 'hall' })).toBeNull();
});

test('a new master key reaches everybody, and what was sealed before opens as before', async () => {
  const dataDir = folder();
  const app = await formal(dataDir);
  await app.access.logIn(credentials(security));
  await app.store.cache({ name: 'note', value: Uint8Array.of(1, 2, 3) });
  const before = readFileSync(join(dataDir, 'keys/data-keys.json'), 'utf8');
  expect(await app.access.rotateKeys()).toEqual({ ok: true, value: null });
  expect(readFileSync(join(dataDir, 'keys/data-keys.json'), 'utf8')).not.toBe(before);
  await stop(app);
  const again = await start(dataDir);
  for (const person of officers) {
    expect(await again.access.logIn(credentials(person))).toMatchObject({ ok: true });
    expect(await again.store.setting({ name: 'note' })).toMatchObject({ value: Uint8Array.of(1, 2, 3) });
  }
  expect(await again.access.confirmTwo([credentials(security), credentials(auditor)], 'restore')).toMatchObject({ ok: true });
});

test('a rotation that the disk cut off is ended by the next log-in: escrow and whoever was taken on meanwhile have the new key', async () => {
  const dataDir = folder();
  const app = await formal(dataDir);
  await app.access.logIn(credentials(security));
  await app.store.cache({ name: 'note', value: Uint8Array.of(1, 2, 3) });
  const obstacle = join(dataDir, 'keys/data-keys.json.new');
  mkdirSync(obstacle);
  expect(await app.access.rotateKeys()).toMatchObject({ ok: false });
  expect(await app.access.add(clerk)).toMatchObject({ ok: true });
  rmdirSync(obstacle);
  await stop(app);
  const again = await start(dataDir);
  for (const person of [security, clerk]) {
    expect(await again.access.logIn(credentials(person))).toMatchObject({ ok: true });
    expect(await again.store.setting({ name: 'note' })).toMatchObject({ value: Uint8Array.of(1, 2, 3) });
  }
  expect(await opensByEscrow(again, dataDir)).toBe(true);
});

test('a rotation begun after one that was cut off loses nothing', async () => {
  const dataDir = folder();
  const app = await formal(dataDir);
  await app.access.logIn(credentials(security));
  await app.store.cache({ name: 'note', value: Uint8Array.of(1, 2, 3) });
  const obstacle = join(dataDir, 'keys/data-keys.json.new');
  mkdirSync(obstacle);
  expect(await app.access.rotateKeys()).toMatchObject({ ok: false });
  expect(await app.access.rotateKeys()).toMatchObject({ ok: false });
  rmdirSync(obstacle);
  await stop(app);
  const again = await start(dataDir);
  expect(await again.access.logIn(credentials(security))).toMatchObject({ ok: true });
  expect(await again.access.rotateKeys()).toMatchObject({ ok: true });
  expect(await again.store.setting({ name: 'note' })).toMatchObject({ value: Uint8Array.of(1, 2, 3) });
  expect(await opensByEscrow(again, dataDir)).toBe(true);
});

test('a backup of before brings back records, not the passphrases and keys of then', async () => {
  const dataDir = folder();
  const app = await formal(dataDir);
  await app.access.logIn(credentials(security));
  await app.store.cache({ name: 'note', value: Uint8Array.of(1, 2, 3) });
  const made = await app.store.backup({ at: clock.at });
  if (!made.ok) throw new Error('no backup');
  expect(await app.access.changePassphrase({ oldPassphrase: security.passphrase, newPassphrase: 'Harvest-copper-17' })).toMatchObject({ ok: true });
  expect(await app.access.rotateKeys()).toMatchObject({ ok: true });
  await stop(app);
  expect(await restore(dataDir, made.value.name)).toMatchObject({ ok: true });
  const again = await start(dataDir);
  expect(await again.access.logIn(credentials(security))).toMatchObject({ failure: { code: 'access/wrong' } });
  expect(await again.access.logIn({ operatorId: security.id, passphrase: 'Harvest-copper-17' })).toMatchObject({ ok: true });
  expect(await again.store.setting({ name: 'note' })).toMatchObject({ value: Uint8Array.of(1, 2, 3) });
});

async function restore(dataDir: string, name: string) {
  const device = await openDeviceKeys({ dataDir, random: systemRandom });
  if (!device.ok) return device;
  const deps = { ...openSetup({ dataDir, device: device.value }), dataDir, openDriver: await chooseDriver(), random: systemRandom };
  const entry = { at: clock.at, mono: 0, uncertaintyMs: 0, actor: 'test', role: 'administrator', device: 'test', type: 'store.restored', result: '', ref: name };
  return restoreBackup(deps, { name, at: clock.at + 1, firstEntry: () => ({ entry, body: null, business: null }) });
}

function readOrNull(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

test('no case is opened in the name of somebody who works at no counter: the first operator has the first one', async () => {
  const platform = await startPlatform();
  const dataDir = folder();
  const app = await start(dataDir, { now: Date.now, monotonic: () => performance.now(), platform: { url: platform.url, enrolmentCode: platform.enrolmentCode } });
  expect(await app.access.setUp(officers)).toMatchObject({ ok: true });
  expect(await app.access.logIn(credentials(security))).toMatchObject({ ok: true });
  await app.ready;
  expect([app.link.state().state, app.cases.current()]).toEqual(['online', null]);
  const clerk = { id: '20001', name: '周敏', role: 'operator', passphrase: 'Harvest-copper-17' } as const;
  expect(await app.access.add(clerk)).toMatchObject({ ok: true });
  expect(await app.access.logIn(credentials(clerk))).toMatchObject({ ok: true });
  expect(await app.access.changePassphrase({ oldPassphrase: clerk.passphrase, newPassphrase: 'Velvet-harbour-52' })).toMatchObject({ ok: true });
  await expect.poll(() => app.cases.current()).not.toBeNull();
  const lines = await app.store.search({ type: 'case.opened', limit: 10 });
  expect(lines.ok && lines.value.map(({ line }) => (JSON.parse(line) as { actor: string }).actor)).toEqual(['20001']);
  await stop(app);
  await platform.close();
});
