/** One line of the table: what was measured, and the figures in the order of the columns. */
export interface Figure {
  readonly area: string;
  readonly what: string;
  readonly value: string;
  readonly compared: string;
  readonly ratio: string;
  readonly aim: string;
}

/** The middle value; of an even number, the lower of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/** Milliseconds of each of `rounds` runs, after `warmUp` unmeasured ones. */
export async function timeRuns(settings: { rounds: number; warmUp: number }, run: (round: number) => unknown): Promise<number[]> {
  for (let round = 0; round < settings.warmUp; round += 1) await run(round);
  const times: number[] = [];
  for (let round = 0; round < settings.rounds; round += 1) {
    const started = performance.now();
    await run(settings.warmUp + round);
    times.push(performance.now() - started);
  }
  return times;
}

/** Measures two works in turns, so that whatever else the machine does falls on both; medians in ms. */
export async function compareRuns(
  settings: { rounds: number; warmUp: number },
  ours: (round: number) => unknown,
  theirs: (round: number) => unknown,
): Promise<{ ours: number; theirs: number; ratio: number }> {
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < settings.warmUp + settings.rounds; round += 1) {
    for (const [side, work] of [['ours', ours], ['theirs', theirs]] as const) {
      const started = performance.now();
      await work(round);
      if (round >= settings.warmUp) times[side].push(performance.now() - started);
    }
  }
  const [a, b] = [median(times.ours), median(times.theirs)];
  return { ours: a, theirs: b, ratio: a / b };
}

/** Milliseconds of processor time that this process has used; the difference of two readings is what a work costs on a busy machine too. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export const printMs = (ms: number): string => `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;
export const printRatio = (ratio: number): string => `${ratio.toFixed(2)} ×`;
