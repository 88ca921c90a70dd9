import { Worker } from 'node:worker_threads';
import { fail, type Result } from '../../domain/failure.ts';
import type { FileContents } from './file-contents.ts';
import { createPatience } from './patience.ts';
import type { RenderInput, RenderedSheet, Rendering } from './page-rendering.ts';
import type { SignatureResult, SignedFile } from './signature-check.ts';
import type { CopyInput, WatermarkedCopy } from './watermarked-copy.ts';

/** How long the thread may be silent at work (a copy reports after each step and page), and how long it is kept after the last work, ms. */
export interface DocumentThreadLimits {
  readonly wallMs?: number;
  readonly idleMs?: number;
  /** Processor time that this process has had, ms: a machine with too much to do makes the thread slow, not suspect. */
  readonly cpuMs?: () => number;
}

/** A question after signatures; anchors as DER, because parsed certificates are made in the thread. */
export interface VerifyInput extends SignedFile {
  readonly anchors: readonly Uint8Array[];
  /** Lists of revoked certificates, DER. */
  readonly revocationLists?: readonly Uint8Array[];
  readonly now: number;
}

/** Work that goes to the thread, and what comes back. */
export type DocumentTask =
  | { readonly kind: 'copy'; readonly input: CopyInput }
  | { readonly kind: 'verify'; readonly input: VerifyInput }
  | { readonly kind: 'render'; readonly input: RenderInput }
  | { readonly kind: 'describe'; readonly input: SignedFile };
/** What the thread is told: a piece of work, or that there is no more. */
export type DocumentMessage = DocumentTask | { readonly kind: 'end' };
export type DocumentResult = Result<WatermarkedCopy | SignatureResult | Rendering | FileContents>;
export type DocumentReply = { readonly kind: 'page' } | { readonly kind: 'sheet'; readonly sheet: RenderedSheet } | { readonly kind: 'done'; readonly result: DocumentResult };

/** Works on files that nobody vouches for. */
export interface DocumentThread {
  copy(input: CopyInput): Promise<Result<WatermarkedCopy>>;
  verify(input: VerifyInput): Promise<Result<SignatureResult>>;
  /** Paints pages as PNG, each handed over as soon as it is there. */
  render(input: RenderInput, onSheet: (sheet: RenderedSheet) => void): Promise<Result<Rendering>>;
  describe(input: SignedFile): Promise<Result<FileContents>>;
  close(): Promise<void>;
}

const lastWordsMs = 5000;

/**
 * Creates a worker on documents in a thread of its own: a file that hangs or fills its reader costs one failed piece of work
 * (`file/damaged`) and nothing else, and fonts and libraries leave the memory when there was nothing to do for a while.
 */
export function createDocumentThread({ wallMs = 20_000, idleMs = 30_000, cpuMs = ownCpuMs }: DocumentThreadLimits = {}): DocumentThread {
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const end = async (): Promise<void> => {
    clearTimeout(idle);
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  };

  /** A thread with nothing to do ends itself: to be cut off in the middle of native code can take the process along. */
  const dismiss = async (): Promise<void> => {
    const dismissed = worker;
    if (dismissed === undefined) return;
    worker = undefined;
    clearTimeout(idle);
    dismissed.ref();
    const late = setTimeout(() => void dismissed.terminate(), lastWordsMs);
    await new Promise<void>((resolve) => {
      dismissed.once('exit', () => resolve());
      dismissed.postMessage({ kind: 'end' } satisfies DocumentMessage);
    });
    clearTimeout(late);
  };

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

  const doNow = async (task: DocumentTask, onSheet: (sheet: RenderedSheet) => void): Promise<DocumentResult> => {
    clearTimeout(idle);
    worker ??= start();
    const result = await ask({ worker, task, wallMs, cpuMs, onSheet });
    // A thread that failed once is not trusted with the next file.
    if (result === null) await end();
    else idle = setTimeout(() => void dismiss(), idleMs).unref();
    return result ?? fail('file/damaged', `${task.kind} given up`);
  };

  // One after the other: the limits are those of one file. What comes back is what was asked for.
  const queue = <T>(task: DocumentTask, onSheet: (sheet: RenderedSheet) => void = () => {}): Promise<Result<T>> => {
    const done = last.then(() => doNow(task, onSheet)) as Promise<Result<T>>;
    last = done.catch(() => {});
    return done;
  };

  return {
    copy: (input) => queue<WatermarkedCopy>({ kind: 'copy', input }),
    verify: (input) => queue<SignatureResult>({ kind: 'verify', input }),
    render: (input, onSheet) => queue<Rendering>({ kind: 'render', input }, onSheet),
    describe: (input) => queue<FileContents>({ kind: 'describe', input }),
    close: async () => {
      await last;
      await dismiss();
    },
  };
}

interface Question {
  readonly worker: Worker;
  readonly task: DocumentTask;
  readonly wallMs: number;
  readonly cpuMs: () => number;
  readonly onSheet: (sheet: RenderedSheet) => void;
}

/** Null when the thread was silent for longer than it may be, or ended. */
function ask({ worker, task, wallMs, cpuMs, onSheet }: Question): Promise<DocumentResult | null> {
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
      if (reply.kind === 'sheet') onSheet(reply.sheet);
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
