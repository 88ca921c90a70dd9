import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fail, type Result } from '../../domain/failure.ts';
import type { DocumentMessage, DocumentReply, DocumentResult, DocumentTask, VerifyInput } from './document-tasks.ts';
import type { FileContents } from './file-contents.ts';
import type { RenderInput, RenderedSheet, Rendering } from './page-rendering.ts';
import type { SignatureResult, SignedFile } from './signature-check.ts';
import type { CopyInput, WatermarkedCopy } from './watermarked-copy.ts';

/** A process that was started for documents. */
export interface DocumentProcess {
  post(message: DocumentMessage): void;
  onReply(listener: (reply: DocumentReply) => void): void;
  onEnd(listener: () => void): void;
  kill(): void;
}

/** Starts the program in `file` with its arguments. */
export type StartDocumentProcess = (file: URL, args: readonly string[]) => DocumentProcess;

/** How long work may be silent (a copy reports after each step and page), and how long the process is kept after the last work, ms. */
export interface DocumentWorkDeps {
  readonly wallMs?: number;
  readonly idleMs?: number;
  /** How much longer than its own patience a process may be silent before it is ended, ms. */
  readonly graceMs?: number;
  readonly start?: StartDocumentProcess | undefined;
}

/** Works on files that nobody vouches for. */
export interface DocumentWork {
  /** Has the process ready for a file that is on its way. */
  prepare(): void;
  copy(input: CopyInput): Promise<Result<WatermarkedCopy>>;
  verify(input: VerifyInput): Promise<Result<SignatureResult>>;
  /** Paints pages as PNG, each handed over as soon as it is there. */
  render(input: RenderInput, onSheet: (sheet: RenderedSheet) => void): Promise<Result<Rendering>>;
  describe(input: SignedFile): Promise<Result<FileContents>>;
  /** Ends the process once what was asked so far is done; what is asked later gets another. */
  close(): Promise<void>;
}

const lastWordsMs = 10_000;
/** Waits of its own, after each of which it looks at the clock; it gives up after six at most. */
const mostWaits = 7;

/**
 * Creates a worker on documents in a process of its own, which may write no file and start no program: a file that hangs, fills the
 * memory or brings a library down costs one failed piece of work (`file/damaged`) and nothing else, and fonts and libraries leave the
 * memory when there was nothing to do for a while.
 */
export function createDocumentWork({ wallMs = 8000, idleMs = 30_000, graceMs = lastWordsMs, start = forkDocumentProcess }: DocumentWorkDeps = {}): DocumentWork {
  let running: RunningProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const dismiss = async (): Promise<void> => {
    clearTimeout(idle);
    const dismissed = running;
    running = undefined;
    await dismissed?.dismiss();
  };

  const ready = (): RunningProcess => {
    clearTimeout(idle);
    if (running?.hasEnded() !== false) running = watchProcess(start(programUrl(), [String(wallMs)]), mostWaits * wallMs + graceMs);
    return running;
  };
  const rest = (): void => void (idle = setTimeout(() => void dismiss(), idleMs).unref());

  const doNow = async (task: DocumentTask, onSheet: (sheet: RenderedSheet) => void): Promise<DocumentResult> => {
    const result = await ready().ask(task, onSheet);
    rest();
    return result ?? fail('file/damaged', `${task.kind} given up`);
  };

  // One after the other: the limits are those of one file. What comes back is what was asked for.
  const queue = <T>(task: DocumentTask, onSheet: (sheet: RenderedSheet) => void = () => {}): Promise<Result<T>> => {
    const done = last.then(() => doNow(task, onSheet)) as Promise<Result<T>>;
    last = done.catch(() => {});
    return done;
  };

  return {
    prepare: () => {
      if (running?.hasEnded() === false) return;
      ready();
      rest();
    },
    copy: (input) => queue<WatermarkedCopy>({ kind: 'copy', input }),
    verify: (input) => queue<SignatureResult>({ kind: 'verify', input }),
    render: (input, onSheet) => queue<Rendering>({ kind: 'render', input }, onSheet),
    describe: (input) => queue<FileContents>({ kind: 'describe', input }),
    close: () => {
      const ended = last.then(dismiss);
      last = ended.catch(() => {});
      return ended;
    },
  };
}

