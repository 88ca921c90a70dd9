import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { decodeAccessRecord } from '../../../main/access/access-record.ts';
import { createKeyFile, parseKeyFile } from '../../../main/access/key-file.ts';
import { doSlotJob, type SlotJob } from '../../../main/access/slot-work.ts';
import type { App } from '../../../main/app.ts';
import { clientOf, startCounter } from '../running-counter.ts';

const cheap = { memoryKiB: 64, passes: 1, lanes: 1 };
const slots = { do: (job: SlotJob) => doSlotJob(job) as never };
const deps = { slots, cost: cheap, random: systemRandom };
const passphrase = 'Lantern-harbour-71';
const pin = 'Saffron-bridge-46';
const operatorId = '10001';
const officers = [
  { id: operatorId, name: '韩立', role: 'administrator', passphrase },
  { id: '10002', name: '陆瑶', role: 'security', passphrase: 'Orchard-violet-88' },
  { id: '10003', name: '丁一鸣', role: 'auditor', passphrase: 'Granite-meadow-93' },
] as const;
const others = officers.slice(1).map(({ id, passphrase: own }) => ({ operatorId: id, passphrase: own }));
const open: App[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

async function start(dataDir: string): Promise<App> {
  const app = await startCounter(null, { dataDir, unattended: false, kdfCost: cheap, slots, waitsForReady: false });
  open.push(app);
  return app;
}

/** A counter whose administrator has a key file, locked again. */
async function withKeyFile(): Promise<{ app: App; dataDir: string; file: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'counter-key-'));
  const app = await start(dataDir);
  expect(await app.access.setUp(officers)).toMatchObject({ ok: true });
  expect(await app.access.logIn({ operatorId, passphrase })).toMatchObject({ ok: true });
  const file = await createKeyFile(deps, pin);
  expect(await app.access.bindKey({ passphrase, key: { kind: 'file', pin, file } })).toEqual({ ok: true, value: null });
  await app.access.lock('asked');
  return { app, dataDir, file };
}
const wrong = { ok: false, failure: { code: 'access/wrong' } };

