import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chooseDriver } from './driver-choice.ts';
import { sqliteFailure } from './opening.ts';

/** Whether another instance holds the store of a data folder at this moment: asked before a window is opened. The store's own opening decides. */
export async function isStoreHeld(dataDir: string): Promise<boolean> {
  const file = join(dataDir, 'counter.db');
  if (!existsSync(file)) return false;
  const open = await chooseDriver();
  try {
    const database = open(file);
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
