import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharingPaths } from '../../domain/contracts/sharing.ts';
import { never, sendHostile } from './hostile-requests.ts';
import { enrolCounter, startPlatform, type TestCounter } from './test-counter.ts';

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