describe('a key file of one’s own', () => {
  test('is needed from then on, over a restart too, beside passphrase and machine', async () => {
    const { app, dataDir, file } = await withKeyFile();
    const key = { kind: 'file', pin, file } as const;
    expect(await app.access.logIn({ operatorId, passphrase })).toEqual(wrong);
    expect(await app.access.logIn({ operatorId, passphrase: pin, key })).toEqual(wrong);
    expect(await app.access.logIn({ operatorId, passphrase, key })).toEqual({ ok: true, value: null });
    open.splice(open.indexOf(app), 1);
    await app.close();
    const again = await start(dataDir);
    expect(await again.access.logIn({ operatorId, passphrase })).toEqual(wrong);
    expect(await again.access.logIn({ operatorId, passphrase, key })).toEqual({ ok: true, value: null });
  });

  test('is in view of a window no longer than its owner is logged in', async () => {
    const { app, file } = await withKeyFile();
    await app.access.logIn({ operatorId, passphrase, key: { kind: 'file', pin, file } });
    expect(app.access.keyFile.left()).toBeGreaterThan(0);
    const inView = await clientOf(app).access.keepKeyFile({ file });
    expect([await inView.next(), app.access.keyFile.left()]).toEqual([{ done: false, value: null }, null]);
    const end = inView.next();
    await app.access.lock('asked');
    expect(await end).toMatchObject({ done: true });
    await app.access.logIn({ operatorId, passphrase, key: { kind: 'file', pin, file } });
    expect(app.access.keyFile.left()).toBeGreaterThan(0);
  });

  test('refuses its wrong passphrase, another file, no file at all, and counts each try', async () => {
    const { app, file } = await withKeyFile();
    const other = await createKeyFile(deps, pin);
    // Their own file, dressed up with the public key of the right one.
    const dressed = JSON.stringify({ ...JSON.parse(other), publicKey: JSON.parse(file).publicKey });
    for (const key of [
      { kind: 'file', pin: `${pin}x`, file },
      { kind: 'file', pin, file: other },
      { kind: 'file', pin, file: dressed },
      { kind: 'file', pin, file: '' },
    ] as const)
      expect(await app.access.logIn({ operatorId, passphrase, key })).toEqual(wrong);
    expect(await app.access.logIn({ operatorId, passphrase, key: { kind: 'file', pin, file: 'nonsense' } })).toMatchObject({ failure: { code: 'access/locked-out' } });
    expect(await app.access.logIn({ operatorId, passphrase, key: { kind: 'file', pin, file } })).toMatchObject({ failure: { code: 'access/locked-out' } });
  });

  test('opens nobody else’s account, and is asked of nobody else', async () => {
    const { app, file } = await withKeyFile();
    const [security] = others;
    expect(await app.access.logIn({ ...security!, passphrase, key: { kind: 'file', pin, file } })).toEqual(wrong);
    expect(await app.access.logIn(security!)).toEqual({ ok: true, value: null });
  });

  test('stays through a passphrase change and a new master key, and goes when its owner lets go', async () => {
    const { app, file } = await withKeyFile();
    const key = { kind: 'file', pin, file } as const;
    const changed = 'Harvest-copper-17';
    await app.access.logIn({ operatorId, passphrase, key });
    expect(await app.access.changePassphrase({ oldPassphrase: passphrase, newPassphrase: changed })).toEqual({ ok: true, value: null });
    expect(await app.access.rotateKeys()).toEqual({ ok: true, value: null });
    await app.access.lock('asked');
    expect(await app.access.logIn({ operatorId, passphrase: changed })).toEqual(wrong);
    expect(await app.access.logIn({ operatorId, passphrase: changed, key })).toEqual({ ok: true, value: null });
    expect(await app.access.bindKey({ passphrase, key: null })).toEqual(wrong);
    expect(await app.access.bindKey({ passphrase: changed, key: null })).toEqual({ ok: true, value: null });
    await app.access.lock('asked');
    expect(await app.access.logIn({ operatorId, passphrase: changed })).toEqual({ ok: true, value: null });
  });

  test('lost, the two other administrators let its owner in again; it stands behind two without the file', async () => {
    const { app } = await withKeyFile();
    const owner = { operatorId, passphrase };
    expect(await app.access.confirmTwo([owner, others[0]!], 'test')).toEqual({ ok: true, value: null });
    expect(await app.access.confirmTwo([{ ...owner, passphrase: pin }, others[0]!], 'test')).toMatchObject({ failure: { code: 'access/wrong', detail: '1' } });
    expect(await app.access.resetAdministrator({ id: operatorId, passphrase: 'Juniper-gravel-52', two: others })).toEqual({ ok: true, value: null });
    expect(await app.access.logIn({ operatorId, passphrase: 'Juniper-gravel-52' })).toEqual({ ok: true, value: null });
  });

  test('is bound only with its passphrase and the account’s, and only while logged in', async () => {
    const { app, file } = await withKeyFile();
    const key = { kind: 'file', pin, file } as const;
    const [security] = others;
    expect(await app.access.bindKey({ passphrase, key })).toMatchObject({ failure: { code: 'access/locked' } });
    await app.access.logIn(security!);
    const bind = (text: string, typed: string) => app.access.bindKey({ passphrase: security!.passphrase, key: { ...key, file: text, pin: typed } });
    expect(await bind(file, 'other')).toMatchObject({ failure: { code: 'access/key-refused', detail: 'wrong-pin' } });
    expect(await bind('{}', pin)).toMatchObject({ failure: { code: 'access/key-refused', detail: 'not-a-key' } });
    const cheaper = JSON.parse(file);
    expect(await bind(JSON.stringify({ ...cheaper, kdf: { ...cheaper.kdf, memoryKiB: 8 } }), pin)).toMatchObject({ failure: { detail: 'not-a-key' } });
    expect(await app.access.bindKey({ passphrase, key })).toEqual(wrong);
  });

  test('holds nothing readable, and what the counter keeps of it does not open it', async () => {
    const { app, file } = await withKeyFile();
    expect(file).not.toContain(pin);
    expect(parseKeyFile(file)).not.toBeNull();
    expect(parseKeyFile(file.replace('counter-key-file/1', 'counter-key-file/2'))).toBeNull();
    expect(parseKeyFile(JSON.stringify({ ...JSON.parse(file), publicKey: 'AAAA' }))).toBeNull();
    const kept = await app.store.setting({ name: 'access' });
    const record = kept.ok && kept.value !== null ? decodeAccessRecord(kept.value) : null;
    expect(record?.people.map(({ key }) => key?.kind)).toEqual(['file', undefined, undefined]);
  });
});
