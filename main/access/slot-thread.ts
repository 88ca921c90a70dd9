import { Worker } from 'node:worker_threads';
import type { SlotAnswers, SlotJob } from './slot-work.ts';

/** Works on key slots; a broken thread is a bug and rejects. */
export interface SlotWork {
  do<T extends SlotJob['type']>(job: Extract<SlotJob, { type: T }>): Promise<SlotAnswers[T]>;
}

/**
 * Works in a thread per job, one job after another: two log-ins at once take the memory of one. The thread is there for what
 * arithmetic in JavaScript leaves behind: keys as big numbers, which end with it.
 */
export function createSlotThread(): SlotWork {
  let before: Promise<unknown> = Promise.resolve();
  return {
    do: (job) => {
      const answer = before.then(() => runThread(job));
      before = answer.catch(() => null);
      return answer as Promise<never>;
    },
  };
}

function runThread(job: SlotJob): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const handed = shareContent(job);
    const worker = new Worker(workerUrl(), { workerData: handed, name: 'slot' });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => {
      if ('content' in handed) handed.content.fill(0);
      reject(new Error('the slot thread ended without an answer'));
    });
  });
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
