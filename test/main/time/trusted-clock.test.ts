import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { learnDrift } from '../../../main/time/drift.ts';
import { type ClockEvent, createTrustedClock, type KeptTime } from '../../../main/time/trusted-clock.ts';
import { countFalseGreens, type ScheduleStep, stepArbitrary } from './clock-schedule.ts';

function made() {
  const time = { wall: 1_790_000_000_000, mono: 0 };
  const events: ClockEvent[] = [];
  const clock = createTrustedClock({ now: () => time.wall, monotonic: () => time.mono, onEvent: (event) => events.push(event) });
  const pass = (ms: number): void => {
    time.wall += ms;
    time.mono += ms;
  };
  return { time, clock, pass, events };
}

describe('trusted time', () => {
  test('is unproven until the platform was heard; then its uncertainty grows with time', () => {
    const { clock, pass } = made();
    expect(clock.state()).toMatchObject({ state: 'unproven', checkedAt: null });
    expect(clock.forChecks().uncertaintyMs).toBe(60_000);
    clock.observe(1200, 400);
    expect(clock.state()).toMatchObject({ state: 'synchronised', offsetMs: 1200, uncertaintyMs: 700 });
    expect(clock.forChecks()).toEqual({ offsetMs: 0, uncertaintyMs: 1900 });
    pass(86_400_000);
    expect(clock.state().uncertaintyMs).toBe(700 + 43_200);
  });

  test('is wrong beyond a minute, and then proves nothing', () => {
    const { clock } = made();
    clock.observe(60_000, 0);
    expect(clock.state().state).toBe('synchronised');
    clock.observe(-60_001, 0);
    expect(clock.state().state).toBe('wrong');
    expect(clock.forChecks().uncertaintyMs).toBeGreaterThan(60_000);
  });

  test('sees the wall clock jump, forward and back, and tells; back is not believed again before the platform is heard', () => {
    const { time, clock, events } = made();
    clock.observe(0, 0);
    time.wall += 600_000;
    expect(clock.state()).toMatchObject({ state: 'wrong', offsetMs: -600_000 });
    expect(events).toEqual([{ kind: 'jumped', byMs: 600_000 }]);
    time.wall -= 600_000;
    expect(clock.state().state).toBe('synchronised');
    time.wall -= 86_400_000;
    expect(clock.forChecks().uncertaintyMs).toBe(Number.MAX_SAFE_INTEGER);
    expect(events.at(-2)).toMatchObject({ kind: 'rolled-back' });
    time.wall += 86_400_000;
    expect(clock.forChecks().uncertaintyMs).toBe(Number.MAX_SAFE_INTEGER);
    clock.observe(0, 0);
    expect(clock.forChecks().uncertaintyMs).toBe(500);
  });

  test('learns the drift while it hears the platform: a day alone costs seconds, a week less than a minute', () => {
    const { time, clock } = made();
    const ppm = 78e-6;
    for (let minute = 0; minute < 240; minute++) {
      clock.observe(-(time.wall - 1_790_000_000_000) + time.mono * (1 + ppm), 40);
      time.mono += 60_000;
      time.wall += 60_000;
    }
    const [learnt, alone] = [clock.state().uncertaintyMs, 86_400_000];
    expect(learnt).toBeLessThan(1000);
    time.mono += alone;
    time.wall += alone;
    expect(clock.state().uncertaintyMs).toBeLessThan(10_000);
    expect(Math.abs(clock.state().offsetMs - time.mono * ppm)).toBeLessThan(clock.state().uncertaintyMs);
    time.mono += 6 * alone;
    time.wall += 6 * alone;
    expect(clock.state().uncertaintyMs).toBeLessThan(60_000);
  });

  test('assumes the worst drift from two comparisons close together, or from impossible ones', () => {
    const near = [{ serverAt: 0, mono: 0, errorMs: 10 }, { serverAt: 60_000, mono: 60_000, errorMs: 10 }];
    const impossible = [{ serverAt: 0, mono: 0, errorMs: 10 }, { serverAt: 7_200_000, mono: 3_600_000, errorMs: 10 }];
    for (const [first, last] of [near, impossible]) expect(learnDrift(first!, last!)).toEqual({ rate: 1, errorRate: 500e-6 });
  });

  test('goes on after a restart from what it kept, less sure by the time away; a clock set back meanwhile proves nothing', () => {
    const kept = { serverAt: 1_790_000_001_000, wallAt: 1_790_000_000_000, uncertaintyMs: 600, highWaterAt: 1_790_000_000_400, source: 'platform' as const };
    const after = (wall: number) => createTrustedClock({ now: () => wall, monotonic: () => 5, kept });
    expect(after(1_790_003_600_000).state()).toMatchObject({ state: 'synchronised', offsetMs: 1000, uncertaintyMs: 600 + 1800 });
    expect(after(1_790_000_000_000 - 86_400_000).forChecks().uncertaintyMs).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('what two people confirmed is never called the platform’s word, over a restart neither, until one is heard', () => {
    const kept: KeptTime[] = [];
    const deps = { now: () => 1_790_000_000_000, monotonic: () => 5, keep: (time: KeptTime) => void kept.push(time) };
    const clock = createTrustedClock(deps);
    clock.observe(-7_200_000, 100);
    expect(clock.state().state).toBe('wrong');
    clock.believeWall();
    expect(clock.state()).toMatchObject({ state: 'confirmed', offsetMs: 0, uncertaintyMs: 60_000 });
    const next = createTrustedClock({ ...deps, kept: kept.at(-1) ?? null });
    expect(next.state().state).toBe('confirmed');
    next.observe(20, 100);
    expect([next.state().state, kept.at(-1)?.source]).toEqual(['synchronised', 'platform']);
  });

  test('the latest that it may be is by the platform’s time with all that is uncertain', () => {
    let [wall, mono] = [1_790_000_000_000, 5];
    const clock = createTrustedClock({ now: () => wall, monotonic: () => mono });
    clock.observe(40_000, 100);
    expect(clock.latest()).toBe(wall + 40_000 + 550);
    // The wall clock is set back: it is no earlier for that.
    mono += 60_000;
    wall -= 3_600_000;
    expect(clock.latest()).toBeGreaterThanOrEqual(1_790_000_000_000 + 100_000 + 550);
  });

  test('what ended while the machine slept has ended, though the monotonic clock stood still', () => {
    let [wall, mono] = [1_790_000_000_000, 5];
    const clock = createTrustedClock({ now: () => wall, monotonic: () => mono });
    clock.observe(0, 0);
    mono += 1000;
    wall += 2 * 3_600_000;
    expect(clock.latest()).toBeGreaterThanOrEqual(wall);
    // Heard again, the platform says what time it is.
    clock.observe(-7_000_000, 0);
    expect(clock.latest()).toBe(wall - 7_000_000 + 500);
  });
});

// The full figure (10,000 schedules) is made by `npm run soak -- audit --only time`.
describe('over random schedules of drift, jumps, suspends, restarts and steps', () => {
  const schedules = (property: (steps: readonly ScheduleStep[], driftPpm: number) => void): void =>
    fc.assert(
      fc.property(fc.array(stepArbitrary, { minLength: 1, maxLength: 40 }), fc.integer({ min: -450, max: 450 }), (steps, driftPpm) => {
        property(steps, driftPpm);
      }),
      { numRuns: 300, endOnFailure: true },
    );

  test('no expired code is ever judged valid', () => {
    schedules((steps, driftPpm) => expect(countFalseGreens(steps, driftPpm).falseGreens).toBe(0));
  });

  test('a clock that simply believes the wall clock does judge expired codes valid on the same schedules', () => {
    let falseGreens = 0;
    schedules((steps, driftPpm) => {
      falseGreens += countFalseGreens(steps, driftPpm, { believesWall: true }).falseGreens;
    });
    expect(falseGreens).toBeGreaterThan(0);
  });

  test('most codes that are good are judged so while the platform is heard now and then', () => {
    const steps: ScheduleStep[] = Array.from({ length: 40 }, (_, index) => (index % 4 === 0 ? { kind: 'hear', roundTripMs: 80 } : { kind: 'wait', ms: 900_000 }));
    const { judged, greens } = countFalseGreens(steps, 78);
    expect(greens / judged).toBeGreaterThan(0.4);
  });
});
