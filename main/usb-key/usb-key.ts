import { fork } from 'node:child_process';
import { decodeBase64 } from '../../domain/crypto/base64.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import type { KeyOrder } from './key-process.ts';
import type { KeyAnswers, KeyJob, KeyWatch, KeptSecret, PluggedKey } from './key-work.ts';
import type { LibraryChoice } from './library-choice.ts';

/** A process of ours in which a vendor's library runs. */
export interface KeyProcess {
  post(order: KeyOrder): void;
  onAnswer(listener: (answer: unknown) => void): void;
  /** Ended by itself or by a crash. */
  onEnd(listener: () => void): void;
  end(): void;
}

/** Starts the process from the file at this address. */
export type StartKeyProcess = (file: URL) => KeyProcess;

/** The USB keys (GM/T 0016) at this machine. A vendor's library that crashes or hangs is a failure, never the end of the program. */
export interface UsbKeys {
  /** Whether a library was chosen. */
  isSetUp(): boolean;
  list(): Promise<Result<readonly PluggedKey[]>>;
  /** Gives a fresh secret into the keeping of the one key that is plugged in. */
  bind(pin: string): Promise<Result<{ readonly kept: KeptSecret; readonly secret: Uint8Array }>>;
  /** The secret that a key keeps. `key/pin-wrong` with how many tries it has left. */
  open(kept: KeptSecret, pin: string): Promise<Result<Uint8Array>>;
  /** Tells once when a key is not plugged in any more, or its library does not say any more whether it is. Gives what ends the watch. */
  watch(kept: Pick<KeptSecret, 'publicKey'>, onGone: () => void): () => void;
}

/** How long a library may be silent, ms: some keys wait for a button. */
const longestSilenceMs = 30_000;

/** Creates the access to USB keys; every job has a process of its own, and they go one after another. */
export function createUsbKeys(deps: { readonly choice: () => LibraryChoice | null; readonly start?: StartKeyProcess | undefined; readonly limitMs?: number; readonly againMs?: number }): UsbKeys {
  const { choice, start = forkKeyProcess, limitMs = longestSilenceMs, againMs = 2000 } = deps;
  let last: Promise<unknown> = Promise.resolve();
  const run = <T extends KeyJob['type']>(job: Extract<KeyJob, { type: T }>): Promise<Result<KeyAnswers[T]>> => {
    const answer = last.then(() => {
      const chosen = choice();
      return chosen === null ? fail('key/not-set-up') : ask(start, { ...chosen, job }, limitMs);
    });
    last = answer;
    return answer as Promise<Result<KeyAnswers[T]>>;
  };
  return {
    isSetUp: () => choice() !== null,
    list: () => run({ type: 'list' }),
    bind: async (pin) => {
      const bound = await run({ type: 'bind', pin });
      return bound.ok ? ok({ kept: bound.value.kept, secret: readSecret(bound.value.secret) }) : bound;
    },
    open: async (kept, pin) => {
      const opened = await run({ type: 'open', pin, kept: { publicKey: kept.publicKey, content: kept.content } });
      return opened.ok ? ok(readSecret(opened.value.secret)) : opened;
    },
    watch: ({ publicKey }, onGone) => keepWatch(() => begin(start, choice(), { type: 'watch', publicKey }), againMs, onGone),
  };
}

/** Failures in a row after which a library says nothing about a key any more. */
const patience = 3;
const calmAfterMs = 60_000;

/** Runs one watch after another as long as they fail; a process for the whole time, so that a look costs next to nothing. */
function keepWatch(start: () => KeyProcess | null, againMs: number, onGone: () => void): () => void {
  let running: KeyProcess | null = null;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const stop = (): void => {
    isOver = true;
    clearTimeout(timer);
    running?.end();
  };
  const run = (): void => {
    const mine = start();
    running = mine;
    const calm = setTimeout(() => (failures = 0), calmAfterMs);
    calm.unref();
    const ended = (isGone: boolean): void => {
      if (isOver || running !== mine) return;
      mine?.end();
      clearTimeout(calm);
      running = null;
      failures += 1;
      if (isGone || failures === patience) {
        stop();
        onGone();
      } else {
        timer = setTimeout(run, againMs);
        timer.unref();
      }
    };
    mine?.onAnswer((answer) => ended((answer as Result<null>).ok));
    mine?.onEnd(() => ended(false));
    if (mine === null) ended(false);
  };
  run();
  return stop;
}

function begin(start: StartKeyProcess, chosen: LibraryChoice | null, job: KeyWatch): KeyProcess | null {
  const running = chosen === null ? null : startOrNull(start, processFile);
  if (running !== null && chosen !== null) running.post({ ...chosen, job });
  return running;
}

const processFile = new URL(import.meta.url.endsWith('.ts') ? './key-process.ts' : './key-process.js', import.meta.url);

function ask(start: StartKeyProcess, order: KeyOrder, limitMs: number): Promise<Result<unknown>> {
  const running = startOrNull(start, processFile);
  if (running === null) return Promise.resolve(fail('key/library-failed', 'crashed'));
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(fail('key/library-failed', 'no-answer')), limitMs);
    const done = (answer: Result<unknown>): void => {
      clearTimeout(timer);
      running.end();
      resolve(answer);
    };
    running.onAnswer((answer) => done(answer as Result<unknown>));
    running.onEnd(() => done(fail('key/library-failed', 'crashed')));
    running.post(order);
  });
}

function startOrNull(start: StartKeyProcess, file: URL): KeyProcess | null {
  try {
    return start(file);
  } catch {
    // No process, no memory: it is over before it began, and the next job may have more luck.
    return null;
  }
}

/** The process where Node runs: the PIN goes through its channel, not through arguments or environment, which others can read. */
function forkKeyProcess(file: URL): KeyProcess {
  const child = fork(file, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  // A process that cannot be started, or whose channel is gone, has ended.
  child.on('error', () => child.emit('close'));
  return {
    post: (order) => void child.send(order, () => {}),
    onAnswer: (listener) => void child.once('message', listener),
    onEnd: (listener) => void child.once('close', listener),
    end: () => void child.kill('SIGKILL'),
  };
}

function readSecret(text: string): Uint8Array {
  const secret = decodeBase64(text);
  if (secret === null) throw new Error('a secret is no BASE64');
  return secret;
}
