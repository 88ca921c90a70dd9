import { parentPort, workerData } from 'node:worker_threads';
import { systemRandom } from '../../domain/crypto/random.ts';
import { type Failure, ok, type Result } from '../../domain/failure.ts';
import type { OpenDriver, SqliteDriver } from './driver.ts';
import { chooseDriver } from './driver-choice.ts';
import { ChainBroken, openLedger } from './ledger.ts';
import type { StoreReply, StoreRequest, WorkerSetup } from './messages.ts';
import { prepareDatabase, sqliteFailure } from './opening.ts';
import { createOperations, RecordDamaged } from './operations.ts';
import { createRecordSealing } from './record-sealing.ts';
import type { StoreOperations } from './records.ts';

// The worker's entry: the one thread, and the one connection, that touches the database file.
const port = parentPort;
if (port === null) throw new Error('the store worker was not started as a worker');
serve(workerData as WorkerSetup, await chooseDriver((workerData as WorkerSetup).driver), (reply) => port.postMessage(reply));

function serve(setup: WorkerSetup, openDriver: OpenDriver, reply: (message: StoreReply) => void): void {
  const first = guarded(() => open(setup, openDriver));
  if (!first.ok) return reply({ id: 0, ...first });
  if (!first.value.ok) return reply({ id: 0, ...first.value });
  reply({ id: 0, ok: true, value: null });
  const session = createSession(first.value.value, () => open(setup, openDriver));
  port?.on('message', (request: StoreRequest) => {
    if (request.operation === 'close') {
      session.close();
      reply({ id: request.id, ok: true, value: null });
      port?.close();
      return;
    }
    reply({ id: request.id, ...session.run(request) });
  });
}

interface Opened {
  readonly db: SqliteDriver;
  readonly operations: StoreOperations;
}

type Call = Exclude<StoreRequest, { operation: 'close' }>;

/**
 * One connection after the other: after a failed read, write or sync the state of the file is not known, and a sync that
 * failed must not be tried again; so the connection is closed and the next call opens a new one, which reads what is there.
 */
function createSession(first: Opened, reopen: () => Result<Opened>) {
  let opened: Opened | null = first;
  const drop = (): void => {
    const { db } = opened ?? {};
    opened = null;
    guarded(() => db?.close());
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
      const current = ready();
      if (!current.ok) return current;
      const work = current.value.operations[call.operation] as (input: unknown) => unknown;
      const done = guarded(() => work(call.input));
      if (!done.ok && 'failure' in done && done.failure.code === 'store/unwritable') drop();
      return done;
    },
    close: (): void => {
      // A full or failing disk only means that the next start finds a longer log to read in.
      guarded(() => opened?.db.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
      drop();
    },
  };
}

function open(setup: WorkerSetup, openDriver: OpenDriver): Result<Opened> {
  const db = openDriver(setup.file);
  const prepared = prepareDatabase(db);
  if (!prepared.ok) {
    db.close();
    return prepared;
  }
  const sealing = createRecordSealing({ dataKeys: setup.dataKeys, random: systemRandom });
  return ok({ db, operations: createOperations({ db, sealing, ledger: openLedger({ db, sealing }) }) });
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
  if (error instanceof RecordDamaged) return { code: 'store/damaged', detail: 'a record does not open' };
  return sqliteFailure(error);
}
