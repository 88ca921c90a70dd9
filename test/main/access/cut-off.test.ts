import { cpSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recoveryCodeId } from '../../../domain/recovery-code.ts';
import { decodeEscrowKit } from '../../../main/access/access-record.ts';
import { auditTypes } from '../running-counter.ts';
import { administrator, auditor, credentials, folder, formal, officers, opensByEscrow, security, start, stop } from './attended-counter.ts';

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
  expect(decodeEscrowKit(readFileSync(file))?.shares.map(({ id }) => id).toSorted()).toEqual([...officers.map(({ id }) => id), recoveryCodeId].toSorted());
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
