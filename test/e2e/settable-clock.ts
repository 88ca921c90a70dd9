/** Wall and monotonic clock of everything under test, which can be held and moved forward; never backwards. */
export interface SettableClock {
  now(): number;
  monotonic(): number;
  /** Holds time at the beginning of the next full second. */
  hold(): void;
  /** Moves held time on. */
  advance(ms: number): void;
  /** Lets time run on from where it is held. */
  release(): void;
}

export function createSettableClock(): SettableClock {
  let ahead = 0;
  let held: number | null = null;
  const start = Date.now();
  const now = (): number => held ?? Date.now() + ahead;
  return {
    now,
    monotonic: () => now() - start + 1000,
    hold: () => {
      held = Math.ceil(now() / 1000) * 1000;
    },
    advance: (ms) => {
      if (held === null) throw new Error('time is running');
      held += ms;
    },
    release: () => {
      if (held !== null) ahead = held - Date.now();
      held = null;
    },
  };
}
