import { describe, expect, test } from 'vitest';
import { sharingPaths } from '../../domain/contracts/sharing.ts';
import { createMetrics, latencyBounds, printPrometheus, quantile } from '../../platform/operations/metrics.ts';
import { printDashboard } from '../../platform/operations/dashboard.ts';
import { nameOrigin } from '../../platform/operations/request-origin.ts';
import { enrolCounter, fullGrant, organisation, postEnvelope, postJson, purpose, startPlatform } from './test-counter.ts';
import { usePlatform } from './running-platform.ts';
import { readPrometheus } from './prometheus-text.ts';

describe('abnormal request behaviour (C 0300-2021 7.2)', () => {
  const { counter, running } = usePlatform();

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

  test('a stranger cannot cut a peer off: what the peer has not signed counts against where it came from', async () => {
    const fresh = await startPlatform({ abnormalRequests: { prompt: 3, cutOff: 6 } });
    const peer = await enrolCounter(fresh.platform);
    const strict = await enrolCounter(fresh.platform, organisation, { mode: 'strict' });
    const url = `${fresh.platform.url}${sharingPaths.catalogue}`;
    const captured = peer.seal({}, { appToken: peer.appToken() });
    await postEnvelope(url, captured, peer.keys.privateKey);
    const forged = { ...captured, head: { ...captured.head, sign: '0'.repeat(128) } };
    const unsigned = peer.seal({}, { appToken: 'f'.repeat(64), sign: null });
    const late = peer.seal({}, { sign: peer.signer(undefined, fresh.clock.now() - 3600_000) });
    const misdirected = peer.seal({}, { interfacePath: sharingPaths.search });
    const foreign = strict.seal({}, { appToken: 'f'.repeat(64), sign: null });
    const nobody = { ...captured, head: { ...captured.head, accountId: 'counter-000000000000' } };
    const statuses: string[] = [];
    for (let round = 0; round < 8; round++)
      for (const envelope of [forged, captured, unsigned, late, misdirected, foreign, nobody]) {
        const reply = (await (await postJson(url, envelope)).json()) as { head: { status: string } };
        statuses.push(reply.head.status);
      }
    expect(statuses.slice(0, 7)).toEqual(['17', '23', '18', '19', '24', '14', '11']);
    expect(new Set(statuses.slice(-7))).toEqual(new Set(['91']));
    // From the very address that is cut off the peer goes on, and unprompted; what is not signed does not.
    expect(await peer.call(sharingPaths.catalogue, {})).toMatchObject({ status: '0', message: '接口调用成功' });
    expect(await strict.call(sharingPaths.catalogue, {}, { sign: null, appToken: null })).toMatchObject({ status: '91' });
    fresh.clock.advance(15 * 60_000);
    expect(await strict.call(sharingPaths.catalogue, {}, { sign: null, appToken: null })).toMatchObject({ status: '0' });
    await fresh.remove();
  });

  test('a stranger cannot use up what a peer may ask: only signed requests count against its rate', async () => {
    const fresh = await startPlatform({ requestsPer10s: 40, trustedProxies: ['127.0.0.1'] });
    const peer = await enrolCounter(fresh.platform);
    const forged = JSON.stringify({ head: { accountId: peer.profile.accountId, timestamp: '1', nonce: '0'.repeat(32), sign: '0'.repeat(128) }, encryptData: '' });
    const send = (from: string) =>
      fetch(`${fresh.platform.url}${sharingPaths.catalogue}`, { method: 'POST', body: forged, headers: { 'content-type': 'application/json', 'x-forwarded-for': from } });
    for (let n = 0; n < 44; n++) await send(`203.0.113.${n}`);
    expect(await peer.call(sharingPaths.catalogue, {})).toMatchObject({ status: '0' });
    const floods = [];
    for (let n = 0; n < 45; n++) floods.push((await send('198.51.100.7')).status);
    expect(floods).toContain(429);
    expect(await peer.call(sharingPaths.catalogue, {})).toMatchObject({ status: '0' });
    await fresh.remove();
  });

  test.each([
    ['::ffff:192.0.2.7', 'address 192.0.2.7'],
    ['192.0.2.7', 'address 192.0.2.7'],
    ['2001:DB8:0:12::9', 'address 2001:db8:0:12::/64'],
    ['2001:db8:0:12:ffff:1:2:3', 'address 2001:db8:0:12::/64'],
    ['::1', 'address 0:0:0:0::/64'],
    ['fe80::1%eth0', 'address fe80:0:0:0::/64'],
  ])('%s is counted as %s', (ip, name) => expect(nameOrigin(ip)).toBe(name));

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
    expect(readPrometheus(text).get('counter_platform_request_seconds')?.samples.length).toBeGreaterThan(12);
    const page = await get('/ops');
    expect(page.text).toContain('平台运行');
    expect(page.text).not.toMatch(/<script>|style=/);
    for (const secret of [organisation.name, counter.profile.accountId, purpose.operator]) expect(page.text + text).not.toContain(secret);
  });
});

describe('the counts', () => {
  test('a query that waits for the holder is an outcome of its own, neither passed nor refused', async () => {
    const metrics = createMetrics(() => 0);
    metrics.call({ path: '/eis/enterprise/query', status: '0', verdict: 'secondAuthentication' });
    metrics.call({ path: '/trust/code/verify', status: '45' });
    metrics.call({ path: '/eis/enterprise/query', status: '0', verdict: 'expired' });
    metrics.call({ path: '/eis/enterprise/query', status: '0', verdict: 'valid' });
    expect(metrics.read().minutes.at(-1)).toEqual({ requests: 0, refused: 1, waiting: 2 });
    const page = printDashboard(metrics.read(), 0, '');
    expect(page).toContain('<b>2</b><span>等待本人确认</span>');
    expect(page).toContain('<b>1</b><span>其中未通过</span>');
    expect(page).toMatch(/<th>等待本人确认<\/th><td class="bar"><svg[^>]*><rect class="wait"/);
  });

  test('the text for Prometheus says each series once, escapes labels, and its histograms add up', () => {
    const metrics = createMetrics(() => 0);
    for (const name of ['a"b', 'c\\d', 'e\nf']) metrics.province({ name, answered: name !== 'c\\d', ms: 3 });
    for (const ms of [0, 5, 5.1, 9000]) metrics.request({ route: '/x', status: 200, ms });
    const families = readPrometheus(printPrometheus(metrics.read()));
    expect(families.get('counter_platform_provinces_total')?.samples.map(({ labels }) => labels['province'])).toEqual(['a"b', 'a"b', 'c\\d', 'c\\d', 'e\nf', 'e\nf']);
    expect(families.get('counter_platform_request_seconds')?.samples.filter(({ labels }) => labels['le'] === '0.005' || labels['le'] === '+Inf').map(({ value }) => value)).toEqual([2, 4]);
    for (const broken of ['a 1\na 1\n', '# TYPE a counter\nb 1\n', 'a{b="c} 1\n', 'a{b="c"} x\n', 'a 1']) expect(() => readPrometheus(broken)).toThrow();
  });

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
