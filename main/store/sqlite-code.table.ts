/** SQLite's primary result codes by number. */
const primaryCodes: Readonly<Record<number, string>> = {
  1: 'ERROR',
  2: 'INTERNAL',
  3: 'PERM',
  4: 'ABORT',
  5: 'BUSY',
  6: 'LOCKED',
  7: 'NOMEM',
  8: 'READONLY',
  9: 'INTERRUPT',
  10: 'IOERR',
  11: 'CORRUPT',
  12: 'NOTFOUND',
  13: 'FULL',
  14: 'CANTOPEN',
  15: 'PROTOCOL',
  16: 'EMPTY',
  17: 'SCHEMA',
  18: 'TOOBIG',
  19: 'CONSTRAINT',
  20: 'MISMATCH',
  21: 'MISUSE',
  22: 'NOLFS',
  23: 'AUTH',
  25: 'RANGE',
  26: 'NOTADB',
};

/** Extended input and output errors that a report should tell apart. */
const inputOutput: Readonly<Record<number, string>> = {
  1: 'READ',
  2: 'SHORT_READ',
  3: 'WRITE',
  4: 'FSYNC',
  5: 'DIR_FSYNC',
  6: 'TRUNCATE',
  7: 'FSTAT',
  8: 'UNLOCK',
  10: 'DELETE',
  15: 'LOCK',
  19: 'SHMMAP',
};

/** The name of a result code, primary or extended: 13 → `SQLITE_FULL`, 1034 → `SQLITE_IOERR_FSYNC`. */
export function bySqliteCode(code: number): string {
  const primary = primaryCodes[code & 0xff] ?? 'UNKNOWN';
  const extended = (code & 0xff) === 10 ? inputOutput[code >>> 8] : undefined;
  return `SQLITE_${primary}${extended === undefined ? '' : `_${extended}`}`;
}
