import type { WedgeTrace } from '../../window-state.tsx';

/** The gaps of keyboard scans, sorted into bins; `to` is null for the last, open one. */
export interface KeyPace {
  readonly scans: number;
  readonly gaps: number;
  readonly medianMs: number;
  readonly largestMs: number;
  readonly bins: readonly { readonly from: number; readonly to: number | null; readonly count: number }[];
}

const edges = [0, 2, 5, 10, 15, 20, 30, 50, 100] as const;

/** Counts the gaps between the keys of each scan; null while there is none. */
export function measurePace(traces: readonly Pick<WedgeTrace, 'times'>[]): KeyPace | null {
  const gaps = traces.flatMap(({ times }) => times.slice(1).map((time, index) => time - (times[index] ?? time))).sort((a, b) => a - b);
  if (gaps.length === 0) return null;
  return {
    scans: traces.length,
    gaps: gaps.length,
    medianMs: gaps[Math.floor(gaps.length / 2)] ?? 0,
    largestMs: gaps.at(-1) ?? 0,
    bins: edges.map((from, index) => {
      const to = edges[index + 1] ?? null;
      return { from, to, count: gaps.filter((gap) => gap >= from && (to === null || gap < to)).length };
    }),
  };
}
