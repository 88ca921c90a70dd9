import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { App } from '../../main/app.ts';
import { firstSite } from '../../main/desk/site.ts';
import type { Platform } from '../../platform/app.ts';
import { logIn } from '../platform/test-counter.ts';
import { auditTypes, clientOf, firstCompany, type ListedCompany, mintCode, scanForWindow, startCounter, startPlatform } from './running-counter.ts';

const kiosk = { mode: 'kiosk' } as const;
const state = {} as { folder: string; clock: ReturnType<typeof createLateClock>; platform: Platform; company: ListedCompany; app: App; port: number };

/** The time of the machine, moved on as by waiting: both of its clocks agree. */
function createLateClock() {
  let late = 0;
  return { now: () => Date.now() + late, monotonic: () => performance.now() + late, wait: (ms: number) => void (late += ms) };
}

const start = (port = 0) => startPlatform({ dataDir: path.join(state.folder, 'platform'), port, now: state.clock.now });
const counter = (site: Parameters<typeof startCounter>[1] = {}) =>
  startCounter(state.platform, { dataDir: path.join(state.folder, 'counter'), ...state.clock, site: kiosk, healthEveryMs: 3600_000, ...site });

beforeEach(async () => {
  state.folder = mkdtempSync(path.join(tmpdir(), 'counter-offline-'));
  state.clock = createLateClock();
  state.platform = await start();
  state.port = Number(new URL(state.platform.url).port);
  state.company = await firstCompany(state.platform);
  state.app = await counter();
});
afterEach(async () => {
  await state.app.close();
  await state.platform.close();
  rmSync(state.folder, { recursive: true, force: true });
});

const mint = (oneTime = true) => mintCode(state.platform, state.company, { oneTime });
const goAway = () => state.platform.close();
const comeBack = async () => void (state.platform = await start(state.port));
const sync = () => state.app.offline.sync(true);
const records = async () => (await clientOf(state.app).record.list({ limit: 100 })).map(({ state: verdict, offline }) => [verdict, offline?.answer, offline?.cause]);

describe('a code while the platform cannot be reached', () => {
  test('is provisional where the site lets it, never verified, and handed in with the platform’s word written down', async () => {
    const code = await mint();
    await goAway();
    const verdict = await scanForWindow(state.app, code);
    expect(verdict).toMatchObject({ state: 'provisional', supportCode: null, subject: null, information: [], certificates: [], permissions: { read: false } });
    expect(Object.fromEntries(verdict.checks.map(({ id, outcome }) => [id, outcome]))).toMatchObject({ signature: 'passed', expiry: 'passed', online: 'not-made', 'one-time': 'not-made', data: 'not-made' });
    await state.app.offline.recount();
    expect(state.app.status.current().offline).toEqual({ waiting: 1, failure: null, setApart: 0, refused: 0, lastSyncAt: null });
    expect(await sync()).toMatchObject({ ok: false, failure: { code: 'remote/unreachable' } });
    await state.app.close();
    state.clock.wait(2 * 86_400_000);
    await comeBack();
    // By itself, as soon as it has asked whether the platform is there.
    state.app = await counter();
    expect(state.app.status.current().offline).toMatchObject({ waiting: 0, refused: 0, lastSyncAt: expect.any(Number) as number });
    expect(await records()).toEqual([['provisional', 'confirmed', null]]);
    expect((await auditTypes(state.app)).filter((type) => /offline|verdict/.test(type))).toEqual(['scan.verdict', 'offline.answered']);
    expect(await sync()).toEqual({ ok: true, value: 0 });
    expect(await state.app.audit.verify()).toMatchObject({ ok: true, value: { intact: true } });
  });

  test.each([
    ['a hall', {}, 'platform-down'],
    ['a hall that allows it', { whenOffline: 'provisional' as const }, 'provisional'],
    ['a kiosk that forbids it', { ...kiosk, whenOffline: 'refuse' as const }, 'platform-down'],
  ])('at %s', async (_name, site, expected) => {
    await state.app.close();
    state.app = await counter({ site: { ...firstSite, ...site } });
    const code = await mint();
    await goAway();
    expect((await scanForWindow(state.app, code)).state).toBe(expected);
    expect(await state.app.store.outboxWaiting({ afterSeq: 0, limit: 10 })).toMatchObject({ ok: true, value: { length: expected === 'provisional' ? 1 : 0 } });
  });

  test.each([[502, true], [503, true], [504, true], [500, false], [429, false]])('a gateway that answers %d', async (status, isSilence) => {
    const code = await mint();
    state.platform.faults.httpStatus = status;
    expect((await scanForWindow(state.app, code)).state).toBe(isSilence ? 'provisional' : 'platform-down');
    expect(state.app.status.current().platform.state).toBe(isSilence ? 'offline' : 'online');
    state.platform.faults.httpStatus = undefined;
    expect(await sync()).toEqual({ ok: true, value: isSilence ? 1 : 0 });
    expect(await records()).toEqual([isSilence ? ['provisional', 'confirmed', null] : ['platform-down', undefined, undefined]]);
  });

  test('a forged or ended code is refused offline as ever; an answer that says no is no silence', async () => {
    const [code, late] = [await mint(), await mint()];
    state.platform.faults.httpStatus = 500;
    expect((await scanForWindow(state.app, code)).state).toBe('platform-down');
    await goAway();
    expect((await scanForWindow(state.app, code.slice(0, -1) + (code.endsWith('0') ? '1' : '0'))).state).not.toBe('provisional');
    state.clock.wait(5 * 60_000);
    expect((await scanForWindow(state.app, late)).state).toBe('expired');
    expect(await state.app.store.outboxWaiting({ afterSeq: 0, limit: 10 })).toMatchObject({ value: [] });
  });
});

