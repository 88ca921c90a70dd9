/** One comparison with a trusted clock: its time, our monotonic clock at that moment, and how far the reading may be off, ms. */
export interface TimeSample {
  readonly serverAt: number;
  readonly mono: number;
  readonly errorMs: number;
}

/** How fast our monotonic clock runs against true time: `rate` true ms a ms, known to within `errorRate`. */
export interface Drift {
  readonly rate: number;
  readonly errorRate: number;
}

/** One of the worst oscillators of the survey in the trust design, D12: 500 ppm. */
export const worstDrift: Drift = { rate: 1, errorRate: 500e-6 };

// Temperature moves an oscillator by a few ppm, whatever was learnt.
const wanderRate = 10e-6;
const shortestSpanMs = 10 * 60_000;

/** Learns the drift from two comparisons; the worst is assumed until they lie far enough apart, or when they say what no oscillator does. */
export function learnDrift(first: TimeSample, last: TimeSample): Drift {
  if (last.mono - first.mono < shortestSpanMs) return worstDrift;
  const span = last.mono - first.mono;
  const rate = (last.serverAt - first.serverAt) / span;
  const errorRate = (first.errorMs + last.errorMs) / span + wanderRate;
  const isPlausible = Math.abs(rate - 1) <= worstDrift.errorRate + errorRate && errorRate < worstDrift.errorRate;
  return isPlausible ? { rate, errorRate } : worstDrift;
}
