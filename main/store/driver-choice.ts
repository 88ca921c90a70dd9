import type { DriverName, OpenDriver } from './driver.ts';

/**
 * The library that the store runs on: the named one, else better-sqlite3, else, where its native addon cannot be loaded
 * (LoongArch, an old C library), the SQLite inside Node. One process uses one library only.
 */
export async function chooseDriver(named?: DriverName): Promise<OpenDriver> {
  if (named === 'node:sqlite') return openNode();
  try {
    const { openBetterSqlite } = await import('./better-sqlite.ts');
    // The addon is loaded at the first opening, not at the import.
    openBetterSqlite(':memory:').close();
    return openBetterSqlite;
  } catch (error) {
    if (named === 'better-sqlite3') throw error;
    return openNode();
  }
}

async function openNode(): Promise<OpenDriver> {
  const { openNodeSqlite } = await import('./node-sqlite.ts');
  return openNodeSqlite;
}
