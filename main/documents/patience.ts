/** What patience goes by: how long one wait is, and what two clocks show, all in ms. */
export interface PatienceDeps {
  readonly waitMs: number;
  /** Processor time that this process has had. */
  readonly cpuMs: () => number;
  /** How long the one who is waited for has slept with nothing to do. */
  readonly sleptMs: () => number;
}

/** Tells work that hangs from a machine that gives it no time. */
export interface Patience {
  /** A word was heard: it begins anew. */
  restart(): void;
  /** Asked after each wait without a word. */
  isOver(): boolean;
}

/** Waits that silence is given at most, whatever the machine has to do. */
const mostWaits = 6;
/** Of one wait: so much processor time was work. */
const worked = 0.5;
/** Of all waits: less processor time than this, and sleep for all the rest, is waiting for what never comes. */
const idled = 0.05;

/**
 * Creates patience that is over when half a wait of processor time brought no word, when the worker sleeps on without anything
 * to do, or after six waits: a machine that is busy with other things makes work slow, not suspect.
 */
export function createPatience({ waitMs, cpuMs, sleptMs }: PatienceDeps): Patience {
  const start = () => ({ waits: 0, cpu: cpuMs(), slept: sleptMs() });
  let since = start();
  return {
    restart: () => void (since = start()),
    isOver: () => {
      since.waits += 1;
      const used = cpuMs() - since.cpu;
      const waited = since.waits * waitMs;
      const isAsleep = sleptMs() - since.slept >= waited * (1 - idled) && used < waited * idled;
      return used >= waitMs * worked || isAsleep || since.waits >= mostWaits;
    },
  };
}
