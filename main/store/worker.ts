import { parentPort, workerData } from 'node:worker_threads';
import { systemRandom } from '../../domain/crypto/random.ts';
import { type Failure, ok, type Result } from '../../domain/failure.ts';
import { openBetterSqlite } from './better-sqlite.ts';
import type { SqliteDriver } from './driver.ts';
import { ChainBroken, openLedger } from './ledger.ts';
import type { StoreReply, StoreRequest, WorkerSetup } from './messages.ts';
import { prepareDatabase, sqliteFailure } from './opening.ts';
import { createOperations, RecordDamaged } from './operations.ts';
import { createRecordSealing } from './record-sealing.ts';
import type { StoreOperations } from './records.ts';

// The worker's entry: the one thread, and the one connection, that touches the database file.
const port = parentPort;
if (port === null) throw new Error('the store worker was not started as a worker');
serve(workerData as WorkerSetup, (reply) => port.postMessage(reply));

function serve(setup: WorkerSetup, reply: (message: StoreReply) => void): void {
  const opening = guarded(() => open(setup));
  if (!opening.ok) return reply({ id: 0, ...opening });
  if (!opening.value.ok) return reply({ id: 0, ...opening.value });
  reply({ id: 0, ok: true, value: null });
  const { db, operations } = opening.value.value;
  port?.on('message', (request: StoreRequest) => {
    if (request.operation === 'close') {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      db.close();
      reply({ id: request.id, ok: true, value: null });
      port?.close();
      return;
    }
    const run = operations[request.operation] as (input: unknown) => unknown;
    reply({ id: request.id, ...guarded(() => run(request.input)) });
  });
}

interface Opened {
  readonly db: SqliteDriver;
  readonly operations: StoreOperations;
}

function open(setup: WorkerSetup): Result<Opened> {
  const db = openBetterSqlite(setup.file);
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
