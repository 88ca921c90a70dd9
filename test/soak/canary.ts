import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { createCanaryCounter, lookIntoMemory, lookThrough } from '../fakes/canary-run.ts';
import type { Hit } from '../fakes/canary-search.ts';
import { findChromium } from '../e2e/chromium.ts';
import { startPlatform } from '../main/running-counter.ts';

// `npm run soak -- canary [--kills N]`: whole cases in a real browser window, kills at chance moments, and after each a look
// through every file that counter and browser wrote; after each lock a look into the host's memory.
const { values } = parseArgs({ options: { kills: { type: 'string', default: '10' }, help: { type: 'boolean', default: false } } });
if (values.help) {
  console.log('npm run soak -- canary [--kills N]\n\n--kills N  kills at chance moments (10)');
  process.exit(0);
}
const kills = Number(values.kills);
const platform = await startPlatform();
const counter = createCanaryCounter(platform);
const hits: Hit[] = [];
const counts = { cases: 0, kills: 0, files: 0, memory: 0, looks: 0 };
let canaries = 0;
let isControlled = false;
try {
  for (let round = 0; round < kills; round += 1) {
    await counter.start();
    const browser = await chromium.launchPersistentContext(path.join(counter.folder, 'browser'), { executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu', '--no-first-run'], viewport: { width: 1366, height: 768 } });
    const page = await browser.newPage();
    await page.goto(counter.address());
    await page.getByTestId('waiting').or(page.getByTestId('verdict')).first().waitFor();
    await counter.work(round * 2);
    await page.getByTestId('nav-records').click();
    await page.getByTestId('record').first().waitFor();
    counts.cases += 1;
    if (round === 0) isControlled = await findsKeysWhileOpen();
    await counter.lock();
    await page.locator('[data-testid="door"]').waitFor();
    const { keys } = await counter.canaries();
    const memory = lookIntoMemory(counter.pid(), keys, { printed: true });
    counts.memory += memory.bytes;
    counts.looks += 1;
    hits.push(...memory.hits);
    await counter.logIn();
    // In the middle of the next case.
    const working = counter.work(round * 2 + 1).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 600));
    await counter.kill();
    counts.kills += 1;
    await browser.close();
    void working;
    const known = await counter.canaries();
    canaries = known.personal.length + known.keys.length;
    const found = lookThrough(counter.folder, [...known.personal, ...known.keys]);
    counts.files += found.files;
    hits.push(...found.hits);
    console.log(`  kill ${counts.kills}: ${canaries} canaries, ${found.files} files, ${hits.length} hits so far`);
  }
} finally {
  counter.remove();
  await platform.close();
}
for (const { canary, encoding, place } of hits.slice(0, 40)) console.log(`  FOUND ${canary} as ${encoding} in ${place}`);
console.log(`  ${canaries} canaries in 7 encodings; ${counts.cases} cases seen in a window, ${counts.kills} kills, ${counts.files} files read, ${(counts.memory / 1e9).toFixed(1)} GB of memory in ${counts.looks} looks after a lock: ${hits.length} hits`);
console.log(`  control: while somebody works the master key ${isControlled ? 'is' : 'is NOT'} found in memory`);
process.exit(hits.length === 0 && isControlled ? 0 : 1);

/** Keys can be read only of a counter at rest: locked, read, logged in again, looked for. */
async function findsKeysWhileOpen(): Promise<boolean> {
  await counter.lock();
  const { keys } = await counter.canaries();
  await counter.logIn();
  return lookIntoMemory(counter.pid(), keys.slice(0, 1), { printed: false }).hits.some(({ canary }) => canary === 'master key');
}
