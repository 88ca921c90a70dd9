import { type Drift, learnDrift, type TimeSample, worstDrift } from './drift.ts';

/** What is known of this machine's clock: `offsetMs` is the platform's time minus ours; `confirmed` is the word of two people and no platform's. */
export interface TrustedState {
  readonly state: 'synchronised' | 'confirmed' | 'unproven' | 'wrong';
  readonly offsetMs: number;
  readonly uncertaintyMs: number;
  readonly checkedAt: number | null;
}

/** What is kept over a restart: the last comparison as our wall clock saw it, and the latest time ever reckoned with. */
export interface KeptTime {
  readonly serverAt: number;
  readonly wallAt: number;
  readonly uncertaintyMs: number;
  readonly highWaterAt: number;
  /** Whose time it is: a platform's, or two people's who took the wall clock for right. */
  readonly source: TimeSource;
}

/** Who said what time it is. */
export type TimeSource = 'platform' | 'people';

/** What an auditor should know of: the wall clock left the monotonic one, or went behind a time already reckoned with. */
export interface ClockEvent {
  readonly kind: 'jumped' | 'rolled-back';
  readonly byMs: number;
}

/** Trusted time: the platform's, carried on by the monotonic clock, with an honest and growing uncertainty. */
export interface TrustedClock {
  state(): TrustedState;
  /**
   * What checks reckon with. The offset stays 0, for a platform cannot be told from a wrong one; the uncertainty covers our
   * wall clock and the carried-on time alike, so that a code is called unexpired only when it is by both.
   */
  forChecks(): { readonly offsetMs: number; readonly uncertaintyMs: number };
  /** The latest time that it may be, epoch ms: what ends by then has ended. */
  latest(): number;
  /** One comparison: the platform's time minus ours, and how long the round trip took, ms. */
  observe(offsetMs: number, roundTripMs: number): void;
  /** Whether a platform was heard since the start and nobody overruled it: what was kept, or is believed, is no proof. */
  isHeard(): boolean;
  /** Two administrators say that the wall clock is right, to within a minute: what went back before counts no more. */
  believeWall(): void;
}

/** What the clock needs; `kept` is from the last run. */
export interface TrustedClockDeps {
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly kept?: KeptTime | null;
  readonly keep?: (time: KeptTime) => void;
  readonly onEvent?: (event: ClockEvent) => void;
}

const wrongBeyondMs = 60_000;
const baseUncertaintyMs = 500;
const jumpMs = 2000;
const keepEveryMs = 60_000;
// So far the offset may move before it is kept again.
const unkeptMs = 50;

// Before the platform was heard the wall clock is taken to within a minute: a code near its end is left to the platform.
const unproven: TrustedState = { state: 'unproven', offsetMs: 0, uncertaintyMs: wrongBeyondMs, checkedAt: null };

// So far a clock that two people set by their watches may be off.
const believedErrorMs = 60_000;

