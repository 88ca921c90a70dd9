import { expect, test } from 'vitest';
import { type AuditEntry, parseAuditLine } from '../../../domain/audit-entry.ts';
import { decodeUtf8 } from '../../../domain/crypto/utf8.ts';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { sm3 } from '../../../domain/crypto/sm3.ts';
import type { App } from '../../../main/app.ts';
import { startSignerThread } from '../../../main/access/signer-thread.ts';
import { anEntry } from '../store/opened-store.ts';
import { checkLog } from '../running-counter.ts';
import { administrator, credentials, folder, formal, security, start, stop } from './attended-counter.ts';

const clerk = { id: '10387', name: '周敏', role: 'operator', passphrase: 'Saffron-bridge-46' } as const;
const own = 'Meadow-lantern-52';

/** A counter at which the clerk is logged in with a passphrase of their own. */
async function withClerk(dataDir: string): Promise<App> {
  const app = await formal(dataDir);
  await app.access.logIn(credentials(security));
  expect(await app.access.add(clerk)).toMatchObject({ ok: true });
  await app.access.logIn(credentials(clerk));
  expect(await app.access.changePassphrase({ oldPassphrase: clerk.passphrase, newPassphrase: own })).toMatchObject({ ok: true });
  return app;
}

async function entries(app: App): Promise<readonly AuditEntry[]> {
  const lines = await app.store.lines({ beforeSeq: null, limit: 1000 });
  return lines.ok ? lines.value.map(({ line }) => parseAuditLine(line)).filter((entry) => entry !== null).toReversed() : [];
}
const keysOf = async (app: App, id: string) => (await entries(app)).filter(({ type, ref }) => type === 'access.signs' && ref === id).map(({ result }) => result);
const notice = { type: 'notice.given', result: 'screen', ref: 'scan-1' } as const;

test('a notice is signed by who gave it, over content that cannot be guessed, and the log holds', async () => {
  const app = await withClerk(folder());
  const done = await app.journal.record({ ...notice, detail: { to: 'holder' } });
  expect(done).toMatchObject({ ok: true });
  await app.journal.record({ type: 'settings.changed', result: 'x', ref: 'site' });
  const [signed, plain] = (await entries(app)).slice(-2);
  expect(signed).toMatchObject({ actor: clerk.id, type: 'notice.given', signature: expect.stringMatching(/^MEQ|^ME[UY]/) });
  expect(plain?.signature).toBeUndefined();
  const opened = done.ok ? await app.store.entry({ seq: done.value.seq }) : null;
  const body = opened?.ok === true ? (opened.value?.body ?? null) : null;
  expect(JSON.parse(decodeUtf8(body ?? new Uint8Array()) ?? '')).toMatchObject({ to: 'holder', salt: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(signed?.content).toBe(encodeHex(sm3(body ?? new Uint8Array())));
  expect((await checkLog(app)).at(-1)).toMatchObject({ report: { intact: true, persons: { signed: 4, checked: 4 } } });
});

test('a thread that does not start leaves nothing open behind the locked door', async () => {
  const dataDir = folder();
  await stop(await formal(dataDir));
  const app = await start(dataDir, { startSigner: () => Promise.reject(new Error('no thread')) });
  await expect(app.access.logIn(credentials(security))).rejects.toThrow('no thread');
  expect(app.access.state()).toMatchObject({ state: 'locked' });
  expect(await app.store.append({ entry: anEntry(), body: new Uint8Array(1), business: null })).toEqual({ ok: false, failure: { code: 'access/locked' } });
});

test('whoever was given a first passphrase has another key once they have one of their own, and keeps it', async () => {
  const dataDir = folder();
  const app = await withClerk(dataDir);
  const [first, renewed, ...more] = await keysOf(app, clerk.id);
  expect(more).toEqual([]);
  expect(renewed).not.toBe(first);
  expect(await app.access.changePassphrase({ oldPassphrase: own, newPassphrase: 'Harbour-violet-63' })).toMatchObject({ ok: true });
  await stop(app);
  const again = await start(dataDir);
  expect(await again.access.logIn({ operatorId: clerk.id, passphrase: 'Harbour-violet-63' })).toMatchObject({ ok: true });
  expect(await keysOf(again, clerk.id)).toEqual([first, renewed, renewed]);
  await again.access.logIn(credentials(administrator));
  expect(await keysOf(again, administrator.id)).not.toContain(renewed);
  expect((await checkLog(again)).at(-1)).toMatchObject({ report: { intact: true } });
});

test('nobody signs after the lock: what was begun before it is not written down under their name', async () => {
  const app = await withClerk(folder());
  const signer = app.access.signer();
  const recording = app.journal.record(notice);
  const locking = app.access.lock('asked');
  const recorded = await recording;
  await locking;
  expect(app.access.signer()).toBeNull();
  expect(await signer?.sign('later')).toBeNull();
  const last = (await entries(app)).filter(({ type }) => type === 'notice.given').at(-1);
  expect(recorded.ok).toBe(last !== undefined);
  expect(last === undefined || last.signature !== undefined || last.actor === '-').toBe(true);
});

test('the thread signs as its key does, and answers nothing once it was ended', async () => {
  const key = new Uint8Array(32).fill(7);
  const signer = await startSignerThread(key);
  const [one, two] = await Promise.all([signer.sign('a'), signer.sign('b')]);
  expect(one?.length).toBeGreaterThan(66);
  expect(two).not.toEqual(one);
  const pending = signer.sign('c');
  await signer.end();
  await pending;
  expect(await signer.sign('d')).toBeNull();
});
