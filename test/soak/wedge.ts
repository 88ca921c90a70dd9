import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createKeySender } from '../e2e/key-sender.ts';
import { createRandom } from '../e2e/random-numbers.ts';
import { proveScans, proveTyping, type ScanFigures, type TypingFigures, type WedgeStage } from '../e2e/wedge-proof.ts';
import { framedBursts, movingBurst } from '../e2e/wedge-bursts.ts';
import { choosers, choosing } from '../e2e/wedge-places.ts';
import { makePagedPdf } from '../e2e/paged-pdf.ts';
import { openXWindow } from '../e2e/x-window.ts';
import { createCounterBackend } from '../fakes/counter-backend.ts';
import { serveWindow } from '../fakes/window-server.ts';

// The keyboard wedge in a real window, by keys of a real X server: scans into every place and every focus, lines typed by hand.
const { values } = parseArgs({ options: { scans: { type: 'string', default: '1000' }, lines: { type: 'string', default: '1000' }, windows: { type: 'string', default: '4' }, seed: { type: 'string', default: '1' }, help: { type: 'boolean', default: false } } });
if (values.help) {
  console.log('--scans N     scans, over all places (1000); a fifth as many more with arrows among the first keys, and between a prefix and Tab\n--lines N     lines typed by hand (1000)\n--windows N   windows that are typed into at once (4)\n--seed N      of the random numbers (1)');
  process.exit(0);
}
const root = path.resolve(import.meta.dirname, '../..');
const [scans, lines, windows, seed] = [values.scans, values.lines, values.windows, values.seed].map(Number) as [number, number, number, number];

const scanned = await onStage(seed, async (stage) => {
  const any = await proveScans(stage, { scans });
  printScans('any key among them', any);
  const moving = await proveScans(stage, { scans: Math.ceil(scans / 5), focuses: choosers, allPlaces: choosing, makeBurst: movingBurst });
  printScans('arrows and their like among the first', moving);
  stage.backend.changeWedge({ prefix: '~{', suffix: '\t' });
  const framed = await proveScans(stage, { scans: Math.ceil(scans / 5), makeBurst: framedBursts('~{', '\t'), suffix: '\t' });
  printScans('between a prefix and Tab', framed);
  return [any, moving, framed];
});
const typed = await Promise.all(Array.from({ length: windows }, (_, index) => onStage(seed + 1 + index, (stage) => proveTyping(stage, Math.ceil(lines / windows)))));
printTyping(typed);
process.exit([...scanned.flatMap((part) => [part.lost, part.altered, part.leaked, part.accelerated]), ...typed.flatMap((part) => [part.takenForScans, part.mistyped])].some((faults) => faults.length > 0) ? 1 : 0);

/** Opens a window of its own with a backend that only takes codes down. */
async function onStage<T>(seedOfStage: number, run: (stage: WedgeStage) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-wedge-'));
  const backend = createCounterBackend({ now: () => Date.now(), certificatePdf: await makePagedPdf(), answersScans: false });
  // A copy, so that a build that runs meanwhile changes nothing here.
  cpSync(path.join(root, 'dist/window'), path.join(folder, 'window'), { recursive: true });
  const server = await serveWindow(path.join(folder, 'window'), backend);
  const window = await openXWindow({ address: server.url, folder });
  try {
    await window.page.getByTestId('chip-platform').waitFor();
    return await run({ page: window.page, backend, keys: createKeySender(window.display), random: createRandom(seedOfStage), report: (text) => console.log(`  ${text}`) });
  } finally {
    await window.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function printScans(what: string, { scans: count, places, focused, repeated, lost, altered, leaked, accelerated }: ScanFigures): void {
  console.log(`  ${count} scans (${what}) at 0 to 20 ms into ${places} places, ${focused} focuses (${repeated} repeated, pressed too slowly by this machine): ${lost.length} lost, ${altered.length} altered, ${leaked.length} leaked, ${accelerated.length} commands`);
  for (const [name, faults] of Object.entries({ lost, altered, leaked, commands: accelerated })) for (const fault of faults.slice(0, 20)) console.log(`    ${name}: ${fault}`);
}

function printTyping(parts: readonly TypingFigures[]): void {
  const [takenForScans, mistyped] = [parts.flatMap((part) => part.takenForScans), parts.flatMap((part) => part.mistyped)];
  const [count, keys] = [parts.reduce((sum, part) => sum + part.lines, 0), parts.reduce((sum, part) => sum + part.keys, 0)];
  console.log(`  ${count} lines (${keys} keys) typed by hand: ${takenForScans.length} taken for scans, ${mistyped.length} mistyped`);
  for (const fault of [...takenForScans, ...mistyped].slice(0, 20)) console.log(`    ${fault}`);
}
