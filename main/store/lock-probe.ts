import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sqliteFailure } from './opening.ts';

/** Whether another instance holds the store of a data folder at this moment: asked before a window is opened. The store's own opening decides. */
export function isStoreHeld(dataDir: string): boolean {
  const file = join(dataDir, 'counter.db');
  if (!existsSync(file)) return false;
  try {
    const database = new Database(file, { readonly: true, timeout: 0 });
    try {
      database.pragma('schema_version');
    } finally {
      database.close();
    }
    return false;
  } catch (error) {
    return sqliteFailure(error)?.code === 'store/locked';
  }
}
