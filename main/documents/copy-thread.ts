import { Worker } from 'node:worker_threads';
import { fail, type Result } from '../../domain/failure.ts';
import type { CopyInput, CopyMaker, WatermarkedCopy } from './watermarked-copy.ts';

/** How long one copy may take, and how long the thread is kept after the last one, ms. */
export interface CopyThreadLimits {
  readonly wallMs?: number;
  readonly idleMs?: number;
}

/** A maker of copies that is to be closed. */
export interface CopyThread extends CopyMaker {
  close(): Promise<void>;
}

/**
 * Creates a maker of copies in a thread of its own: a file that hangs or fills its reader costs a failed copy
 * (`file/damaged`) and nothing else, and fonts and libraries leave the memory when nothing was copied for a while.
 */
export function createCopyThread({ wallMs = 10_000, idleMs = 30_000 }: CopyThreadLimits = {}): CopyThread {
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const end = async (): Promise<void> => {
    clearTimeout(idle);
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  };

  const start = (): Worker => {
    const started = new Worker(workerUrl(), { name: 'copy', resourceLimits: { maxOldGenerationSizeMb: 512 } });
    // What ends a thread shows as its exit; without a listener its error would be thrown here.
    started.on('error', () => {});
    started.once('exit', () => {
      if (worker === started) worker = undefined;
    });
    started.unref();
    return started;
  };

  const makeNow = async (input: CopyInput): Promise<Result<WatermarkedCopy>> => {
    clearTimeout(idle);
    worker ??= start();
    const copy = await ask(worker, input, wallMs);
    // A thread that failed once is not trusted with the next file.
    if (copy === null) await end();
    else idle = setTimeout(() => void end(), idleMs).unref();
    return copy ?? fail('file/damaged', 'copy given up');
  };

  return {
    make: (input) => {
      // One after the other: the limits are those of one file.
      const made = last.then(() => makeNow(input));
      last = made.catch(() => {});
      return made;
    },
    close: async () => {
      await last;
      await end();
    },
  };
}

/** Null when the thread gave no answer in time, or ended. */
function ask(worker: Worker, input: CopyInput, wallMs: number): Promise<Result<WatermarkedCopy> | null> {
  return new Promise((resolve) => {
    const settle = (copy: Result<WatermarkedCopy> | null): void => {
      clearTimeout(deadline);
      worker.off('message', settle);
      worker.off('exit', giveUp);
      resolve(copy);
    };
    const giveUp = (): void => settle(null);
    const deadline = setTimeout(giveUp, wallMs);
    worker.on('message', settle);
    worker.on('exit', giveUp);
    worker.postMessage(input);
  });
}

/** Built, the thread is one file beside the program. */
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './copy-worker.ts' : './copy-worker.js', import.meta.url);
}
