import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharingPaths } from '../../domain/contracts/sharing.ts';
import { createMetrics, latencyBounds, printPrometheus, quantile } from '../../platform/operations/metrics.ts';
import { enrolCounter, fullGrant, organisation, purpose, startPlatform, type TestCounter } from './test-counter.ts';

describe('abnormal request behaviour (C 0300-2021 7.2)', () => {
  let running: Awaited<ReturnType<typeof startPlatform>>;
  let counter: TestCounter;
  beforeAll(async () => {
    running = await startPlatform();
    counter = await enrolCounter(running.platform);
  });
  afterAll(() => running.remove());

  const guess = () => counter.call(sharingPaths.search, { trustedToken: 'f'.repeat(64), ...purpose });
  const guessOften = async (times: number) => (await Promise.all(Array.from({ length: times }, guess))).map(({ message }) => String(message));

  test('is prompted first, then cut off for a quarter of an hour; nobody else is', async () => {
    const first = await guessOften(29);
    expect(new Set(first)).toEqual(new Set(['持证主体可信令牌无效或已过期']));
    const prompted = await guessOften(31);
    expect(new Set(prompted)).toEqual(new Set(['持证主体可信令牌无效或已过期（近期请求行为异常，继续将切断服务）']));
    expect(await guess()).toMatchObject({ status: '91', payload: undefined });
    expect(await counter.call(sharingPaths.catalogue, {})).toMatchObject({ status: '91' });
    const honest = await enrolCounter(running.platform, organisation);
    expect(await honest.call(sharingPaths.catalogue, {})).toMatchObject({ status: '0' });
    running.clock.advance(15 * 60_000);
    expect(await counter.call(sharingPaths.catalogue, {})).toMatchObject({ status: '0', message: '接口调用成功' });
  });

  test('what goes wrong at an honest window stays far below: expired codes, waiting, missing fields', async () => {
    const honest = await enrolCounter(running.platform, organisation);
    const { code } = await running.platform.mint(fullGrant({ oneTime: true }));
    for (let round = 0; round < 40; round++) await honest.query(code);
    expect(await honest.call(sharingPaths.catalogue, {})).toMatchObject({ status: '0', message: '接口调用成功' });
  });

  test('a peer that asks too often is told so, whatever its address', async () => {
    const fresh = await startPlatform({ requestsPer10s: 12 });
    const busy = await enrolCounter(fresh.platform);
    const statuses = await Promise.all(Array.from({ length: 20 }, () => busy.call(sharingPaths.catalogue, {}).then(({ httpStatus }) => httpStatus)));
    expect(statuses).toContain(429);
    fresh.clock.advance(10_000);
    expect(await busy.call(sharingPaths.catalogue, {})).toMatchObject({ status: '0' });
    await fresh.remove();
  });

  test('health, metrics and the operations page', async () => {
    const get = async (path: string) => {
      const response = await fetch(`${running.platform.url}${path}`);
      return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
    };
    expect(await get('/health')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
    const { text, type } = await get('/metrics');
    expect(type).toContain('version=0.0.4');
    expect(text).toContain('counter_platform_calls_total{path="/cert/search",status="30"} 60');
    expect(text).toContain('counter_platform_abnormal_total{what="cut-off"} 1');
    expect(text).toMatch(/counter_platform_verdicts_total\{verdict="used"\} 39/);
    for (const line of text.trim().split('\n')) expect(line).toMatch(/^# (HELP|TYPE) [a-z_]+ .+$|^[a-z_]+\{[^{}]*\} [0-9.e+-]+$/);
    const page = await get('/ops');
    expect(page.text).toContain('平台运行');
    expect(page.text).not.toMatch(/<script|style=/);
    for (const secret of [organisation.name, counter.profile.accountId, purpose.operator]) expect(page.text + text).not.toContain(secret);
  });
});

describe('the counts', () => {
  test('latencies fall into their buckets, and names do not grow without end', () => {
    const metrics = createMetrics(() => 0);
    for (let n = 0; n < 100; n++) metrics.request({ route: '/a', status: 200, ms: n < 99 ? 8 : 700 });
    const figures = metrics.read().routes.get('/a');
    if (figures === undefined) throw new Error('no figures');
    expect([quantile(figures, 0.5), quantile(figures, 0.99), quantile(figures, 1)]).toEqual([10, 10, 1000]);
    expect(figures.buckets.at(-1)).toBe(100);
    expect(figures.buckets).toHaveLength(latencyBounds.length);
    for (let n = 0; n < 1000; n++) metrics.matter(`matter "${n}"\n`);
    expect(metrics.read().matters.size).toBe(201);
    expect(printPrometheus(metrics.read()).split('\n')).toHaveLength(2 * 6 + 1 + 10 + 3 + 1);
  });
});
