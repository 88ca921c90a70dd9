/** What a column can hold; blobs come back as Uint8Array. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** One row as the driver hands it over: column name to value. */
export type Row = Readonly<Record<string, SqlValue>>;

/** A connection that can only read: what a listing or a check is given. */
export interface ReadableDb {
  get(sql: string, ...parameters: readonly SqlValue[]): Row | null;
  all(sql: string, ...parameters: readonly SqlValue[]): readonly Row[];
}

/** A connection that can also write; `transaction` commits when the work returns and rolls back when it throws. */
export interface WritableDb extends ReadableDb {
  run(sql: string, ...parameters: readonly SqlValue[]): void;
  transaction<T>(work: () => T): T;
}

/**
 * The whole of what the store needs of SQLite, in one thread and, but for `backup`, synchronous. Two implementations run the
 * same tests; a failure is thrown as an Error whose `code` is SQLite's result name (`SQLITE_FULL`, `SQLITE_IOERR_FSYNC`).
 */
export interface SqliteDriver extends WritableDb {
  /** Runs statements without parameters or rows. */
  exec(sql: string): void;
  /** Runs one pragma and gives its single value, or null when it has none. */
  pragma(text: string): SqlValue;
  /** Copies the database as it is into a new file, a few pages at a time; what is written meanwhile is in the copy. */
  backup(file: string): Promise<void>;
  close(): void;
}

/** Which SQLite library the store runs on. */
export type DriverName = 'better-sqlite3' | 'node:sqlite';

/** Opens a database file. */
export type OpenDriver = (file: string) => SqliteDriver;
