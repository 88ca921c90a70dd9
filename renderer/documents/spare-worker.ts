/** A worker that is ready before there is a document for it. */
export interface SpareWorker {
  /** Starts one, unless one is waiting already: its program, fonts and tables are then read before they are needed. */
  prepare(): void;
  /** Hands out the waiting one, or a new one: each to one document only. */
  take(): Worker;
}

/** Keeps at most one worker in waiting; one whose program could not be had is let go. */
export function createSpareWorker(start: () => Worker): SpareWorker {
  let waiting: Worker | null = null;
  return {
    prepare: () => {
      if (waiting !== null) return;
      const worker = start();
      waiting = worker;
      worker.addEventListener('error', () => {
        if (waiting === worker) waiting = null;
      });
    },
    take: () => {
      const worker = waiting ?? start();
      waiting = null;
      return worker;
    },
  };
}
