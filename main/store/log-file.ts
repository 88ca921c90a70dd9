import { closeSync, fdatasyncSync, openSync, statSync, writeSync } from 'node:fs';
import { numberColumn } from './columns.ts';
import type { ReadableDb } from './driver.ts';

const headerLength = 32;
const frameHeaderLength = 24;
// Below `wal_autocheckpoint`: in a file no longer than this the log was not begun anew meanwhile, so that nothing older lies behind what is used.
const mostFrames = 999;
const zeros = new Uint8Array(2 ** 16);

/** Begins a connection's write-ahead log anew, all of it carried over into the database file: what stood in it is gone. */
export type RenewLog = () => void;

/**
 * Makes the renewal of one connection. The first cuts the log to nothing, the next write zeros over what was used, and the file
 * stays as long as it is (up to 4 MB): a commit then writes over blocks that the file has. Were the file to grow with each, each sync would also
 * have to write down that it grew, which doubles its cost. Does nothing within a transaction or for a file without a log.
 */
export function createLogRenewal({ db, file }: { readonly db: ReadableDb; readonly file: string }): RenewLog {
  let isClean = false;
  return () => {
    // After RESTART the next writer begins the log from its start, which SQLite promises; nothing reads what stands in it now.
    const carried = db.get('PRAGMA wal_checkpoint(RESTART)');
    if (carried === null || carried['busy'] !== 0) return;
    const log = `${file}-wal`;
    const frameLength = frameHeaderLength + pageSizeOf(db);
    if (isClean && statSync(log).size <= headerLength + mostFrames * frameLength) return void overwrite(log, headerLength + numberColumn(carried, 'log') * frameLength);
    isClean = db.get('PRAGMA wal_checkpoint(TRUNCATE)')?.['busy'] === 0;
  };
}

function overwrite(log: string, length: number): void {
  const handle = openSync(log, 'r+');
  try {
    // First the header by itself: the beginning of a log that still counts would be in force over what is newer in the database.
    writeSync(handle, zeros, 0, headerLength, 0);
    fdatasyncSync(handle);
    for (let at = headerLength; at < length; at += zeros.length) writeSync(handle, zeros, 0, Math.min(zeros.length, length - at), at);
    // Not left to the next commit, which may be hours away: until then a power cut would leave the key there, and a log that looks damaged.
    fdatasyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function pageSizeOf(db: ReadableDb): number {
  const row = db.get('PRAGMA page_size');
  return row === null ? 0 : numberColumn(row, 'page_size');
}
