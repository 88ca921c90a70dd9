import { describe, expect, test } from 'vitest';
import { createRateLimit } from '../../platform/rate-limit.ts';
import { createTestClock, startPlatform } from './test-counter.ts';

describe('the rate limit', () => {
  test('lets so many pass in a window and says how long to wait', () => {
    const clock = createTestClock();
    const limit = createRateLimit({ requests: 3, windowMs: 1000, now: clock.now });
    expect([1, 2, 3].map(() => limit.take('a'))).toEqual([0, 0, 0]);
    clock.advance(400);
    expect(limit.take('a')).toBe(600);
    expect(limit.take('b')).toBe(0);
    clock.advance(600);
    expect(limit.take('a')).toBe(0);
  });

  test('a clock set back does not lock anyone out', () => {
    const clock = createTestClock();
    const limit = createRateLimit({ requests: 1, windowMs: 1000, now: clock.now });
    limit.take('a');
    clock.advance(-3600_000);
    expect(limit.take('a')).toBe(0);
  });

  test('is answered with 429 and in words', async () => {
    const running = await startPlatform({ requestsPer10s: 2 });
    const ask = () => fetch(`${running.platform.url}/presenter/companies`);
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await refused.json()).toEqual({ error: { code: '90', message: '调用过于频繁，请稍后再试' } });
    running.clock.advance(10_000);
    expect((await ask()).status).toBe(200);
    await running.remove();
  });
});
