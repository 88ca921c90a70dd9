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
  readonly anchor: { readonly file: string; readonly key: Uint8Array };
  readonly companyKey: Uint8Array;
}

/** A call to the worker; `snapshot` copies the database while others write, `close` is answered after the file is closed. */
export type StoreRequest =
  | { readonly [K in StoreOperation]: { readonly id: number; readonly operation: K; readonly input: Parameters<StoreOperations[K]>[0] } }[StoreOperation]
  | { readonly id: number; readonly operation: 'snapshot'; readonly input: { readonly file: string } }
  | { readonly id: number; readonly operation: 'close' };

/** What the backup thread is started with. */
export interface BackupWork {
  readonly at: number;
  readonly snapshot: string;
  readonly dataDir: string;
  readonly dataKeys: DataKeys;
  readonly companyKey: Uint8Array;
  readonly backupKey: Uint8Array;
  readonly driver?: DriverName;
}

/** The answer to the call of the same id; id 0 is the answer to the opening. */
export type StoreReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly failure: Failure }
  | { readonly id: number; readonly ok: false; readonly bug: string };
