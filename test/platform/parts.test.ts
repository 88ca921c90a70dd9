import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evidencePaths } from '../../domain/contracts/evidence.ts';
import { sharingPaths } from '../../domain/contracts/sharing.ts';
import { enrolCounter, fullGrant, postEnvelope, purpose, startPlatform, type TestCounter } from './test-counter.ts';

type Running = Awaited<ReturnType<typeof startPlatform>>;

describe('the trusted service in a process of its own', () => {
  const held = {} as { trust: Running; rest: Running; counter: TestCounter; rival: TestCounter };
  beforeAll(async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'platform-parts-'));
    held.trust = await startPlatform({ dataDir, role: 'trust', abnormalRequests: { prompt: 4, cutOff: 6 } });
    const { now } = held.trust.clock;
    held.rest = await startPlatform({ dataDir, now, partUrls: { trust: held.trust.platform.url } });
    // Enrolled and registered where trust is, served where it is not.
    const { platform } = held.trust;
    const enrol = async () => enrolCounter({ url: platform.url, enrolmentCode: platform.enrolmentCode, now: () => now() });
    held.counter = await enrol();
    held.rival = await enrol();
  });
  afterAll(async () => {
    await held.trust.stop();
    await held.rest.remove();
  });
  const there = () => ({ url: held.rest.platform.url });

  test('admits a request once, with its token, and tells whose a holder token is', async () => {
    const { code } = await held.rest.platform.mint(fullGrant());
    const { trustedToken, verdict } = await held.counter.query(code, {}, there());
    expect(verdict).toBe('valid');
    const search = { trustedToken, ...purpose };
    expect(await held.counter.call(sharingPaths.search, search, there())).toMatchObject({ status: '0' });
    expect(await held.rival.call(sharingPaths.search, search, there())).toMatchObject({ status: '30' });
    expect(await held.counter.call(sharingPaths.search, search, { ...there(), appToken: 'f'.repeat(64) })).toMatchObject({ status: '14' });
    const replayed = held.counter.seal({}, { appToken: held.counter.appToken(), interfacePath: sharingPaths.catalogue });
    const send = async () => (await postEnvelope(`${there().url}${sharingPaths.catalogue}`, replayed, held.counter.keys.privateKey)).status;
    expect([await send(), await send()]).toEqual(['0', '23']);
  });

  test('counts what is abnormal over all of them: prompted, then cut off', async () => {
    const guess = async () => String((await held.rival.call(sharingPaths.search, { trustedToken: 'f'.repeat(64), ...purpose }, there())).message);
    const said: string[] = [];
    for (let n = 0; n < 7; n++) said.push(await guess());
    expect(said.filter((message) => message.includes('异常')).length).toBeGreaterThanOrEqual(2);
    expect(await held.rival.call(sharingPaths.catalogue, {}, there())).toMatchObject({ status: '91' });
    expect(await held.counter.call(sharingPaths.catalogue, {}, there())).toMatchObject({ status: '0' });
  });
});

describe('the code engine in a process of its own', () => {
  const held = {} as { engine: Running; rest: Running; counter: TestCounter };
  beforeAll(async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'platform-parts-'));
    held.engine = await startPlatform({ dataDir, role: 'engine' });
    held.rest = await startPlatform({ dataDir, now: held.engine.clock.now, partUrls: { engine: held.engine.platform.url } });
    held.counter = await enrolCounter(held.rest.platform);
  });
  afterAll(async () => {
    await held.engine.stop();
    await held.rest.remove();
  });

  test('makes codes and judges them; a one-time code is used once', async () => {
    const { code } = await held.rest.platform.mint(fullGrant({ oneTime: true }));
    expect((await held.counter.query(code)).verdict).toBe('valid');
    expect((await held.counter.query(code)).verdict).toBe('used');
  });

  test('answers nobody without the platform’s key, and nothing twice', async () => {
    const url = `${held.engine.platform.url}/internal/engine`;
    const post = (body: Uint8Array<ArrayBuffer>) => fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/octet-stream' } });
    expect((await post(new Uint8Array(9))).status).toBe(403);
    const sent: Uint8Array<ArrayBuffer>[] = [];
    const real = globalThis.fetch;
    globalThis.fetch = async (input, init) => {
      if (String(input).endsWith('/internal/engine')) sent.push(new Uint8Array(init?.body as Buffer));
      return real(input, init);
    };
    try {
      await held.rest.platform.mint(fullGrant());
    } finally {
      globalThis.fetch = real;
    }
    expect((await post(sent[0] ?? new Uint8Array())).status).toBe(403);
  });

  test('when it is silent nothing is given, and the request can be made again', async () => {
    const { code } = await held.rest.platform.mint(fullGrant());
    const { port } = new URL(held.engine.platform.url);
    await held.engine.stop();
    await expect(held.counter.query(code)).rejects.toThrow();
    expect(held.rest.logged.filter((line) => line.includes('"bug"'))).toEqual([]);
    held.engine = await startPlatform({ dataDir: held.rest.dataDir, now: held.rest.clock.now, role: 'engine', port: Number(port) });
    expect((await held.counter.query(code)).verdict).toBe('valid');
  });
});

test('the audit centre countersigns where it runs, and nowhere else', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'platform-parts-'));
  const served = async (role: 'audit' | 'trust' | 'all'): Promise<boolean> => {
    const running = await startPlatform({ dataDir, role });
    const { routes } = running.platform;
    await running.stop();
    return routes.some((route) => route.endsWith(evidencePaths.checkpoint));
  };
  expect([await served('audit'), await served('trust'), await served('all')]).toEqual([true, false, true]);
});
