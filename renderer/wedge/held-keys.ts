/** Events that wait until it is known who pressed the keys. */
export interface HeldKeys {
  /** `replay` lets the event act; it is told whether the key has been let go of meanwhile. */
  hold(code: string, replay: (isLifted: boolean) => void): void;
  /** Marks the key as let go of; false when none of that code waits. */
  lift(code: string): boolean;
  /** A pause that no scanner makes: after two of them what waited before is a person's, and acts. */
  pause(): void;
  /** All of it is a person's. */
  release(): void;
  /** All of it is a scanner's: the codes of what was dropped. */
  drop(): readonly string[];
}

interface Held {
  readonly code: string;
  readonly replay: (isLifted: boolean) => void;
  isLifted: boolean;
  pauses: number;
}

/** Creates an empty queue. */
export function createHeldKeys(): HeldKeys {
  let held: Held[] = [];
  const release = (isDue: (key: Held) => boolean): void => {
    const due = held.filter(isDue);
    held = held.filter((key) => !due.includes(key));
    for (const key of due) key.replay(key.isLifted);
  };
  return {
    hold: (code, replay) => held.push({ code, replay, isLifted: false, pauses: 0 }),
    lift: (code) => {
      const key = held.findLast((candidate) => candidate.code === code);
      if (key !== undefined) key.isLifted = true;
      return key !== undefined;
    },
    pause: () => {
      for (const key of held) key.pauses += 1;
      release((key) => key.pauses > 1);
    },
    release: () => release(() => true),
    drop: () => {
      const codes = held.map(({ code }) => code);
      held = [];
      return codes;
    },
  };
}
