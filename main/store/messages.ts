import type { Failure } from '../../domain/failure.ts';
import type { DriverName } from './driver.ts';
import type { DataKeys } from './record-sealing.ts';
import type { StoreOperation, StoreOperations } from './records.ts';

/** What the worker is started with; it opens the file at once and answers with `opened`. */
export interface WorkerSetup {
  readonly file: string;
  /** The library to use; the best that this machine has unless told. */
  readonly driver?: DriverName;
  readonly dataKeys: DataKeys;
}

/** A call to the worker; `close` is answered after the file is closed. */
export type StoreRequest =
  | { readonly [K in StoreOperation]: { readonly id: number; readonly operation: K; readonly input: Parameters<StoreOperations[K]>[0] } }[StoreOperation]
  | { readonly id: number; readonly operation: 'close' };

/** The answer to the call of the same id; id 0 is the answer to the opening. */
export type StoreReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly failure: Failure }
  | { readonly id: number; readonly ok: false; readonly bug: string };
