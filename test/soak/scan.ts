import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runPayloads } from './payload-runs.ts';
import { runFrames, runReplugs } from './scan-runs.ts';

// `npm run soak -- scan [frames|replugs|payloads]`: 10,000 frames through a real line in two ways of marking, 200 unplugs,
// a million payloads through hub and classifier. `SCAN_SOAK=small` is for trying it out.
const parts = ['frames', 'replugs', 'payloads'] as const;
const { values, positionals } = parseArgs({ options: { help: { type: 'boolean', default: false } }, allowPositionals: true });
if (values.help) {
  console.log(`npm run soak -- scan [${parts.join('|')}]\n\nWithout a name: all three, one after another.`);
  process.exit(0);
}
const only = parts.find((part) => part === positionals[0]);
if (positionals.length > 0 && only === undefined) throw new Error(`there is no part ${positionals[0]}: ${parts.join(', ')}`);
const isSmall = process.env['SCAN_SOAK'] === 'small';
const folder = mkdtempSync(path.join(tmpdir(), 'scan-soak-'));
const faults: string[] = [];

function report(name: string, count: object, good: boolean): void {
  console.log(name, JSON.stringify(count, (_, value: unknown) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value)));
  if (!good) faults.push(name);
}

if (only === undefined || only === 'frames') {
  for (const marks of ['suffix', 'both'] as const) {
    const count = await runFrames({ folder, frames: isSmall ? 500 : 10_000, marks });
    report(`frames (${marks})`, count, count.lost + count.invented + count.outOfOrder === 0 && count.splitsSeen > 0);
  }
}
if (only === undefined || only === 'replugs') {
  const count = await runReplugs({ folder, cycles: isSmall ? 5 : 200 });
  report('replugs', count, count.lateBeyond3s + count.invented === 0 && count.codesRead === count.cycles && count.handlesAfter === count.handlesBefore);
}
if (only === undefined || only === 'payloads') {
  const count = await runPayloads({ payloads: isSmall ? 20_000 : 1_000_000, seed: 20_261_122 });
  report('payloads', count, count.thrown === 0 && count.cpuP99Ms < 1 && count.heapGrowthMb < 20);
}
rmSync(folder, { recursive: true, force: true });
if (faults.length > 0) {
  console.error(`Not as it must be: ${faults.join(', ')}`);
  process.exit(1);
}
