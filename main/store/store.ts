import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import type { DriverName } from './driver.ts';
import { type KeyProvider, openFileKeys } from './file-keys.ts';
import type { StoreReply, StoreRequest, WorkerSetup } from './messages.ts';
import type { StoreOperation, StoreOperations } from './records.ts';

/** The store's face: each operation durable and whole when its promise is fulfilled with ok. */
export type Store = {
  readonly [K in StoreOperation]: (
    input: Parameters<StoreOperations[K]>[0],
  ) => Promise<Result<ReturnType<StoreOperations[K]>>>;
} & {
  /** Checkpoints, closes the file and ends the worker; calls made later fail with `store/locked`. */
  close(): Promise<void>;
};

/** What the store needs; `keys` replaces the key file when another keeper of keys is there. */
export interface StoreDeps {
  readonly dataDir: string;
  readonly random: RandomBytes;
  readonly keys?: KeyProvider;
  readonly driver?: DriverName;
}

/**
 * Opens the store of a data folder in its own thread: `store/locked` when another instance has it, `store/newer-schema`,
 * `store/damaged`, or `store/key-missing` when rows are there but not the key to them.
 */
export async function openStore(deps: StoreDeps): Promise<Result<Store>> {
  mkdirSync(deps.dataDir, { recursive: true, mode: 0o700 });
  const file = join(deps.dataDir, 'counter.db');
  const keys = deps.keys === undefined ? openFileKeys({ dir: join(deps.dataDir, 'keys'), random: deps.random, mayCreate: !existsSync(file) }) : ok(deps.keys);
  if (!keys.ok) return keys;
  const current = keys.value.currentKeyId();
  const dataKey = keys.value.dataKey(current);
  if (dataKey === null) return fail('store/key-missing');
  const setup: WorkerSetup = {
    file,
    dataKeys: { current, keys: new Map([[current, dataKey]]) },
    ...(deps.driver === undefined ? {} : { driver: deps.driver }),
  };
  return startWorker(setup);
}

async function startWorker(setup: WorkerSetup): Promise<Result<Store>> {
  const worker = new Worker(workerUrl(), { workerData: setup, name: 'store' });
  const calls = createCalls(worker);
  const opened = await calls.opened;
  if (!opened.ok) {
    await worker.terminate();
    return opened;
  }
  // A property per operation without naming each a second time.
  const operations = new Proxy({} as Store, {
    get: (_, name) => {
      if (name === 'close') return calls.close;
      return typeof name === 'string' && name !== 'then' ? (input: unknown) => calls.call(name as StoreOperation, input) : undefined;
    },
  });
  return ok(operations);
}

const closed = fail('store/locked', 'the store is closed');

function createCalls(worker: Worker) {
  const waiting = new Map<number, (reply: StoreReply) => void>();
  let lastId = 0;
  let isGone = false;
  const answer = (id: number): Promise<Result<unknown>> =>
    new Promise((resolve, reject) => {
      waiting.set(id, (reply) => {
        if (reply.ok) resolve(ok(reply.value));
        else if ('failure' in reply) resolve({ ok: false, failure: reply.failure });
        else reject(new Error(reply.bug));
      });
    });
  const opened = answer(0);
  worker.on('message', (reply: StoreReply) => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  const lose = (outcome: typeof closed | { readonly ok: false; readonly bug: string }): void => {
    isGone = true;
    for (const [id, settle] of waiting) settle({ id, ...outcome });
    waiting.clear();
  };
  worker.on('error', (error) => lose({ ok: false, bug: String(error.stack) }));
  worker.on('exit', () => lose(closed));
  const send = (request: { operation: string; input?: unknown }): Promise<Result<unknown>> => {
    if (isGone) return Promise.resolve(closed);
    const id = ++lastId;
    const reply = answer(id);
    worker.postMessage({ ...request, id } as StoreRequest);
    return reply;
  };
  return {
    opened: opened as Promise<Result<null>>,
    call: (operation: StoreOperation, input: unknown) => send({ operation, input }),
    close: async (): Promise<void> => {
      await send({ operation: 'close' });
      await worker.terminate();
    },
  };
}

// Run from source each module is its own file; a bundle has the worker beside it under this name.
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './store-worker.js', import.meta.url);
}
