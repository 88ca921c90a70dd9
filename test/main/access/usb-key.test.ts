import { execFile } from 'node:child_process';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { App } from '../../../main/app.ts';
import { eraseFile, writeDurably } from '../../../main/store/durable-file.ts';
import { chooseLibrary } from '../../../main/usb-key/library-choice.ts';
import { compileUsbKeyStub, stubPin } from '../../fakes/usb-key-stub.ts';
import { auditTypes } from '../running-counter.ts';
import { administrator, credentials, folder, officers, security, start, stop } from './attended-counter.ts';

const stub = compileUsbKeyStub();
afterEach(() => {
  stub.plug('first');
  stub.behave('');
  stub.tries(6);
});

const key = { kind: 'usb', pin: stubPin } as const;
const me = credentials(administrator);
const done = { ok: true, value: null };
const failure = (code: string, detail?: string) => ({ ok: false, failure: detail === undefined ? { code } : { code, detail } });

/** A counter whose system administrator has bound the first key, locked again. */
async function withUsbKey(): Promise<{ app: App; dataDir: string }> {
  const dataDir = folder();
  chooseLibrary({ dataDir, writeFile: writeDurably, eraseFile }, stub.library);
  const app = await start(dataDir);
  expect(app.access.hasUsbKeys()).toBe(true);
  expect(await app.access.setUp(officers)).toEqual(done);
  expect(await app.access.logIn(me)).toEqual(done);
  expect(await app.access.bindKey({ passphrase: administrator.passphrase, key })).toEqual(done);
  await app.access.lock('asked');
  return { app, dataDir };
}

