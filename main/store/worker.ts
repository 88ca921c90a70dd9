import { parentPort, workerData } from 'node:worker_threads';
import { systemRandom } from '../../domain/crypto/random.ts';
import type { Failure } from '../../domain/failure.ts';
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
  const opening = guarded(0, () => open(setup));
  reply(opening.ok ? { id: 0, ok: true, value: null } : opening);
  if (!opening.ok) return;
  const { db, operations } = opening.value as Opened;
  port?.on('message', (request: StoreRequest) => {
    if (request.operation === 'close') {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      db.close();
      reply({ id: request.id, ok: true, value: null });
      port?.close();
      return;
    }
    const run = operations[request.operation] as (input: unknown) => unknown;
    reply(guarded(request.id, () => run(request.input)));
  });
}

interface Opened {
  readonly db: SqliteDriver;
  readonly operations: StoreOperations;
}

class OpeningFailed extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
  }
}

function open(setup: WorkerSetup): Opened {
  const db = openBetterSqlite(setup.file);
  const prepared = prepareDatabase(db);
  if (!prepared.ok) {
    db.close();
    throw new OpeningFailed(prepared.failure);
  }
  const sealing = createRecordSealing({ dataKeys: setup.dataKeys, random: systemRandom });
  return { db, operations: createOperations({ db, sealing, ledger: openLedger({ db, sealing }) }) };
}

function guarded(id: number, work: () => unknown): StoreReply {
  try {
    return { id, ok: true, value: work() };
  } catch (error) {
    const failure = failureOf(error);
    return failure === null ? { id, ok: false, bug: String(error instanceof Error ? error.stack : error) } : { id, ok: false, failure };
  }
}

function failureOf(error: unknown): Failure | null {
  if (error instanceof OpeningFailed) return error.failure;
  if (error instanceof ChainBroken) return { code: 'audit/chain-broken' };
  if (error instanceof RecordDamaged) return { code: 'store/damaged', detail: 'a record does not open' };
  return sqliteFailure(error);
}
