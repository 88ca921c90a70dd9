import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharingPaths } from '../../domain/contracts/sharing.ts';
import { bodyLimit } from '../../platform/http.ts';
import { never, sendHostile } from './hostile-requests.ts';
import { sendSlowly } from './slow-clients.ts';
import { enrolCounter, fullGrant, startPlatform, type TestCounter } from './test-counter.ts';

/** A small version of `npm run soak -- hostile`. */
describe('hostile requests', () => {
  let running: Awaited<ReturnType<typeof startPlatform>>;
  let counter: TestCounter;
  beforeAll(async () => {
    running = await startPlatform({ requestsPer10s: 1_000_000, abnormalRequests: never });
    counter = await enrolCounter(running.platform);
  });
  afterAll(() => running.remove());

  test('600 of them: no crash, no bug, no word of the program, nothing given; honest peers are served on', async () => {
    const { faults, sent, statuses } = await sendHostile(running.platform.url, counter, { count: 600, seed: 7 });
    expect(faults).toEqual([]);
    expect(Object.values(statuses).reduce((sum, count) => sum + count, 0)).toBe(sent);
    expect(running.logged.filter((line) => line.includes('"bug"'))).toEqual([]);
    const honest = await enrolCounter(running.platform);
    expect(await honest.call(sharingPaths.catalogue, {})).toMatchObject({ status: '0' });
  }, 180_000);
});

/** A small version of the second half of the same run. */
describe('slow clients', () => {
  let running: Awaited<ReturnType<typeof startPlatform>>;
  beforeAll(async () => {
    running = await startPlatform({ requestTimeoutMs: 1500, connections: 60 });
  });
  afterAll(() => running.remove());

  test('connections that send a byte at a time are ended, those beyond an address’s share at once; honest peers are served meanwhile', async () => {
    const counter = await enrolCounter(running.platform);
    const slow = sendSlowly(running.platform.url, { count: 100, everyMs: 100, ms: 60_000 });
    const { code } = await running.platform.mint(fullGrant());
    const { closed, said } = await slow;
    expect(closed).toBe(100);
    // What was ended in time was told so; what was refused a place was not.
    expect(said['HTTP/1.1 408 Request Timeout']).toBeGreaterThan(30);
    expect(said['HTTP/1.1 408 Request Timeout']).toBeLessThanOrEqual(60);
    expect((await counter.query(code)).verdict).toBe('valid');
    expect(running.logged.filter((line) => line.includes('"bug"'))).toEqual([]);
  });

  test('a body longer than allowed, or deeper than JSON needs to be, is refused without being kept', async () => {
    const send = async (body: string) => (await fetch(`${running.platform.url}${sharingPaths.search}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status;
    expect(await send(`{"a":"${'x'.repeat(bodyLimit)}"}`)).toBe(413);
    expect(await send(`${'['.repeat(2_000_000)}`)).toBe(400);
    expect(await send(`{"head":{"accountId":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`)).toBe(200);
  });
});
