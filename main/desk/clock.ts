/** What is known of this machine's clock: `offsetMs` is the platform's time minus ours. */
export interface ClockState {
  readonly state: 'synchronised' | 'unproven' | 'wrong';
  readonly offsetMs: number;
  readonly uncertaintyMs: number;
  readonly checkedAt: number | null;
}

/** The trusted-time seam: compares our clock with the platform's and says how far it may be off. */
export interface DeskClock {
  state(): ClockState;
  /** What checks reckon with: never corrects by a platform that cannot be told from a wrong one. */
  forChecks(): { readonly offsetMs: number; readonly uncertaintyMs: number };
  /** One comparison: the platform's time minus ours, and how long the round trip took, ms. */
  observe(offsetMs: number, roundTripMs: number): void;
}

const wrongBeyondMs = 60_000;
// 500 ppm: one of the worst oscillators of the survey in the trust design, D12.
const driftPerMs = 500e-6;
const baseUncertaintyMs = 500;

/** Creates the clock; until the platform was heard nothing is proven and our own clock is taken as it is. */
export function createDeskClock(deps: { readonly now: () => number; readonly monotonic: () => number }): DeskClock {
  let last: { readonly offsetMs: number; readonly roundTripMs: number; readonly at: number; readonly mono: number } | null = null;
  const state = (): ClockState => {
    if (last === null) return { state: 'unproven', offsetMs: 0, uncertaintyMs: 0, checkedAt: null };
    const age = deps.monotonic() - last.mono;
    // The wall clock was set since: what was measured against it no longer holds.
    const jumpMs = deps.now() - last.at - age;
    const offsetMs = Math.round(last.offsetMs - jumpMs);
    const uncertaintyMs = Math.round(baseUncertaintyMs + last.roundTripMs / 2 + age * driftPerMs);
    return { state: Math.abs(offsetMs) > wrongBeyondMs ? 'wrong' : 'synchronised', offsetMs, uncertaintyMs, checkedAt: last.at };
  };
  return {
    state,
    // Small offsets are left to the platform, which decides on its own clock; a wrong clock proves nothing at all.
    forChecks: () => {
      const { state: known, offsetMs, uncertaintyMs } = state();
      return { offsetMs: 0, uncertaintyMs: known === 'wrong' ? Math.abs(offsetMs) : uncertaintyMs };
    },
    observe: (offsetMs, roundTripMs) => {
      last = { offsetMs, roundTripMs, at: deps.now(), mono: deps.monotonic() };
    },
  };
}
