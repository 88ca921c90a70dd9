import { Worker } from 'node:worker_threads';
import type { SlotAnswers, SlotJob } from './slot-work.ts';

/** Works on key slots; a broken thread is a bug and rejects. */
export interface SlotWork {
  do<T extends SlotJob['type']>(job: Extract<SlotJob, { type: T }>): Promise<SlotAnswers[T]>;
}

/** Works in a thread per job: a log-in takes about half a second of computing, during which the counter goes on. */
export function createSlotThread(): SlotWork {
  return {
    do: (job) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(workerUrl(), { workerData: job, name: 'slot' });
        worker.once('message', (answer) => resolve(answer as never));
        worker.once('error', reject);
        worker.once('exit', () => reject(new Error('the slot thread ended without an answer')));
      }),
  };
}

// Run from source each module is its own file; a bundle has the worker beside it under this name.
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './slot-worker.ts' : './slot-worker.js', import.meta.url);
}
