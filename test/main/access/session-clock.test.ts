import { expect, test } from 'vitest';
import { createSessionClock, type SessionEnd } from '../../../main/access/session-clock.ts';

const minuteMs = 60_000;

/** A session of at most five idle minutes and twelve hours, with the clocks of the machine and its timers in hand; the one since boot goes on in a sleep. */
function world() {
  const time = { boot: 90_000_000, mono: 5000 };
  const ends: SessionEnd[] = [];
  let timer: { run: () => void; at: number } | null = null;
  const clock = createSessionClock({
    monotonic: () => time.mono,
    sinceBoot: () => time.boot,
    limits: () => ({ idleMs: 5 * minuteMs, absoluteMs: 12 * 60 * minuteMs }),
    onEnd: (why) => void ends.push(why),
    setTimer: (run, ms) => {
      const made = { run, at: time.mono + ms };
      timer = made;
      return { cancel: () => void (timer === made && (timer = null)) };
    },
  });
  /** Both clocks go on, and timers ring as they do: by the monotonic one. */
  const go = (ms: number): void => {
    const until = time.mono + ms;
    for (;;) {
      const next: { run: () => void; at: number } | null = timer;
      if (next === null || next.at > until) break;
      time.boot += next.at - time.mono;
      time.mono = next.at;
      timer = null;
      next.run();
    }
    time.boot += until - time.mono;
    time.mono = until;
  };
  return { clock, ends, time, go };
}

test('five minutes of nobody end it, a touch begins them again, twelve hours end it whatever comes', () => {
  const { clock, ends, go } = world();
  clock.start();
  go(4 * minuteMs);
  clock.touch();
  go(4 * minuteMs);
  expect([ends, clock.left()?.idleMs]).toEqual([[], minuteMs]);
  go(minuteMs);
  expect(ends).toEqual(['idle']);
  clock.start();
  for (let minute = 0; minute < 12 * 60; minute += 1) {
    go(minuteMs);
    clock.touch();
  }
  expect(ends).toEqual(['idle', 'session-end']);
});

test('a machine that slept longer than somebody may be idle is locked at the first touch, and soon without one', () => {
  const touched = world();
  touched.clock.start();
  touched.time.boot += 6 * minuteMs;
  touched.clock.touch();
  expect([touched.ends, touched.clock.left()]).toEqual([['idle'], null]);
  const untouched = world();
  untouched.clock.start();
  untouched.time.boot += 8 * 60 * minuteMs;
  untouched.go(10_000);
  expect(untouched.ends).toEqual(['idle']);
  const overNight = world();
  overNight.clock.start();
  overNight.time.boot += 13 * 60 * minuteMs;
  overNight.clock.touch();
  expect(overNight.ends).toEqual(['session-end']);
});

test('a short sleep counts as idle time; no clock that goes back prolongs anything', () => {
  const { clock, ends, go, time } = world();
  clock.start();
  time.boot += 2 * minuteMs;
  expect(clock.left()?.idleMs).toBe(3 * minuteMs);
  time.boot -= 60 * minuteMs;
  expect(clock.left()?.idleMs).toBe(3 * minuteMs);
  go(3 * minuteMs);
  expect(ends).toEqual(['idle']);
});

test('two counts of the same time that differ a little are not added up', () => {
  const { clock, ends, go, time } = world();
  clock.start();
  for (let second = 0; second < 290; second += 1) {
    time.boot += second % 2 === 0 ? 10 : -10;
    go(1000);
  }
  expect(ends).toEqual([]);
});
