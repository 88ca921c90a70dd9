import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { printRecoveryCode } from '../../../domain/recovery-code.ts';
import { doSlotJob } from '../../../main/access/slot-work.ts';
import { administrator, auditor, officers, security } from '../access/attended-counter.ts';
import { accountSetting } from '../../../main/desk/platform-account.ts';
import { auditTypes, startCounter } from '../running-counter.ts';
import { anEntry } from '../store/opened-store.ts';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'counter-recover-'));
const made = path.join(scratch, 'made');
let backup = '';
let counted = 0;

beforeAll(async () => {
  const app = await startAt(made);
  expect(await app.access.setUp(officers)).toMatchObject({ ok: true });
  const kept = await app.store.backup({ at: Date.now() });
  if (!kept.ok) throw new Error(kept.failure.code);
  backup = kept.value.name;
  await app.close();
}, 60_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function startAt(folder: string) {
  return startCounter(null, { dataDir: path.join(folder, 'counter'), unattended: false, slots: { do: (job) => doSlotJob(job) as never }, waitsForReady: false });
}

/** A data folder where the three administrators were set up. */
function folder(): string {
  counted += 1;
  const copy = path.join(scratch, `copy-${counted}`);
  cpSync(made, copy, { recursive: true });
  return copy;
}

/** The program run to its end, with these lines typed. */
function counter(data: string, typed: readonly string[], ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const cli = path.resolve(import.meta.dirname, '../../../main/cli.ts');
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, ...args, '--data', data], (_error, out, err) => resolve({ code: child.exitCode ?? -1, out, err }));
    child.stdin?.end(typed.map((line) => `${line}\n`).join(''));
  });
}

test('one administrator alone restores nothing, and brings back neither passphrase nor device key', { timeout: 120_000 }, async () => {
  const data = folder();
  const before = readFileSync(path.join(data, 'counter/counter.db'));
  const restore = (...more: string[]) => ['store', 'restore', backup, '--reason', 'r', ...more];
  const attempts: readonly (readonly [typed: readonly string[], args: readonly string[]])[] = [
    [[], restore()],
    [[security.passphrase], restore('--administrators', security.id)],
    [[security.passphrase], restore('--administrators', `${security.id},${auditor.id}`)],
    [[security.passphrase, security.passphrase], restore('--administrators', `${security.id},${security.id}`)],
    [[security.passphrase, security.passphrase], restore('--administrators', `${security.id},${auditor.id}`)],
    [[security.passphrase, security.passphrase, 'Tundra-pillow-33'], ['recover', 'passphrase', auditor.id, '--administrators', `${security.id},${security.id}`]],
    [[security.passphrase, 'not it', 'Tundra-pillow-33'], ['recover', 'passphrase', auditor.id, '--administrators', `${security.id},${administrator.id}`]],
    [[security.passphrase, 'Tundra-pillow-33'], ['recover', 'passphrase', auditor.id, '--administrators', security.id]],
  ];
  for (const [typed, args] of attempts) {
    const { code, out } = await counter(data, typed, ...args);
    expect([args.join(' '), code === 0]).toEqual([args.join(' '), false]);
    expect(out).not.toContain('Restored');
  }
  // Not even where the database was spoilt first, so that nobody's number can be looked up in it.
  writeFileSync(path.join(data, 'counter/counter.db'), before.subarray(0, 5000));
  for (const rest of ['counter.db-wal', 'counter.db-shm']) rmSync(path.join(data, 'counter', rest), { force: true });
  expect((await counter(data, [security.passphrase, security.passphrase], ...restore('--administrators', `${security.id},${auditor.id}`))).code).not.toBe(0);
  rmSync(path.join(data, 'counter/keys/device.key'));
  expect((await counter(data, [security.passphrase, 'not it'], 'recover', 'device-key', '--administrators', `${security.id},${auditor.id}`)).code).not.toBe(0);
});

