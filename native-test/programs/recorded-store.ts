import { writeSync } from 'node:fs';
import { setImmediate as pause } from 'node:timers/promises';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { DriverName } from '../../main/store/driver.ts';
import { chooseDriver } from '../../main/store/driver-choice.ts';
import { anEntry } from '../../test/main/store/opened-store.ts';
import { openCut } from '../durability/cut-store.ts';

// Appends entries one after another and prints `ack SEQ REF` behind each, so that what was promised stands in the same
// record of system calls as what was written. `NORMAL` is the negative control: not as durable as the store promises. `behind`:
// nobody asks for a checkpoint, and a run of entries without a pause stands in the midst.
const [folder = '', entries = '0', synchronous = 'FULL', driver = 'better-sqlite3', carryOver = '40', signing = 'asked'] = process.argv.slice(2);
const opened = openCut(folder, await chooseDriver(driver as DriverName));
if (!opened.ok) throw new Error(opened.failure.code);
const { db, ledger, renewLog } = opened.value;
// As after the first contact with an audit centre: nothing but the file of epoch keys leads to the present one.
ledger.keys.dropSeed(1);
db.pragma(`synchronous = ${synchronous}`);
// Often enough, unless told, that the log is carried over into the database file several times.
db.pragma(`wal_autocheckpoint = ${carryOver}`);
for (let number = 0; number < Number(entries); number++) {
  const ref = `entry-${number}`;
  const { seq } = ledger.append({ entry: anEntry({ ref }), body: encodeUtf8(`body of ${ref} `.repeat(20)), business: null });
  writeSync(1, `ack ${seq} ${ref}\n`);
  // What waits until the thread has nothing else to do is written in a pause: anchor, checkpoint and epoch key.
  if (signing === 'behind') {
    if (number < 120 || number > 340) await pause();
    continue;
  }
  if (number % 25 === 24) ledger.checkpoint({ at: 1_790_000_000_000 });
  if (number % 40 === 39) renewLog();
  if (number % 3 === 0) await pause();
}