interface RunningProcess {
  hasEnded(): boolean;
  /** Null when the process ended or went silent. */
  ask(task: DocumentTask, onSheet: (sheet: RenderedSheet) => void): Promise<DocumentResult | null>;
  dismiss(): Promise<void>;
}

function watchProcess(child: DocumentProcess, longestSilenceMs: number): RunningProcess {
  let ended = false;
  let hear: (reply: DocumentReply) => void = () => {};
  let settle: (result: DocumentResult | null) => void = () => {};
  let onGone = (): void => {};
  child.onReply((reply) => hear(reply));
  child.onEnd(() => {
    ended = true;
    settle(null);
    onGone();
  });
  return {
    hasEnded: () => ended,
    ask: (task, onSheet) =>
      new Promise((resolve) => {
        const deadline = setTimeout(() => child.kill(), longestSilenceMs);
        settle = (result) => {
          clearTimeout(deadline);
          resolve(result);
        };
        hear = (reply) => {
          if (reply.kind === 'done') return settle(reply.result);
          if (reply.kind === 'sheet') onSheet(reply.sheet);
          deadline.refresh();
        };
        child.post(task);
      }),
    dismiss: async () => {
      if (ended) return;
      const late = setTimeout(() => child.kill(), lastWordsMs);
      await new Promise<void>((resolve) => {
        onGone = resolve;
        child.post({ kind: 'end' });
      });
      clearTimeout(late);
    },
  };
}

/** A process of Node that may read the program and its libraries, nothing of the counter's data, and may neither write a file nor start another program. */
export const documentProcessFlags = ['--permission', `--allow-fs-read=${fileURLToPath(new URL('../../', import.meta.url))}`, '--allow-worker', '--allow-addons', '--disable-warning=SecurityWarning'] as const;

/** What of an environment the process gets: Windows starts nothing without this one, and the rest is not its business. */
export function bareEnvironment({ SystemRoot }: NodeJS.ProcessEnv): Record<string, string> {
  return SystemRoot === undefined ? {} : { SystemRoot };
}

function forkDocumentProcess(file: URL, args: readonly string[]): DocumentProcess {
  const env = bareEnvironment(process.env);
  const child = fork(fileURLToPath(file), args, { env, execArgv: [...documentProcessFlags], serialization: 'advanced', stdio: 'ignore' });
  return attachDocumentProcess(child);
}

/** A process of Node with a channel of its own, which keeps nobody alive that waits for nothing. */
export function attachDocumentProcess(child: ChildProcess): DocumentProcess {
  child.unref();
  child.channel?.unref();
  let isOver = false;
  let onEnd = (): void => {};
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    onEnd();
  };
  child.once('exit', end);
  // It could not be started, or ended while something was said to it: nobody will answer.
  child.on('error', end);
  return {
    post: (message) => void (child.connected ? child.send(message) : end()),
    // Who took the process over could send anything; what is no reply at all must not end us.
    onReply: (listener) => void child.on('message', (reply) => (isReply(reply) ? listener(reply) : child.kill('SIGKILL'))),
    onEnd: (listener) => void (onEnd = listener),
    kill: () => void child.kill('SIGKILL'),
  };
}

function isReply(message: unknown): message is DocumentReply {
  return typeof message === 'object' && message !== null && 'kind' in message && (message.kind !== 'done' || ('result' in message && typeof message.result === 'object' && message.result !== null));
}

/** Built, the program is one file beside this one. */
function programUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './document-process.ts' : './document-process.js', import.meta.url);
}