/** Creates the clock. */
export function createTrustedClock(deps: TrustedClockDeps): TrustedClock {
  let first: (TimeSample & { readonly wallAt: number }) | null = null;
  let carried: Carried | null = resume(deps);
  let highWaterAt = deps.kept?.highWaterAt ?? 0;
  let [isRolledBack, isHeard] = [false, false];
  // How far the wall clock was ever seen ahead of the carried time: it may have been a sleep that only it noticed.
  let aheadMs = 0;
  let lastOffsetMs: number | null = null;
  let lastKept = { mono: Number.NEGATIVE_INFINITY, offsetMs: 0 };

  const reckon = (): TrustedState => {
    if (carried === null) return unproven;
    const wall = deps.now();
    const { at, wallSays, uncertaintyMs } = carryOn(carried, { mono: deps.monotonic(), wall });
    const offsetMs = Math.round(at - wall);
    if (wallSays < highWaterAt - uncertaintyMs - jumpMs && !isRolledBack) {
      isRolledBack = true;
      deps.onEvent?.({ kind: 'rolled-back', byMs: Math.round(highWaterAt - wallSays) });
    }
    // Known before anybody is told: whoever writes it down asks what time it is.
    const jumpedByMs = (lastOffsetMs ?? offsetMs) - offsetMs;
    lastOffsetMs = offsetMs;
    if (Math.abs(jumpedByMs) > jumpMs + uncertaintyMs) deps.onEvent?.({ kind: 'jumped', byMs: jumpedByMs });
    aheadMs = Math.max(aheadMs, wallSays - at);
    highWaterAt = Math.max(highWaterAt, at - uncertaintyMs);
    const isWrong = isRolledBack || Math.abs(offsetMs) > wrongBeyondMs;
    const right = carried.source === 'people' ? 'confirmed' : 'synchronised';
    return { state: isWrong ? 'wrong' : right, offsetMs, uncertaintyMs: Math.round(uncertaintyMs), checkedAt: carried.wallAt };
  };
  return {
    state: reckon,
    forChecks: () => {
      const { offsetMs, uncertaintyMs } = reckon();
      // Nothing is proven by a clock that went back until the platform is heard again.
      return { offsetMs: 0, uncertaintyMs: isRolledBack ? Number.MAX_SAFE_INTEGER : Math.max(Math.abs(offsetMs), offsetMs + aheadMs) + uncertaintyMs };
    },
    latest: () => latestBy(reckon(), deps.now(), aheadMs),
    isHeard: () => isHeard,
    observe: (offsetMs, roundTripMs) => {
      const [wallAt, mono] = [deps.now(), deps.monotonic()];
      const errorMs = roundTripMs / 2 + baseUncertaintyMs;
      const sample = { serverAt: wallAt + offsetMs, mono, errorMs, wallAt };
      // A clock that jumped or slept in between says nothing about how fast it runs.
      if (first === null || isBroken(first, sample)) first = sample;
      carried = { ...sample, drift: learnDrift(first, sample), source: 'platform' };
      [isRolledBack, isHeard] = [false, true];
      [aheadMs, lastOffsetMs] = [0, Math.round(offsetMs)];
      // The platform's word replaces what was reckoned: a server that was wrong before must not hold us in its future.
      highWaterAt = sample.serverAt - errorMs;
      if (mono - lastKept.mono < keepEveryMs && Math.abs(offsetMs - lastKept.offsetMs) <= unkeptMs) return;
      lastKept = { mono, offsetMs };
      deps.keep?.({ serverAt: sample.serverAt, wallAt, uncertaintyMs: errorMs + unkeptMs, highWaterAt, source: 'platform' });
    },
    believeWall: () => {
      const [wallAt, mono] = [deps.now(), deps.monotonic()];
      first = null;
      carried = { serverAt: wallAt, mono, errorMs: believedErrorMs, wallAt, drift: worstDrift, source: 'people' };
      [isRolledBack, isHeard] = [false, false];
      [aheadMs, lastOffsetMs] = [0, 0];
      highWaterAt = wallAt - believedErrorMs;
      deps.keep?.({ serverAt: wallAt, wallAt, uncertaintyMs: believedErrorMs, highWaterAt, source: 'people' });
    },
  };
}

// A sleep that only the wall clock noticed is over by now.
function latestBy({ offsetMs, uncertaintyMs }: TrustedState, wall: number, aheadMs: number): number {
  return wall + offsetMs + aheadMs + uncertaintyMs;
}

interface Carried extends TimeSample {
  readonly wallAt: number;
  readonly drift: Drift;
  readonly source: TimeSource;
}

function isBroken(first: TimeSample & { readonly wallAt: number }, last: TimeSample & { readonly wallAt: number }): boolean {
  const span = last.mono - first.mono;
  return span < 0 || Math.abs(last.wallAt - first.wallAt - span) > jumpMs;
}

/** The time by the monotonic clock, the time by the wall clock as it was off when the platform was last heard, and how far either may be off. */
function carryOn({ serverAt, mono, wallAt, errorMs, drift }: Carried, now: { readonly mono: number; readonly wall: number }) {
  const [elapsed, wallElapsed] = [Math.max(0, now.mono - mono), Math.max(0, now.wall - wallAt)];
  const wallSays = serverAt + (now.wall - wallAt) * drift.rate;
  return { at: serverAt + elapsed * drift.rate, wallSays, uncertaintyMs: errorMs + Math.max(elapsed, wallElapsed) * drift.errorRate };
}

/** After a restart the monotonic clock has begun anew: only the wall clock can say how long we were away, at its worst drift. */
function resume({ kept, now, monotonic }: TrustedClockDeps): Carried | null {
  if (kept === undefined || kept === null) return null;
  const awayMs = now() - kept.wallAt;
  const errorMs = kept.uncertaintyMs + Math.abs(awayMs) * worstDrift.errorRate;
  // A wall clock set back while we were away: what is carried on stays where it was, and the high water mark shows it.
  const shift = Math.max(0, awayMs);
  return { serverAt: kept.serverAt + shift, mono: monotonic(), errorMs, wallAt: kept.wallAt + shift, drift: worstDrift, source: kept.source };
}
