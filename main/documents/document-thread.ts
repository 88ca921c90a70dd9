import { Worker } from 'node:worker_threads';
import { fail } from '../../domain/failure.ts';
import type { DocumentMessage, DocumentReply, DocumentResult, DocumentTask } from './document-tasks.ts';
import { createPatience } from './patience.ts';

/** How long the thread may be silent at work (a copy reports after each step and page), ms. */
export interface DocumentThreadLimits {
  readonly wallMs: number;
  /** Processor time that this process has had, ms: a machine with too much to do makes the thread slow, not suspect. */
  readonly cpuMs?: () => number;
}

/** Works on one file at a time, and tells each word of it. */
export interface DocumentThread {
  /** Loads what the work needs before there is any. */
  prepare(): void;
  work(task: DocumentTask, onReply: (reply: DocumentReply) => void): Promise<DocumentResult>;
  /** Waits for a thread that ends itself: to be cut off in the middle of native code can take the process along. */
  close(): Promise<void>;
}

const lastWordsMs = 5000;

/**
 * Creates a worker on documents in a thread of its own: a file that hangs costs one failed piece of work (`file/damaged`) and the
 * thread. One that fills the memory may take the process along: Node cannot always end a thread in time.
 */
export function createDocumentThread({ wallMs, cpuMs = ownCpuMs }: DocumentThreadLimits): DocumentThread {
  let worker: Worker | undefined;

  const start = (): Worker => {
    const started = new Worker(workerUrl(), { name: 'document', resourceLimits: { maxOldGenerationSizeMb: 512 } });
    // What ends a thread shows as its exit; without a listener its error would be thrown here.
    started.on('error', () => {});
    started.once('exit', () => {
      if (worker === started) worker = undefined;
    });
    started.unref();
    return started;
  };

  return {
    prepare: () => void (worker ??= start()),
    work: async (task, onReply) => {
      worker ??= start();
      const working = worker;
      const result = await ask({ worker: working, task, wallMs, cpuMs, onReply });
      if (result !== null) return result;
      // A thread that failed once is not trusted with the next file.
      worker = undefined;
      await working.terminate();
      return fail('file/damaged', `${task.kind} given up`);
    },
    close: async () => {
      const dismissed = worker;
      if (dismissed === undefined) return;
      worker = undefined;
      dismissed.ref();
      const late = setTimeout(() => void dismissed.terminate(), lastWordsMs);
      await new Promise<void>((resolve) => {
        dismissed.once('exit', () => resolve());
        dismissed.postMessage({ kind: 'end' } satisfies DocumentMessage);
      });
      clearTimeout(late);
    },
  };
}

interface Question {
  readonly worker: Worker;
  readonly task: DocumentTask;
  readonly wallMs: number;
  readonly cpuMs: () => number;
  readonly onReply: (reply: DocumentReply) => void;
}

/** Null when the thread was silent for longer than it may be, or ended. */
function ask({ worker, task, wallMs, cpuMs, onReply }: Question): Promise<DocumentResult | null> {
  return new Promise((resolve) => {
    const patience = createPatience({ waitMs: wallMs, cpuMs, sleptMs: () => worker.performance.eventLoopUtilization().idle });
    const settle = (result: DocumentResult | null): void => {
      clearTimeout(deadline);
      worker.off('message', hear);
      worker.off('exit', giveUp);
      resolve(result);
    };
    const giveUp = (): void => settle(null);
    const check = (): void => (patience.isOver() ? giveUp() : void deadline.refresh());
    const hear = (reply: DocumentReply): void => {
      if (reply.kind === 'done') return settle(reply.result);
      onReply(reply);
      patience.restart();
      deadline.refresh();
    };
    const deadline = setTimeout(check, wallMs);
    worker.on('message', hear);
    worker.on('exit', giveUp);
    worker.postMessage(task);
  });
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Built, the thread is one file beside the program. */
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './document-worker.ts' : './document-worker.js', import.meta.url);
}
