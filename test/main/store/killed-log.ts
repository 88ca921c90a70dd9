import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenDriver } from '../../../main/store/driver.ts';
import type { OpenedDatabase } from '../../../main/store/opened-database.ts';
import { openCut, type Promised } from '../../../native-test/durability/cut-store.ts';
import { anEntry, makeFolder } from './opened-store.ts';

/** Of what a log consists on the disk. */
export const logFiles = ['counter.db', 'counter.db-wal', 'anchor', 'audit-epoch'] as const;

/** Opens the log of a folder in this thread. */
export function openIn(folder: string, openDriver: OpenDriver): OpenedDatabase {
  const opened = openCut(folder, openDriver);
  if (!opened.ok) throw new Error(opened.failure.code);
  return opened.value;
}

/** The files as a killed process would leave them at this moment. */
export function leaveAsIs(folder: string): string {
  const copy = makeFolder();
  for (const name of logFiles) if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(copy, name));
  return copy;
}

/** Appends an entry about its number. */
export function appendOne({ ledger }: OpenedDatabase, number: number): Promised {
  const ref = `r${number}`;
  return { seq: ledger.append({ entry: anEntry({ ref }), body: null, business: null }).seq, ref };
}
