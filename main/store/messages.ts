import type { Failure } from '../../domain/failure.ts';
import type { DriverName } from './driver.ts';
import type { StoreOperation, StoreOperations } from './records.ts';

/** What the worker is started with; it opens the file at once and answers with `opened`. */
export interface WorkerSetup {
  readonly file: string;
  /** The library to use; the best that this machine has unless told. */
  readonly driver?: DriverName;
  /** Seals what must be readable before anybody has logged in; 16 bytes. */
  readonly deviceKey: Uint8Array;
  /** The one data key of before there were log-ins, until it has moved under a master key. */
  readonly legacyKey: Uint8Array | null;
  /** Where the wrapped data keys lie: beside the database, so that no copy of it brings an erased one back. */
  readonly dataKeyFile: string;
  readonly anchor: { readonly file: string; readonly key: Uint8Array };
  /** Where the MAC key of the log's present epoch lies. */
  readonly epochKeyFile: string;
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
  readonly deviceKey: Uint8Array;
  readonly legacyKey: Uint8Array | null;
  readonly backupKey: Uint8Array;
  readonly driver?: DriverName;
}

/** The answer to the call of the same id; id 0 is the answer to the opening. */
export type StoreReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly failure: Failure }
  | { readonly id: number; readonly ok: false; readonly bug: string };
