import { closeSync, existsSync, fdatasyncSync, openSync, statSync, writeSync } from 'node:fs';
import type { ReadableDb } from './driver.ts';
import { sqliteFailure } from './opening.ts';

const headerLength = 32;
const zeros = new Uint8Array(2 ** 16);

/** Begins a connection's write-ahead log anew, all of it carried over into the database file: what stood in it is written over. False where it could not be carried over. */
export type RenewLog = () => boolean;

/**
 * Makes the renewal of one connection, for when something was removed that must be gone: a key that was handed over, the digests of
 * an erased day. Does nothing within a transaction or for a file without a log; a full disk leaves it to the next opening.
 */
export function createLogRenewal({ db, file }: { readonly db: ReadableDb; readonly file: string }): RenewLog {
  const log = `${file}-wal`;
  return () => {
    if (!existsSync(log) || statSync(log).size === 0) return true;
    try {
      // After RESTART the next writer begins the log from its start, which SQLite promises; nothing reads what stands in it now.
      if (db.get('PRAGMA wal_checkpoint(RESTART)')?.['busy'] !== 0) return false;
      overwrite(log);
      return true;
    } catch (error) {
      if (sqliteFailure(error)?.code !== 'store/full') throw error;
      return false;
    }
  };
}

function overwrite(log: string): void {
  const handle = openSync(log, 'r+');
  try {
    // First the header by itself: the beginning of a log that still counts would be in force over what is newer in the database.
    writeSync(handle, zeros, 0, headerLength, 0);
    fdatasyncSync(handle);
    const { size } = statSync(log);
    for (let at = headerLength; at < size; at += zeros.length) writeSync(handle, zeros, 0, Math.min(zeros.length, size - at), at);
    // Not left to the next commit, which may be hours away: until then a power cut would leave a log that looks damaged.
    fdatasyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
