import { dirname } from 'node:path';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { type Anchor, openAnchorFile } from './anchor-file.ts';
import { openAuditKeys } from './audit-keys.ts';
import { openEpochKeyFile } from './epoch-key-file.ts';
import type { OpenDriver, SqliteDriver } from './driver.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { createLogRenewal, type RenewLog } from './log-file.ts';
import { prepareDatabase } from './opening.ts';
import { syncFolder } from './folder-sync.ts';
import { readCompanyKey } from './company-key.ts';
import type { DataKeyBook } from './data-keys.ts';
import { createRecordSealing, type RecordSealing } from './record-sealing.ts';
import { resealForDevice } from './device-resealing.ts';

/** What opening a database with its ledger needs; a copy (a backup) has neither an anchor to compare its end with nor a file of epoch keys. */
export interface DatabaseDeps {
  readonly file: string;
  readonly openDriver: OpenDriver;
  readonly deviceKey: Uint8Array;
  readonly legacyKey: Uint8Array | null;
  /** The data keys of the logged-in; none are at hand while it is locked. */
  readonly book: DataKeyBook;
  readonly anchor: { readonly file: string; readonly key: Uint8Array } | null;
  readonly epochKeyFile: string | null;
  readonly random: RandomBytes;
  /** Whether the connection before this one failed: then the log must be carried over before anything is written behind it (`store/full` where it cannot). */
  readonly isAnew?: boolean;
  /** Told when something failed that nobody waits for: what comes next needs a new connection. */
  readonly onFault?: () => void;
}

/** A database that is ready: pragmas set, schema up to date, ledger checked. */
export interface OpenedDatabase {
  readonly db: SqliteDriver;
  readonly sealing: RecordSealing;
  readonly ledger: Ledger;
  readonly companyKey: () => Uint8Array;
  readonly renewLog: RenewLog;
  close(): void;
}

/** Opens a database file and its ledger, all in this thread; a SQLite error leaves as the failure it stands for or is thrown. */
export function openDatabase(deps: DatabaseDeps): Result<OpenedDatabase> {
  const held: { close(): void }[] = [];
  const hold: Hold = (one) => {
    held.unshift(one);
    return one;
  };
  const close = (): void => {
    for (const one of held.splice(0)) one.close();
  };
  try {
    const opened = openOn(hold, deps);
    if (!opened.ok) close();
    return opened.ok ? ok({ ...opened.value, close }) : opened;
  } catch (error) {
    // A connection left behind would lock out the next one for as long as the program runs.
    close();
    throw error;
  }
}

/** Keeps something to be closed with the database, before what was held earlier. */
type Hold = <T extends { close(): void }>(one: T) => T;

function openOn(hold: Hold, deps: DatabaseDeps): Result<Omit<OpenedDatabase, 'close'>> {
  const db = hold(deps.openDriver(deps.file));
  const prepared = prepareDatabase(db);
  if (!prepared.ok) return prepared;
  // The switch to WAL removed a rollback journal: were it to come back with a power cut, it would undo everything since.
  syncFolder(dirname(deps.file));
  const sealing = createRecordSealing(deps);
  if (deps.legacyKey !== null) resealForDevice(db, sealing);
  const epochKeys = deps.epochKeyFile === null ? null : hold(openEpochKeyFile({ file: deps.epochKeyFile, sealing }));
  const keys = openAuditKeys({ db, sealing, random: deps.random, epochKeys });
  if (keys === null) return fail('store/key-missing', 'audit keys');
  const anchor: Anchor | null = deps.anchor === null ? null : hold(openAnchorFile(deps.anchor));
  const companyKey = (): Uint8Array => readCompanyKey({ db, sealing, random: deps.random });
  const ledger = hold(openLedger({ db, sealing, keys, anchor, companyKey, onFault: deps.onFault }));
  const renewLog = createLogRenewal({ db, file: deps.file });
  // A process that was killed may have left there what was to be gone. And what the log says is on the disk then, so that no key but one is needed any more.
  const isCarried = renewLog();
  if (isCarried) epochKeys?.settle();
  else if (deps.isAnew === true) return fail('store/full');
  return ok({ db, sealing, ledger, companyKey, renewLog });
}
