import fc from 'fast-check';
import { maxClockUncertaintyMs } from '../../../domain/local-verification.ts';
import { createTrustedClock, type KeptTime } from '../../../main/time/trusted-clock.ts';

/** One thing that happens to a machine's clocks. */
export type ScheduleStep =
  | { readonly kind: 'wait'; readonly ms: number }
  /** The platform answers: its time, read somewhere within the round trip. */
  | { readonly kind: 'hear'; readonly roundTripMs: number }
  /** Somebody, or NTP, sets the wall clock. */
  | { readonly kind: 'set'; readonly byMs: number }
  /** Sleep: the monotonic clock stands still, the wall clock does not. */
  | { readonly kind: 'suspend'; readonly ms: number }
  /** Off and on again: the monotonic clock begins anew; the wall clock may be set back behind what was seen before. */
  | { readonly kind: 'restart'; readonly offMs: number; readonly setBackMs: number };

const dayMs = 86_400_000;

/** Any step, from seconds to days. */
export const stepArbitrary: fc.Arbitrary<ScheduleStep> = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), ms: fc.oneof(fc.integer({ min: 1, max: 600_000 }), fc.integer({ min: 1, max: 3 * dayMs })) }),
  fc.record({ kind: fc.constant('hear' as const), roundTripMs: fc.integer({ min: 0, max: 3000 }) }),
  fc.record({ kind: fc.constant('set' as const), byMs: fc.oneof(fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: -2 * dayMs, max: 2 * dayMs })) }),
  fc.record({ kind: fc.constant('suspend' as const), ms: fc.integer({ min: 1000, max: dayMs / 3 }) }),
  fc.record({ kind: fc.constant('restart' as const), offMs: fc.integer({ min: 5000, max: 3 * dayMs }), setBackMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 * dayMs })) }),
);

/** What came of a schedule: codes of every remaining life judged after each step, and how many expired ones passed as valid. */
export interface ScheduleCount {
  readonly judged: number;
  readonly greens: number;
  readonly falseGreens: number;
}

/**
 * Runs a schedule on a machine whose oscillator is off by `driftPpm` and judges codes with the rule of the local checks.
 * What no clock can see is left out, as it is said in docs/reliability.md: a wall clock and a stopped monotonic clock wrong
 * by the same amount at once, that is a wall clock set back while asleep or off to a moment after the last comparison.
 */
export function countFalseGreens(steps: readonly ScheduleStep[], driftPpm: number, manner: { readonly believesWall?: boolean } = {}): ScheduleCount {
  const world = { at: 1_790_000_000_000, mono: 1000, wallOffMs: 0 };
  const held: { kept: KeptTime | null } = { kept: null };
  const wall = (): number => world.at + world.wallOffMs;
  const start = () => createTrustedClock({ now: wall, monotonic: () => world.mono, kept: held.kept, keep: (time) => void (held.kept = time) });
  let clock = start();
  clock.observe(0, 0);
  const count = { judged: 0, greens: 0, falseGreens: 0 };
  let wasSet = false;
  for (const step of steps) {
    switch (step.kind) {
      case 'wait':
        pass(step.ms);
        break;
      case 'hear':
        pass(step.roundTripMs);
        clock.observe(world.at - step.roundTripMs / 2 - wall(), step.roundTripMs);
        wasSet = false;
        break;
      case 'set':
        world.wallOffMs += step.byMs;
        wasSet = true;
        break;
      case 'suspend':
        // See above: a wall clock that is already set wrong cannot witness the sleep.
        if (!wasSet) world.at += step.ms;
        break;
      case 'restart': {
        if (wasSet) break;
        world.at += step.offMs;
        world.mono = 5;
        if (step.setBackMs > 0 && held.kept !== null) {
          world.wallOffMs -= wall() - held.kept.wallAt + 10_000 + step.setBackMs;
          wasSet = true;
        }
        clock = start();
      }
    }
    judge();
  }
  return count;

  function pass(ms: number): void {
    world.at += ms;
    // The monotonic clock runs fast or slow by the drift; the wall clock is steered by the same oscillator.
    world.mono += ms / (1 + driftPpm * 1e-6);
    world.wallOffMs += ms / (1 + driftPpm * 1e-6) - ms;
  }
  function judge(): void {
    const { offsetMs, uncertaintyMs } = manner.believesWall === true ? { offsetMs: 0, uncertaintyMs: 0 } : clock.forChecks();
    const now = wall() + offsetMs;
    for (const lifeMs of [-dayMs, -600_000, -60_000, -5000, -1, 1000, 30_000, 200_000, 299_000]) {
      const expiresAt = world.at + lifeMs;
      const isValid = uncertaintyMs <= maxClockUncertaintyMs && now + uncertaintyMs < expiresAt;
      if (lifeMs > 0) count.judged += 1;
      if (isValid && lifeMs > 0) count.greens += 1;
      if (isValid && lifeMs <= 0) count.falseGreens += 1;
    }
  }
}
