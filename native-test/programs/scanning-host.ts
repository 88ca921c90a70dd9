import '../../test/engine-fault.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { createApp } from '../../main/app.ts';

// A counter that scans as fast as it can until somebody kills it. It prints `ack <scan id> <audit seq> <state>` for every
// verdict it shows: from then on the record must survive anything.
const [dataDir = '', url = '', enrolmentCode = '', ...codes] = process.argv.slice(2);
const silent = { info: () => {}, warn: () => {}, error: (facts: object, text: string) => console.error(text, facts) };
const opened = await createApp({
  dataDir,
  version: 'test',
  shell: 'kiosk',
  now: Date.now,
  monotonic: () => performance.now(),
  random: systemRandom,
  unattended: true,
  log: silent,
  platform: { url, ...(enrolmentCode === '' ? {} : { enrolmentCode }) },
});
if (!opened.ok) {
  console.error(opened.failure.code);
  process.exit(1);
}
const app = opened.value;
await app.ready;
console.log('ready');
const news = app.events.subscribe();
void scan();
for await (const event of news) {
  if (event.type === 'verdict') console.log(`ack ${event.granted.outcome.scanId} ${event.granted.auditSeq} ${event.granted.outcome.state}`);
  if (event.type === 'refused') console.log(`refused ${event.code}`);
}

async function scan(): Promise<void> {
  const run = `${process.pid}-${performance.timeOrigin}`;
  for (let number = 0; ; number++) {
    // Every third code is a real one that goes to the platform; the others are refused on the spot, and recorded all the same.
    const text = (number % 3 === 0 ? codes.shift() : undefined) ?? `ticket ${run} ${number}`;
    app.hub.submit({ source: 'serial', device: 'fake', bytes: encodeUtf8(text) });
    await app.hub.idle();
    if (number % 50 === 49) await app.cases.next();
  }
}