describe('handing in', () => {
  test('each refusal comes back with its reason, and stands in the status and in the records', async () => {
    const [used, withdrawn, good] = [await mint(), await mint(), await mint()];
    await goAway();
    for (const code of [used, withdrawn, good]) await scanForWindow(state.app, code);
    await comeBack();
    const other = await startCounter(state.platform);
    expect((await scanForWindow(other, used)).state).toBe('verified');
    await other.close();
    expect(await sync()).toEqual({ ok: true, value: 3 });
    expect((await records()).toReversed()).toEqual([
      ['provisional', 'usedElsewhere', 'used'],
      ['provisional', 'confirmed', null],
      ['provisional', 'confirmed', null],
    ]);
    expect(state.app.status.current().offline).toMatchObject({ waiting: 0, refused: 1 });
    state.clock.wait(8 * 86_400_000);
    await state.app.offline.recount();
    expect(state.app.status.current().offline.refused).toBe(0);
  });

  test('a grant that was taken back before the code was shown is refused as withdrawn', async () => {
    const code = await mint();
    const holder = await logIn(state.platform.url, state.company.id);
    const { grants } = (await (await holder.get('grants')).json()) as { grants: { id: string }[] };
    expect((await holder.post(`codes/${grants[0]?.id ?? ''}/withdraw`)).ok).toBe(true);
    await goAway();
    expect((await scanForWindow(state.app, code)).state).toBe('provisional');
    await comeBack();
    await sync();
    expect(await records()).toEqual([['provisional', 'expiredAtScan', 'withdrawn']]);
  });

  test('a query whose answer was lost, and the record of it, are one use of a one-time code', async () => {
    const code = await mint();
    state.platform.faults.dropAfterCommit = true;
    expect((await scanForWindow(state.app, code)).state).toBe('provisional');
    state.platform.faults.dropAfterCommit = undefined;
    await sync();
    expect(await records()).toEqual([['provisional', 'confirmed', null]]);
  });

  test('a code that is asked for online after all has nothing left to hand in', async () => {
    const code = await mint();
    await goAway();
    const first = await scanForWindow(state.app, code);
    await comeBack();
    expect((await clientOf(state.app).verdict.retry({ scanId: first.scanId })).state).toBe('verified');
    expect(await sync()).toEqual({ ok: true, value: 0 });
    expect((await auditTypes(state.app)).includes('offline.answered')).toBe(false);
  });

  test('waits over a restart, holds no code in clear, and an answer that was lost is asked for again', async () => {
    const codes = [await mint(), await mint()];
    await goAway();
    for (const code of codes) await scanForWindow(state.app, code);
    await state.app.close();
    const files = readdirSync(path.join(state.folder, 'counter'), { recursive: true, encoding: 'utf8' }).map((name) => path.join(state.folder, 'counter', name));
    const disk = files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'latin1')).join('');
    for (const code of codes) expect(disk.includes(code.slice(109))).toBe(false);
    await comeBack();
    state.platform.faults.dropAfterCommit = true;
    state.app = await counter({ waitsForReady: false });
    expect((await sync()).ok).toBe(false);
    expect(state.app.offline.state().waiting).toBe(2);
    state.platform.faults.dropAfterCommit = undefined;
    expect(await sync()).toEqual({ ok: true, value: 2 });
    expect(await records()).toEqual([['provisional', 'confirmed', null], ['provisional', 'confirmed', null]]);
  });

  test('a failure makes it wait longer and longer; by itself it asks nobody in between', async () => {
    const code = await mint();
    await goAway();
    await scanForWindow(state.app, code);
    expect((await sync()).ok).toBe(false);
    await comeBack();
    await state.app.link.refresh();
    expect(await state.app.offline.sync()).toEqual({ ok: true, value: 0 });
    expect(state.app.offline.state().waiting).toBe(1);
    expect(await sync()).toEqual({ ok: true, value: 1 });
  });

  test('a row that is damaged is set apart and kept; the others are handed in, and somebody hears of it', async () => {
    const codes = [await mint(), await mint(), await mint()];
    await goAway();
    for (const code of codes) await scanForWindow(state.app, code);
    await state.app.close();
    const db = new DatabaseSync(path.join(state.folder, 'counter/counter.db'));
    const [, bad] = db.prepare('SELECT audit_seq, body_ct FROM outbox ORDER BY 1').all() as { audit_seq: number; body_ct: Uint8Array }[];
    const damaged = Uint8Array.from(bad?.body_ct ?? []);
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    db.prepare('UPDATE outbox SET body_ct = ? WHERE audit_seq = ?').run(damaged, bad?.audit_seq ?? 0);
    db.close();
    await comeBack();
    state.app = await counter();
    expect(state.app.status.current().offline).toMatchObject({ waiting: 0, setApart: 1, refused: 0, failure: null });
    expect((await records()).map(([, answer, cause]) => [answer, cause])).toEqual([['confirmed', null], ['unreadable', 'damaged'], ['confirmed', null]]);
    expect((await auditTypes(state.app)).filter((type) => type.startsWith('offline.'))).toEqual(['offline.set-apart', 'offline.answered', 'offline.answered']);
    expect(await clientOf(state.app).offline.setApart()).toMatchObject([{ auditSeq: bad?.audit_seq, answer: 'unreadable', cause: 'damaged' }]);
    // Mended from elsewhere, it is handed in with the rest: nothing of it was deleted.
    await state.app.close();
    const again = new DatabaseSync(path.join(state.folder, 'counter/counter.db'));
    expect(again.prepare('SELECT body_ct FROM outbox WHERE audit_seq = ?').get(bad?.audit_seq ?? 0)?.['body_ct']).toEqual(damaged);
    again.prepare('UPDATE outbox SET body_ct = ? WHERE audit_seq = ?').run(bad?.body_ct ?? null, bad?.audit_seq ?? 0);
    again.close();
    state.app = await counter();
    expect(state.app.status.current().offline.setApart).toBe(1);
    await clientOf(state.app).offline.again();
    expect(state.app.status.current().offline).toMatchObject({ waiting: 0, setApart: 0 });
    expect((await records()).every(([, answer]) => answer === 'confirmed')).toBe(true);
    expect(await state.app.audit.verify()).toMatchObject({ ok: true, value: { intact: true } });
  });

  test('a platform that refuses everything sets nothing apart; the status says that it does', async () => {
    const code = await mint();
    await goAway();
    await scanForWindow(state.app, code);
    await comeBack();
    state.platform.faults.headStatus = '77';
    expect(await sync()).toMatchObject({ ok: false, failure: { code: 'remote/refused' } });
    expect(state.app.status.current().offline).toMatchObject({ waiting: 1, setApart: 0, failure: 'remote/refused' });
    state.platform.faults.headStatus = undefined;
    expect(await sync()).toEqual({ ok: true, value: 1 });
    expect(state.app.status.current().offline).toMatchObject({ waiting: 0, failure: null });
  });
});
