import '../../test/engine-fault.ts';
import { writeSync } from 'node:fs';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { anEntry, openUnlockedStore } from '../../test/main/store/opened-store.ts';

// A store on a disk that fails now and then: goes on until enough entries are promised, and prints `ack SEQ REF` or
// `refused CODE` for each try; every second one is followed by a checkpoint, unless the log is signed `behind` the answers only. Anything but a failure value would end it with an error.
const [dataDir = '', wanted = '0', tries = '0', signing = 'asked'] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);
const opened = await openUnlockedStore(dataDir);
if (!opened.ok) {
  say(`closed ${opened.failure.code}`);
  process.exit(0);
}
const store = opened.value;
// As after the first contact with an audit centre: no key of an epoch can be worked out any more.
const handed = await store.seedHandedOver({ gen: 1 });
if (!handed.ok) say(`refused ${handed.failure.code}`);
for (let number = 0, done = 0; number < Number(tries) && done < Number(wanted); number++) {
  const ref = `entry-${number}`;
  const written = await store.append({ entry: anEntry({ ref }), body: encodeUtf8('x'.repeat(1500)), business: null });
  if (written.ok) done += 1;
  say(written.ok ? `ack ${written.value.seq} ${ref}` : `refused ${written.failure.code}`);
  if (signing === 'behind' || number % 2 === 0) continue;
  const signed = await store.checkpoint({ at: 1_790_000_000_000 });
  if (!signed.ok) say(`refused ${signed.failure.code}`);
}
await store.close();
say('end');
