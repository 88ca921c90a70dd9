import { parentPort, workerData } from 'node:worker_threads';
import { systemRandom } from '../../domain/crypto/random.ts';
import { type Failure, ok, type Result } from '../../domain/failure.ts';
import type { OpenDriver, SqliteDriver } from './driver.ts';
import { chooseDriver } from './driver-choice.ts';
import { type DataKeyBook, openDataKeys } from './data-keys.ts';
import { ChainBroken } from './ledger.ts';
import type { StoreReply, StoreRequest, WorkerSetup } from './messages.ts';
import { openDatabase } from './opened-database.ts';
import { sqliteFailure } from './opening.ts';
import { createOperations, RecordDamaged } from './operations.ts';
import { KeysLocked } from './record-sealing.ts';
import type { StoreOperations } from './records.ts';

// The worker's entry: the one thread, and the one connection, that touches the database file.
const port = parentPort;
if (port === null) throw new Error('the store worker was not started as a worker');
serve(workerData as WorkerSetup, await chooseDriver((workerData as WorkerSetup).driver), (reply) => port.postMessage(reply));

function serve(setup: WorkerSetup, openDriver: OpenDriver, reply: (message: StoreReply) => void): void {
  // Outlives a connection that is opened anew: who has logged in stays so.
  const book = openDataKeys({ file: setup.dataKeyFile, random: systemRandom });
  if (book === null) return reply({ id: 0, ok: false, failure: { code: 'store/damaged', detail: 'data keys' } });
  const first = guarded(() => open(setup, openDriver, book, false));
  if (!first.ok) return reply({ id: 0, ...first });
  if (!first.value.ok) return reply({ id: 0, ...first.value });
  reply({ id: 0, ok: true, value: null });
  const session = createSession(first.value.value, () => open(setup, openDriver, book, true));
  port?.on('message', (request: StoreRequest) => {
    if (request.operation === 'close') {
      session.close();
      reply({ id: request.id, ok: true, value: null });
      port?.close();
      return;
    }
    if (request.operation === 'snapshot') return void session.snapshot(request.input.file).then((done) => reply({ id: request.id, ...done }));
    reply({ id: request.id, ...session.run(request) });
  });
}

interface Opened {
  readonly db: SqliteDriver;
  readonly close: () => void;
  readonly operations: StoreOperations;
  /** Whether its disk failed in something that was done all the same. */
  readonly hasFailed: () => boolean;
}

type Call = Exclude<StoreRequest, { operation: 'close' | 'snapshot' }>;

/**
 * One connection after the other: after a failed read, write or sync the state of the file is not known, and a sync that
 * failed must not be tried again; so the connection is closed and the next call opens a new one, which reads what is there.
 */
function createSession(first: Opened, reopen: () => Result<Opened>) {
  let opened: Opened | null = first;
  // A question was answered over a disk that failed: the next that is no question has a new connection.
  const isDoubtful = (call: Call): boolean => opened?.hasFailed() === true && call.operation !== 'search' && call.operation !== 'activity';
  const drop = (): void => {
    const last = opened;
    opened = null;
    guarded(() => last?.close());
  };
  const ready = (): Guarded<Opened> => {
    if (opened !== null) return { ok: true, value: opened };
    const again = guarded(reopen);
    if (!again.ok) return again;
    if (!again.value.ok) return again.value;
    opened = again.value.value;
    return { ok: true, value: opened };
  };
  return {
    run: (call: Call): Guarded<unknown> => {
      if (isDoubtful(call)) drop();
      const current = ready();
      if (!current.ok) return current;
      const work = current.value.operations[call.operation] as (input: unknown) => unknown;
      const done = guarded(() => work(call.input));
      if (!done.ok && 'failure' in done && done.failure.code === 'store/unwritable') drop();
      return done;
    },
    snapshot: async (file: string): Promise<Guarded<null>> => {
      if (opened?.hasFailed() === true) drop();
      const current = ready();
      if (!current.ok) return current;
      try {
        await current.value.db.backup(file);
        return { ok: true, value: null };
      } catch (error) {
        return guarded(() => {
          throw error;
        });
      }
    },
    close: (): void => {
      // A full or failing disk only means that the next start finds a longer log to read in.
      guarded(() => opened?.db.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
      drop();
    },
  };
}

function open(setup: WorkerSetup, openDriver: OpenDriver, book: DataKeyBook, isAnew: boolean): Result<Opened> {
  let failures = 0;
  const onFault = (): void => {
    failures += 1;
  };
  const database = openDatabase({ ...setup, book, openDriver, random: systemRandom, isAnew, onFault });
  if (!database.ok) return database;
  const { close, ...opened } = database.value;
  const hasFailed = (): boolean => failures > 0;
  return ok({ db: opened.db, close, hasFailed, operations: createOperations({ ...opened, book, legacyKey: setup.legacyKey, onFault, hasFailed }) });
}

type Guarded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure } | { readonly ok: false; readonly bug: string };

function guarded<T>(work: () => T): Guarded<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    const failure = failureOf(error);
    return failure === null ? { ok: false, bug: String(error instanceof Error ? error.stack : error) } : { ok: false, failure };
  }
}

function failureOf(error: unknown): Failure | null {
  if (error instanceof ChainBroken) return { code: 'audit/chain-broken' };
  if (error instanceof KeysLocked) return { code: 'access/locked' };
  if (error instanceof RecordDamaged) return { code: 'store/damaged', detail: 'a record does not open' };
  return sqliteFailure(error) ?? keyFileFailure(error);
}

// Beside the database the files of the data keys and of the epoch keys are written here.
function keyFileFailure(error: unknown): Failure | null {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return null;
  return { code: error.code === 'ENOSPC' ? 'store/full' : 'store/unwritable', detail: 'key file' };
}