describe('a USB key of one’s own', { timeout: 60_000 }, () => {
  test('is needed from then on, over a restart, a passphrase change and a new master key, until its owner lets go', async () => {
    const { app, dataDir } = await withUsbKey();
    expect(await app.access.logIn(me)).toEqual(failure('access/wrong'));
    expect(await app.access.logIn({ ...me, key })).toEqual(done);
    const newPassphrase = 'Harvest-copper-17';
    expect(await app.access.changePassphrase({ oldPassphrase: administrator.passphrase, newPassphrase })).toEqual(done);
    expect(await app.access.rotateKeys()).toEqual(done);
    await stop(app);
    const again = await start(dataDir);
    const now = { operatorId: administrator.id, passphrase: newPassphrase };
    expect(await again.access.logIn({ ...now, key: { kind: 'file', pin: stubPin, file: '{}' } })).toEqual(failure('access/wrong'));
    expect(await again.access.logIn({ ...now, key })).toEqual(done);
    expect(await again.access.bindKey({ passphrase: newPassphrase, key: null })).toEqual(done);
    await again.access.lock('asked');
    expect(await again.access.logIn(now)).toEqual(done);
  });

  test('another’s key does not open it, nor does the key without the passphrase', async () => {
    const { app } = await withUsbKey();
    stub.plug('second');
    expect(await app.access.logIn({ ...me, key })).toEqual(failure('key/not-yours'));
    stub.plug('first');
    expect(await app.access.logIn({ ...me, passphrase: 'not it', key })).toEqual(failure('access/wrong'));
    expect(await app.access.logIn({ ...me, key })).toEqual(done);
  });

  test('tells of a wrong PIN and counts it as a try; a key that cannot be asked is none', async () => {
    const { app } = await withUsbKey();
    const wrongPin = { ...me, key: { ...key, pin: '0000' } };
    expect(await app.access.logIn(wrongPin)).toEqual(failure('key/pin-wrong', '5'));
    stub.plug();
    for (let round = 0; round < 6; round += 1) expect(await app.access.logIn({ ...me, key })).toEqual(failure('key/absent'));
    stub.plug('first');
    stub.behave('crash');
    expect(await app.access.logIn({ ...me, key })).toEqual(failure('key/library-failed', 'crashed'));
    stub.behave('removed');
    expect(await app.access.logIn({ ...me, key })).toEqual(failure('key/removed'));
    stub.behave('');
    for (let tried = 1; tried < 4; tried += 1) expect(await app.access.logIn(wrongPin)).toEqual(failure('key/pin-wrong', String(6 - tried)));
    expect(await app.access.logIn(wrongPin)).toMatchObject(failure('access/locked-out'));
    const before = stub.calls().length;
    expect(await app.access.logIn({ ...me, key })).toMatchObject(failure('access/locked-out'));
    // A locked account uses up no tries of the key.
    expect(stub.calls()).toHaveLength(before);
  });

  test('whoever tries numbers hears nothing of who has one', async () => {
    const { app } = await withUsbKey();
    const others = [administrator.id, security.id, '99999'].map((operatorId) => ({ operatorId, passphrase: 'guess', key }));
    stub.plug();
    for (const other of others) expect(await app.access.logIn(other)).toEqual(failure('key/absent'));
    for (const { operatorId } of others) expect(await app.access.logIn({ operatorId, passphrase: 'guess' })).toEqual(failure('access/wrong'));
    stub.plug('second');
    for (const other of others) expect(await app.access.logIn(other)).toEqual(failure('key/not-yours'));
  });

  test('lost, its owner is let in again by the two others', async () => {
    const { app } = await withUsbKey();
    stub.plug();
    const two = officers.slice(1).map(credentials);
    expect(await app.access.resetAdministrator({ id: administrator.id, passphrase: 'Juniper-gravel-52', two })).toEqual(done);
    expect(await app.access.logIn({ ...me, passphrase: 'Juniper-gravel-52' })).toEqual(done);
  });

  test('pulled out it locks whoever logged in with it, and nobody else', async () => {
    const { app } = await withUsbKey();
    expect(await app.access.logIn(credentials(security))).toEqual(done);
    stub.plug();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(app.access.state()).toMatchObject({ state: 'open', operator: { id: security.id } });
    stub.plug('first');
    expect(await app.access.logIn({ ...me, key })).toEqual(done);
    stub.plug('second', 'first');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(app.access.state().state).toBe('open');
    stub.plug('second');
    await expect.poll(() => app.access.state(), { timeout: 10_000 }).toMatchObject({ state: 'locked', reason: 'key-removed', lastOperatorId: administrator.id });
    // The door is closed first, and then written down.
    await expect.poll(async () => {
      const lines = await app.store.lines({ beforeSeq: null, limit: 3 });
      return lines.ok && lines.value.map(({ line }) => line);
    }, { timeout: 10_000 }).toContainEqual(expect.stringContaining('"type":"access.locked","result":"key-removed"'));
    expect(app.access.signer()).toBeNull();
  });

  test('a key that is not taken says why, and nothing is bound', async () => {
    const { app } = await withUsbKey();
    expect(await app.access.logIn(credentials(security))).toEqual(done);
    const bind = () => app.access.bindKey({ passphrase: security.passphrase, key });
    stub.plug('first', 'second');
    expect(await bind()).toEqual(failure('key/unfit', 'several'));
    stub.plug();
    expect(await bind()).toEqual(failure('key/absent'));
    await app.access.lock('asked');
    expect(await app.access.logIn(credentials(security))).toEqual(done);
    expect((await auditTypes(app)).filter((type) => type === 'access.key').length).toBeGreaterThanOrEqual(3);
  });
});

test('counter usbkey: choose, list, bind, log in with it, release', { timeout: 120_000 }, async () => {
  const parent = folder();
  const dataDir = path.join(parent, 'counter');
  const app = await start(dataDir, { kdfCost: undefined as never });
  expect(await app.access.setUp(officers)).toEqual(done);
  await stop(app);
  const counter = (typed: readonly string[], ...args: string[]): Promise<string> =>
    new Promise((resolve) => {
      const child = execFile(process.execPath, [path.resolve(import.meta.dirname, '../../../main/cli.ts'), 'usbkey', ...args, '--data', parent], (_error, out, err) => resolve(out + err));
      child.stdin?.end(typed.map((line) => `${line}\n`).join(''));
    });
  expect(await counter([], 'use', stub.library)).toContain(stub.library);
  expect(await counter([], 'list')).toContain('Stub first  SN-1');
  expect(await counter([administrator.passphrase, '0000'], 'bind', administrator.id)).toContain('key/pin-wrong: 5');
  expect(await counter([administrator.passphrase, stubPin], 'bind', administrator.id)).toContain('needs this key');
  const again = await start(dataDir, { kdfCost: undefined as never });
  expect(await again.access.logIn(me)).toEqual(failure('access/wrong'));
  expect(await again.access.logIn({ ...me, key })).toEqual(done);
  await stop(again);
  expect(await counter([administrator.passphrase, stubPin], 'release', administrator.id)).toContain('without a key');
});
