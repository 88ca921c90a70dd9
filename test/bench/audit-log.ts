import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { systemRandom } from '../../domain/crypto/random.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { openDeviceKeys } from '../../main/device-keys.ts';
import { openDataKeys } from '../../main/store/data-keys.ts';
import type { SqliteDriver } from '../../main/store/driver.ts';
import { chooseDriver } from '../../main/store/driver-choice.ts';
import { checkpointEvery } from '../../main/store/ledger.ts';
import { type OpenedDatabase, openDatabase } from '../../main/store/opened-database.ts';
import type { Append } from '../../main/store/records.ts';
import { openSetup } from '../../main/store/store.ts';
import { anEntry, aScan, openingCase } from '../main/store/opened-store.ts';

/** When the first entry of such a log was made, and how long after it each next one was: a million fill about four months. */
export const firstAt = Date.parse('2026-07-01T01:00:00Z');
export const stepMs = 10_000;

const companies = 20_000;
const atOnce = 10_000;

/** The name of the company that a scan is about. */
export function companyOf(number: number): string {
  return `上海第${number % companies}号科技有限公司`;
}

/** Opens the log of a data folder as the store's thread does, but in this thread; `openedStore` opens it afterwards. */
export async function openLog(dataDir: string, change: (db: SqliteDriver) => SqliteDriver = (db) => db): Promise<OpenedDatabase> {
  const device = await openDeviceKeys({ dataDir, random: systemRandom });
  if (!device.ok) throw new Error(device.failure.code);
  const setup = openSetup({ dataDir, device: device.value });
  const book = openDataKeys({ file: setup.dataKeyFile, random: systemRandom });
  if (book === null) throw new Error('the data keys do not open');
  book.unlock(new Uint8Array(16).fill(7));
  const openDriver = await chooseDriver();
  const opened = openDatabase({ ...setup, book, random: systemRandom, openDriver: (file) => change(openDriver(file)) });
  if (!opened.ok) throw new Error(opened.failure.code);
  return opened.value;
}

/**
 * Fills the log of a data folder by the store's own code, entry by entry and checkpoint by checkpoint; only that ten thousand
 * of them are committed at once. Every second entry is a scan's verdict with its row and its company.
 */
export async function fillLog(dataDir: string, entries: number): Promise<void> {
  const { db, ledger, close } = await openLog(dataDir, (driver) => ({ ...driver, transaction: (work) => work(), get: (sql, ...values) => (sql.startsWith('PRAGMA') ? null : driver.get(sql, ...values)) }));
  db.exec('PRAGMA synchronous = OFF; BEGIN');
  for (let number = ledger.head().seq; number < entries; number++) {
    ledger.append(number === 0 ? openingCase : entryOf(number));
    // Entries that come one by one are signed each hundred, between them.
    if (number % checkpointEvery === checkpointEvery - 1) await pause();
    if (number % atOnce === atOnce - 1) db.exec('COMMIT; BEGIN');
  }
  ledger.checkpoint({ at: firstAt + entries * stepMs });
  db.exec('COMMIT; PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)');
  close();
}

/** Whether a data folder holds a log already. */
export function isFilled(dataDir: string): boolean {
  return existsSync(join(dataDir, 'counter.db'));
}

/** What the bench records as its entry of that number. */
export function entryOf(number: number): Append {
  const entry = { at: firstAt + number * stepMs, actor: `PD${number % 12}` };
  if (number % 2 === 0) return { entry: anEntry({ ...entry, type: 'data.revealed', ref: `scan-${number - 1}` }), body: encodeUtf8(`{"fields":["phone","idNumber"],"of":${number}}`), business: null };
  const scan = aScan(`scan-${number}`, companyOf(number));
  if (scan.business?.table !== 'scan') throw new Error('a scan has a row');
  const state = number % 50 === 1 ? 'expired' : 'verified';
  const row = { ...scan.business, scan: { ...scan.business.scan, state, scannedAt: entry.at, bizNum: `PD-${number % 5000}` } as const, companies: [companyOf(number)] };
  return { ...scan, entry: anEntry({ ...entry, type: 'scan.verdict', result: state, ref: `scan-${number}` }), business: row };
}
