import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Access } from '../../domain/contracts/access.ts';
import { createSocketConnect } from '../../renderer/connection/connect.ts';
import { initialCounterState, reduceCounter } from '../../renderer/counter/counter-state.ts';
import { type CounterStore, createCounterStore } from '../../renderer/counter/counter-store.ts';
import { createCounterBackend } from '../fakes/counter-backend.ts';
import { serveWindow } from '../fakes/window-server.ts';

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

async function startStore(token?: string, withCase = true, access: Partial<Access> = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'counter-window-'));
  writeFileSync(path.join(folder, 'index.html'), '');
  const backend = createCounterBackend({ now: () => Date.now(), certificatePdf: new Uint8Array(8), withCase, access });
  const server = await serveWindow(folder, backend);
  const url = server.origin.replace('http', 'ws');
  const store = createCounterStore({
    connect: createSocketConnect(`${url}/rpc`, token ?? server.url.split('#t=')[1] ?? '', () => fetch(server.origin, { method: 'HEAD' }).then(({ ok }) => ok, () => false)),
    now: () => Date.now(),
    wait: () => new Promise((resolve) => setTimeout(resolve, 20)),
  });
  cleanup.push(server.close, store.stop);
  store.start();
  return { store, backend, server };
}

const until = async (store: CounterStore, holds: (state: ReturnType<CounterStore['read']>) => boolean): Promise<void> => {
  if (holds(store.read())) return;
  await new Promise<void>((resolve) => {
    const stop = store.subscribe(() => {
      if (!holds(store.read())) return;
      stop();
      resolve();
    });
  });
};

test.each([['administrator', false], ['security', false], ['auditor', true], ['operator', true]] as const)('the window of the %s asks for records: %s', async (role, asks) => {
  const { store } = await startStore(undefined, true, { state: 'open', operator: { id: '1', name: '甲', role } });
  await until(store, (state) => state.session?.operator.role === role && state.lastEntry !== null);
  expect(store.read().recent.length > 0).toBe(asks);
});

test('a scan at the host becomes a verdict in the window', async () => {
  const { store, backend } = await startStore();
  await until(store, (state) => state.status !== null && state.recent.length > 0);
  expect(store.read().session?.site.window).toBe('12 号窗口');
  await backend.scan('expired');
  await until(store, (state) => state.scan.phase === 'verdict');
  expect(store.read().scan).toMatchObject({ verdict: { state: 'expired', supportCode: 'E-EXP-01' } });
});

test('a case opened by the counter itself, after the window, appears without a reload', async () => {
  const { store } = await startStore(undefined, false);
  await until(store, (state) => state.connection === 'open' && state.status !== null);
  expect(store.read().openCase).toBe(null);
  // Opened past the store, as the host opens the first case.
  expect(await store.call((client) => client.case.open({ itemCode: '310115-0127', useFor: '核验营业执照' }))).toMatchObject({ ok: true });
  await until(store, (state) => state.openCase !== null && state.matters.length > 0);
  expect(store.read().openCase?.itemCode).toBe('310115-0127');
});

test('a declared failure arrives as its code, an unknown one as a bug', async () => {
  const { store, backend } = await startStore();
  await until(store, (state) => state.connection === 'open');
  backend.failNext('case/not-open');
  expect(await store.call((client) => client.case.next())).toEqual({ ok: false, code: 'case/not-open', detail: null });
  expect(await store.call((client) => client.case.open({ itemCode: '', useFor: 'x' }))).toMatchObject({ ok: false, code: 'internal/bug' });
});

test('a dropped connection is said, calls meanwhile fail at once, and the window comes back by itself', async () => {
  const { store, backend, server } = await startStore();
  await until(store, (state) => state.connection === 'open');
  const seen: string[] = [];
  store.subscribe(() => seen.push(store.read().connection));
  server.dropConnections();
  await until(store, (state) => state.connection === 'lost');
  expect(await store.call((client) => client.case.next())).toMatchObject({ ok: false, code: 'window/disconnected' });
  await until(store, (state) => state.connection === 'open');
  await until(store, (state) => state.status !== null);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await backend.scan('verified');
  await until(store, (state) => state.scan.phase === 'verdict');
  expect(seen).toContain('lost');
});

test('a token of an earlier start is not accepted, never becomes a connection, and nothing stays on the screen', async () => {
  const { store } = await startStore('another-token-0123456789');
  await until(store, (state) => state.connection === 'not-accepted');
  expect(store.read().session).toBeNull();
  const shown = { ...store.read(), scan: { phase: 'unreadable', code: 'scan/torn', device: 's', count: 1 } as const, problem: 'scan/torn' as const };
  expect(reduceCounter(shown, { type: 'connection', state: 'not-accepted' })).toEqual({ ...initialCounterState, connection: 'not-accepted' });
  expect(reduceCounter(shown, { type: 'connection', state: 'lost' }).scan).toEqual(shown.scan);
});

test('a host that is gone is not taken for one that refuses', async () => {
  const { store, server } = await startStore();
  await until(store, (state) => state.connection === 'open');
  await server.close();
  await until(store, (state) => state.connection === 'lost');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(store.read().connection).toBe('lost');
});
