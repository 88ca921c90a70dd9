import { Worker } from 'node:worker_threads';
import { parseArgs } from 'node:util';
import type { HanXinWork, SoakReport } from './hanxin-worker.ts';

// A million hostile inputs, then ten thousand camera frames, in a thread that is watched: a hang is told by the input that
// caused it. Fails for an exception, a wrong reading, a hang or growing memory.
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    frames: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log('npm run soak -- hanxin [--inputs N] [--frames N] [--seed N]');
  process.exit(0);
}

/** Milliseconds without a finished input that count as a hang, on a machine that may be busy with other things. */
const hangMs = 20_000;
/** MiB that the memory in use after a collection may lie above where it was once everything was warm. */
const mostGrowth = 4;

const done = new Int32Array(new SharedArrayBuffer(4));
const work: HanXinWork = { inputs: Number(values.inputs), frames: Number(values.frames), seed: Number(values.seed), done };
const worker = new Worker(new URL('hanxin-worker.ts', import.meta.url), { workerData: work });
const state = { last: -1, since: performance.now() };
const watch = setInterval(() => {
  const now = Atomics.load(done, 0);
  if (now !== state.last) Object.assign(state, { last: now, since: performance.now() });
  if (performance.now() - state.since < hangMs) return;
  console.error(`hangs at input ${now} of seed ${work.seed}`);
  process.exit(1);
}, 1000);
worker.on('error', (error) => {
  console.error(`at input ${Atomics.load(done, 0)} of seed ${work.seed}:`, error);
  process.exit(1);
});
worker.on('message', (report: SoakReport) => {
  clearInterval(watch);
  for (const { name, inputs, read, nothing, refused, slowestMs } of report.kinds)
    console.log(`  ${name.padEnd(22)} ${String(inputs).padStart(8)}: ${read} read, ${nothing} nothing, ${refused} refused; slowest ${slowestMs.toFixed(1)} ms`);
  console.log(`  ${report.kinds.reduce((sum, { inputs }) => sum + inputs, 0)} inputs, 0 exceptions but the documented ones, 0 wrong, 0 hangs`);
  const flat = [printMemory('hostile inputs', report.inputMemory), printMemory(`${work.frames} frames of 1280×720`, report.frameMemory)];
  console.log(`  frames read: ${report.framesRead} of ${work.frames}`);
  process.exitCode = flat.every(Boolean) ? 0 : 1;
});

/** Prints the memory in use after collections; whether it stayed flat. */
function printMemory(what: string, memory: readonly number[]): boolean {
  const [warm = 0] = memory;
  const growth = (memory.at(-1) ?? 0) - warm;
  console.log(`  memory over ${what}: ${memory.map((value) => value.toFixed(1)).join(' ')} MiB (${growth >= 0 ? '+' : ''}${growth.toFixed(2)})`);
  return growth <= mostGrowth;
}
