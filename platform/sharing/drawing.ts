import { Worker } from 'node:worker_threads';
import type { SampleCertificate, SampleCompany } from '../sample/sample-company.ts';
import type { DrawCertificate } from './certificate-files.ts';

/** What the thread is told to draw. */
export interface DrawingTask {
  readonly id: number;
  readonly company: SampleCompany;
  readonly certificate: SampleCertificate;
}

/** What the thread answers. */
export type DrawingDone = { readonly id: number } & ({ readonly content: Uint8Array } | { readonly failure: string });

/** Drawing in a thread of its own: fonts are large and subsetting them takes a second, in which no request would be served. */
export interface Drawing {
  readonly draw: DrawCertificate;
  close(): Promise<void>;
}

/** The thread is started by the first drawing and ends, with its fonts, when nothing was drawn for `idleMs`. */
export function createDrawing({ idleMs = 20_000 } = {}): Drawing {
  const state: { thread: DrawingThread | null; lastId: number } = { thread: null, lastId: 0 };
  const release = (thread: DrawingThread) => {
    if (state.thread === thread) state.thread = null;
  };
  return {
    draw: (company, certificate) => {
      state.thread ??= startThread(idleMs, release);
      return state.thread.draw({ id: ++state.lastId, company, certificate });
    },
    close: async () => {
      await state.thread?.end();
    },
  };
}

interface DrawingThread {
  draw(task: DrawingTask): Promise<Uint8Array>;
  end(): Promise<void>;
}

interface Waiting {
  readonly resolve: (content: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

function startThread(idleMs: number, release: (thread: DrawingThread) => void): DrawingThread {
  const worker = new Worker(workerUrl(), { name: 'drawing' });
  const waiting = new Map<number, Waiting>();
  const idle = setTimeout(() => waiting.size === 0 && void thread.end(), idleMs).unref();
  const thread: DrawingThread = {
    draw: (task) =>
      new Promise((resolve, reject) => {
        waiting.set(task.id, { resolve, reject });
        worker.postMessage(task);
      }),
    end: async () => {
      clearTimeout(idle);
      release(thread);
      await worker.terminate();
    },
  };
  worker.unref();
  worker.on('message', (done: DrawingDone) => {
    idle.refresh();
    const task = waiting.get(done.id);
    waiting.delete(done.id);
    if ('content' in done) task?.resolve(done.content);
    else task?.reject(new Error(done.failure));
  });
  const fail = (error: Error) => {
    clearTimeout(idle);
    release(thread);
    for (const task of waiting.values()) task.reject(error);
    waiting.clear();
  };
  worker.once('error', fail);
  worker.once('exit', () => fail(new Error('drawing thread ended')));
  return thread;
}

/** Built, the thread is one file beside the program. */
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './drawing-worker.ts' : './drawing-worker.js', import.meta.url);
}
