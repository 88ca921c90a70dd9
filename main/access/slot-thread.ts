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
        const handed = shareContent(job);
        const worker = new Worker(workerUrl(), { workerData: handed, name: 'slot' });
        worker.once('message', (answer) => resolve(answer as never));
        worker.once('error', reject);
        worker.once('exit', () => {
          if ('content' in handed) handed.content.fill(0);
          reject(new Error('the slot thread ended without an answer'));
        });
      }),
  };
}

// A message is written to memory that nobody overwrites; shared memory is in one place, and overwritten when the thread has ended.
function shareContent(job: SlotJob): SlotJob {
  if (!('content' in job)) return job;
  const content = new Uint8Array(new SharedArrayBuffer(job.content.length));
  content.set(job.content);
  return { ...job, content };
}

// Run from source each module is its own file; a bundle has the worker beside it under this name.
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './slot-worker.ts' : './slot-worker.js', import.meta.url);
}
