/** A worker that is ready before there is a document for it. */
export interface SpareWorker {
  /** Starts one and lets it practise, unless one is waiting already. */
  prepare(): void;
  /** Hands out the waiting one, or a new one: each to one document only. */
  take(): Worker;
}

interface SpareSettings {
  readonly start: () => Worker;
  /** What a waiting worker does once, so that its program is compiled before it is needed; not a word of a certificate. */
  readonly practise?: (worker: Worker) => Promise<unknown>;
}

/** Keeps at most one worker in waiting; one whose program could not be had is let go. */
export function createSpareWorker({ start, practise }: SpareSettings): SpareWorker {
  let waiting: Worker | null = null;
  return {
    prepare: () => {
      if (waiting !== null) return;
      const worker = start();
      waiting = worker;
      worker.addEventListener('error', () => {
        if (waiting === worker) waiting = null;
      });
      // Whoever is given it hears by itself that it does not work.
      practise?.(worker).catch(() => undefined);
    },
    take: () => {
      const worker = waiting ?? start();
      waiting = null;
      return worker;
    },
  };
}
