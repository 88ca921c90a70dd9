/** A kept backup: its file name and when it was made, epoch ms. */
export interface KeptBackup {
  readonly name: string;
  readonly madeAt: number;
}

const dayMs = 86_400_000;
// The first day of the epoch was a Thursday; weeks begin on Monday.
const mondayShiftMs = 3 * dayMs;
const kept = { days: 7, weeks: 4 } as const;

/**
 * Which backups may go at a moment, epoch ms: all but the newest of each of the last 7 days and of each of the last 4 weeks that
 * have one (UTC). One from the future was made by a wrong clock: it neither goes nor makes others go.
 */
export function findOutdated(backups: readonly KeptBackup[], now: number): readonly KeptBackup[] {
  const newestFirst = backups.filter(({ madeAt }) => madeAt <= now).toSorted((a, b) => b.madeAt - a.madeAt);
  const keep = new Set([
    ...newestOfEach(newestFirst, (at) => Math.floor(at / dayMs), kept.days),
    ...newestOfEach(newestFirst, (at) => Math.floor((at + mondayShiftMs) / (7 * dayMs)), kept.weeks),
  ]);
  return newestFirst.filter((backup) => !keep.has(backup));
}

function newestOfEach(newestFirst: readonly KeptBackup[], periodOf: (at: number) => number, periods: number): readonly KeptBackup[] {
  const found = new Map<number, KeptBackup>();
  for (const backup of newestFirst) {
    const period = periodOf(backup.madeAt);
    if (!found.has(period)) found.set(period, backup);
  }
  return [...found.values()].slice(0, periods);
}
