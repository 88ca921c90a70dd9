import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { recoverDeviceKey } from '../../../main/recovery.ts';
import { doSlotJob } from '../../../main/access/slot-work.ts';
import { auditTypes, clientOf } from '../running-counter.ts';
import { administrator, auditor, credentials, folder, formal, security, start, stop } from './attended-counter.ts';

const done = { ok: true, value: null };
const lost = { id: auditor.id, passphrase: 'Juniper-gravel-52' };
const wrong = (nth: string) => ({ ok: false, failure: { code: 'access/wrong', detail: nth } });

/** The code of a set-up, as the window gets it. */
async function withCode(dataDir = folder()) {
  const app = await formal(dataDir);
  const code = await clientOf(app).access.recoveryCode();
  if (code === null) throw new Error('no code');
  return { app, dataDir, code, byCode: { operatorId: 'code', passphrase: code } };
}

test('is given once after the set-up of three, never after somebody logged in, and stands in no file', async () => {
  const { app, dataDir, code } = await withCode();
  expect(await clientOf(app).access.recoveryCode()).toBeNull();
  for (const name of ['counter.db', 'counter.db-wal', 'keys/escrow.json']) {
    const kept = readFileSync(join(dataDir, name), 'latin1');
    for (const form of [code, code.replaceAll('-', '')]) expect(kept).not.toContain(form);
  }
  const other = await formal(folder());
  await other.access.logIn(credentials(security));
  expect(other.access.takeRecoveryCode()).toBeNull();
  const trial = await start(folder(), { isTrial: true });
  await trial.access.setUp([{ ...auditor, role: 'supervisor' }]);
  expect(trial.access.takeRecoveryCode()).toBeNull();
});

test('with one administrator it brings back another’s passphrase, however it is typed; either alone brings back nothing', async () => {
  const { app, code, byCode } = await withCode();
  const reset = (...two: { operatorId: string; passphrase: string }[]) => app.access.resetAdministrator({ ...lost, two });
  expect(await reset(byCode, byCode)).toMatchObject({ failure: { code: 'access/two-needed', detail: 'same-person' } });
  expect(await reset(byCode)).toMatchObject({ failure: { code: 'access/two-needed' } });
  expect(await reset(byCode, { ...credentials(administrator), passphrase: 'not it' })).toEqual(wrong('2'));
  const last = code.at(-1) === '0' ? '1' : '0';
  expect(await reset({ ...byCode, passphrase: code.slice(0, -1) + last }, credentials(administrator))).toEqual(wrong('1'));
  expect(await reset({ ...byCode, passphrase: code.toLowerCase().replaceAll('-', ' ') }, credentials(administrator))).toEqual(done);
  expect(await app.access.logIn({ operatorId: lost.id, passphrase: lost.passphrase })).toEqual(done);
  expect((await auditTypes(app)).filter((type) => type === 'access.escrow-opened')).toHaveLength(2);
});

test('it confirms no clock, no shorter retention and no restore', async () => {
  const { app, byCode } = await withCode();
  expect(await app.access.confirmTwo([byCode, credentials(administrator)], 'clock')).toEqual({ ok: false, failure: { code: 'access/two-needed', detail: 'code' } });
  expect(await app.access.confirmTwo([credentials(security), credentials(administrator)], 'clock')).toEqual(done);
});

test('with one administrator it brings the machine’s key back', async () => {
  const { app, dataDir, byCode } = await withCode();
  await stop(app);
  const file = join(dataDir, 'keys/device.key');
  const before = readFileSync(file);
  rmSync(file);
  const deps = { dataDir, random: systemRandom, slots: { do: (job: Parameters<typeof doSlotJob>[0]) => doSlotJob(job) as never }, cost: { memoryKiB: 64, passes: 1, lanes: 1 } };
  expect(await recoverDeviceKey(deps, [byCode, byCode])).toMatchObject({ failure: { code: 'access/two-needed' } });
  expect(await recoverDeviceKey(deps, [byCode, credentials(security)])).toEqual(done);
  expect(readFileSync(file)).toEqual(before);
});

test('two administrators renew it: the one before opens nothing any more, and it outlives a new master key', async () => {
  const { app, byCode } = await withCode();
  await app.access.logIn(credentials(security));
  expect(await app.access.renewRecoveryCode([byCode, credentials(security)])).toMatchObject({ failure: { code: 'access/two-needed', detail: 'code' } });
  const renewed = await app.access.renewRecoveryCode([credentials(security), credentials(administrator)]);
  if (!renewed.ok) throw new Error(renewed.failure.code);
  expect(await app.access.rotateKeys()).toEqual(done);
  expect(await app.access.resetAdministrator({ ...lost, two: [byCode, credentials(administrator)] })).toEqual(wrong('1'));
  expect(await app.access.resetAdministrator({ ...lost, two: [{ operatorId: 'code', passphrase: renewed.value }, credentials(administrator)] })).toEqual(done);
  expect(await app.access.logIn({ operatorId: lost.id, passphrase: lost.passphrase })).toEqual(done);
});

test('guesses at it are counted like an administrator’s, and nobody is taken on under its number', async () => {
  const { app, byCode } = await withCode();
  const other = (await withCode()).byCode;
  const two = [other, credentials(administrator)];
  for (let tries = 0; tries < 5; tries += 1) expect((await app.access.resetAdministrator({ ...lost, two })).ok).toBe(false);
  expect(await app.access.resetAdministrator({ ...lost, two: [byCode, credentials(administrator)] })).toMatchObject({ failure: { code: 'access/locked-out' } });
  await app.access.logIn(credentials(security));
  expect(await app.access.add({ id: 'Code', name: '周敏', role: 'operator', passphrase: 'Saffron-bridge-46' })).toMatchObject({ failure: { code: 'access/people-unfit', detail: 'id-taken' } });
});