test('a recovery code in the wrong place is answered with what is meant, before anybody types a passphrase', { timeout: 60_000 }, async () => {
  const data = folder();
  const asked = await counter(data, [], 'recover', 'passphrase', auditor.id, '--administrators', 'code,code');
  expect([asked.code, asked.err]).toEqual([2, expect.stringContaining('stands for one of the two only')]);
  expect((await counter(data, [], 'recover', 'passphrase', 'code', '--administrators', `${security.id},${auditor.id}`)).err).toContain('has no passphrase');
  const restore = await counter(data, [], 'store', 'restore', backup, '--reason', 'r', '--administrators', `${security.id},code`);
  expect([restore.code === 0, restore.err]).toEqual([false, expect.stringContaining('stands for nobody here')]);
  const code = printRecoveryCode(new Uint8Array(16).fill(9));
  expect((await counter(data, [code], 'recover', 'device-key', '--administrators', `${security.id},code`)).err).toContain('not the passphrase of this administrator');
  expect((await counter(data, [security.passphrase, 'not it'], 'recover', 'device-key', '--administrators', `${security.id},code`)).err).toContain('that is no recovery code');
});

test('two together do: restore, and that the anchor was missing before stays in the log', { timeout: 60_000 }, async () => {
  const data = folder();
  expect(await counter(data, [], 'store', 'check')).toMatchObject({ code: 0, out: expect.stringMatching(/^Good: /) as string });
  rmSync(path.join(data, 'counter/anchor'));
  const unproven = await counter(data, [], 'store', 'check', '--json');
  expect([unproven.code, JSON.parse(unproven.out)]).toMatchObject([0, { anchor: 'missing' }]);
  expect((await counter(data, [], 'store', 'check')).out).toMatch(/^Good as far as it goes: .*\nThe end of the log is not proven/);
  const done = await counter(data, [security.passphrase, auditor.passphrase], 'store', 'restore', backup, '--reason', 'r', '--administrators', `${security.id},${auditor.id}`);
  expect([done.err, done.code]).toEqual(['', 0]);
  const app = await startAt(data);
  expect((await auditTypes(app)).filter((type) => type === 'store.restored' || type === 'audit.anchor-missing')).toHaveLength(2);
  expect(await app.access.logIn({ operatorId: administrator.id, passphrase: administrator.passphrase })).toMatchObject({ ok: true });
  await app.close();
});

test('two together do: a lost passphrase, a lost device key, both in the log', { timeout: 60_000 }, async () => {
  const data = folder();
  const key = path.join(data, 'counter/keys/device.key');
  const secret = readFileSync(key);
  rmSync(key);
  expect((await counter(data, [security.passphrase, auditor.passphrase], 'recover', 'device-key', '--administrators', `${security.id},${auditor.id}`)).err).toBe('');
  expect(readFileSync(key)).toEqual(secret);
  const first = 'Tundra-pillow-33';
  expect((await counter(data, [security.passphrase, auditor.passphrase, first], 'recover', 'passphrase', administrator.id, '--administrators', `${security.id},${auditor.id}`)).err).toBe('');
  const app = await startAt(data);
  expect((await auditTypes(app)).filter((type) => type === 'access.escrow-opened')).toHaveLength(4);
  expect(await app.access.logIn({ operatorId: administrator.id, passphrase: administrator.passphrase })).toMatchObject({ ok: false });
  expect(await app.access.logIn({ operatorId: administrator.id, passphrase: first })).toMatchObject({ ok: true });
  await app.close();
});

test('whoever is not logged in checks the log all the same, but for countersignatures, and is told so', { timeout: 60_000 }, async () => {
  const data = folder();
  const app = await startAt(data);
  await app.access.logIn({ operatorId: administrator.id, passphrase: administrator.passphrase });
  const business = { table: 'setting', name: accountSetting, value: new Uint8Array(8) } as const;
  expect(await app.store.append({ entry: anEntry({ type: 'platform.enrolled', at: Date.now() }), body: null, business })).toMatchObject({ ok: true });
  await app.close();
  const checked = await counter(data, [], 'audit', 'verify');
  expect([checked.code, checked.err]).toEqual([0, '']);
  expect(checked.out).toMatch(/^OK: .*countersignatures not checked/);
  expect((await counter(data, [], 'audit', 'verify', '--platform', 'aaaa-bbbb-cccc-dddd')).code).toBe(1);
});
