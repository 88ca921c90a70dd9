import { mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { deriveStoreKeys } from './derived-keys.ts';
import type { DriverName } from './driver.ts';
import { type BackupFacts, finishRestore } from './backup.ts';
import type { BackupWork, StoreReply, StoreRequest, WorkerSetup } from './messages.ts';
import type { StoreOperation, StoreOperations } from './records.ts';

/** The store's face: each operation durable and whole when its promise is fulfilled with ok. */
export type Store = {
  readonly [K in StoreOperation]: (
    input: Parameters<StoreOperations[K]>[0],
  ) => Promise<Result<ReturnType<StoreOperations[K]>>>;
} & {
  /** Makes a backup while the store is used: copied, checked as a whole, sealed, rotated (7 days, 4 weeks). `at`: epoch ms. */
  backup(input: { readonly at: number }): Promise<Result<BackupFacts>>;
  /** Checkpoints, closes the file and ends the worker; calls made later fail with `store/locked`. */
  close(): Promise<void>;
};

/** The keys that a machine has by itself: with them the store opens, locked. */
export interface DeviceKeys {
  readonly storeKey: Uint8Array;
  readonly legacyKey: Uint8Array | null;
}

/** What the store needs. */
export interface StoreDeps {
  readonly dataDir: string;
  readonly device: DeviceKeys;
  readonly driver?: DriverName;
  /** Where the log's end is kept beside the database; best in another folder. `anchor` in the data folder unless told. */
  readonly anchorFile?: string;
}

/**
 * Opens the store of a data folder in its own thread: `store/locked` when another instance has it, `store/newer-schema`,
 * `store/damaged`. It opens locked: until `unlock`, what is sealed for the logged-in can neither be read nor written (`access/locked`). A
 * restore that was cut off is finished first.
 */
export async function openStore(deps: StoreDeps): Promise<Result<Store>> {
  const setup = openSetup(deps);
  finishRestore(deps.dataDir, 0);
  return startWorker(deps, setup);
}

/** The keys and files of a data folder, as its store and its backups need them. */
export interface StoreSetup extends WorkerSetup {
  readonly backupKey: Uint8Array;
}

/** The files of a data folder, and the keys below that of its machine. */
export function openSetup(deps: StoreDeps): StoreSetup {
  mkdirSync(deps.dataDir, { recursive: true, mode: 0o700 });
  const file = join(deps.dataDir, 'counter.db');
  const { storeKey, legacyKey } = deps.device;
  const derived = deriveStoreKeys(storeKey);
  return {
    file,
    deviceKey: storeKey,
    legacyKey,
    dataKeyFile: join(deps.dataDir, 'keys', 'data-keys.json'),
    anchor: { file: deps.anchorFile ?? join(deps.dataDir, 'anchor'), key: derived.anchor },
    epochKeyFile: join(deps.dataDir, 'keys', 'audit-epoch'),
    backupKey: derived.backup,
    ...(deps.driver === undefined ? {} : { driver: deps.driver }),
  };
}

async function startWorker({ dataDir }: StoreDeps, { backupKey, ...setup }: StoreSetup): Promise<Result<Store>> {
  const worker = new Worker(workerUrl('worker'), { workerData: setup, name: 'store' });
  const calls = createCalls(worker);
  const opened = await calls.opened;
  if (!opened.ok) {
    await worker.terminate();
    return opened;
  }
  const backup = async ({ at }: { readonly at: number }): Promise<Result<BackupFacts>> => {
    const snapshot = join(dataDir, `snapshot-${at}.db`);
    const copied = await calls.send({ operation: 'snapshot', input: { file: snapshot } });
    return copied.ok ? runBackup({ ...setup, at, snapshot, dataDir, backupKey }) : copied;
  };
  // A property per operation without naming each a second time.
  const operations = new Proxy({} as Store, {
    get: (_, name) => {
      if (name === 'close') return calls.close;
      if (name === 'backup') return backup;
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
  let hasExited = false;
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
  worker.on('exit', () => {
    hasExited = true;
    lose(closed);
  });
  const send = (request: { operation: string; input?: unknown }): Promise<Result<unknown>> => {
    if (isGone) return Promise.resolve(closed);
    const id = ++lastId;
    const reply = answer(id);
    worker.postMessage({ ...request, id } as StoreRequest);
    return reply;
  };
  return {
    send,
    opened: opened as Promise<Result<null>>,
    call: (operation: StoreOperation, input: unknown) => send({ operation, input }),
    close: async (): Promise<void> => {
      await send({ operation: 'close' });
      // It ends by itself: to be cut off in the middle of native code can take the process along.
      if (!hasExited) await once(worker, 'exit');
    },
  };
}

function runBackup(work: BackupWork): Promise<Result<BackupFacts>> {
  const worker = new Worker(workerUrl('backup-worker'), { workerData: work, name: 'backup' });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => resolve(fail('store/unwritable', 'backup')));
  });
}

// Run from source each module is its own file; a bundle has the workers beside it under these names.
function workerUrl(name: 'worker' | 'backup-worker'): URL {
  const built = name === 'worker' ? './store-worker.js' : './backup-worker.js';
  return new URL(import.meta.url.endsWith('.ts') ? `./${name}.ts` : built, import.meta.url);
}
