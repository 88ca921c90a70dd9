import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runHostileDocuments } from '../ofd/hostile-run.ts';

// Hostile documents by the hundred thousand, in processes that may write no file; fails for an exception, a hang, a crash or memory above the cap.
const { values } = parseArgs({ options: { inputs: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' }, help: { type: 'boolean', default: false } } });
if (values.help) {
  console.log('npm run soak -- documents [--inputs N] [--seed N]');
  process.exit(0);
}
const folder = path.resolve(import.meta.dirname, '../../../shared/data/documents');
const share = 5000;
const rounds = Math.ceil(Number(values.inputs) / share);
const total = { done: 0, painted: 0, refused: {} as Record<string, number>, faults: [] as string[], slowestMs: 0, slowest: '', peakMiB: 0, processMiB: 0, processes: 0, connections: 0 };
for (let round = 0; round < rounds; round++) {
  const count = Math.min(share, Number(values.inputs) - round * share);
  const report = await runHostileDocuments({ folder, count, seed: Number(values.seed) * 1000 + round });
  total.done += report.done;
  total.painted += report.painted;
  for (const [code, number] of Object.entries(report.refused)) total.refused[code] = (total.refused[code] ?? 0) + number;
  total.faults.push(...report.faults);
  for (const fault of report.faults) console.error(`\n${fault}`);
  if (report.slowestMs > total.slowestMs) Object.assign(total, { slowestMs: report.slowestMs, slowest: report.slowest });
  total.connections += report.connections;
  total.processes += report.processes;
  total.peakMiB = Math.max(total.peakMiB, report.peakMiB);
  total.processMiB = Math.max(total.processMiB, report.processMiB);
  process.stdout.write(`\r  ${total.done} documents, ${total.faults.length} faults, slowest ${(total.slowestMs / 1000).toFixed(1)} s of processor, most memory ${total.peakMiB.toFixed(0)} MiB, with PDF files ${total.processMiB.toFixed(0)} MiB `);
}
console.log(`\n  painted ${total.painted}; refused ${JSON.stringify(total.refused)}; connections asked for: ${total.connections}; files written: none, the processes may not (${os.cpus().length} processors)\n  memory: packages ${total.peakMiB.toFixed(0)} MiB, PDF files ${total.processMiB.toFixed(0)} MiB in ${total.processes} processes\n  slowest: ${total.slowest}`);
process.exitCode = total.faults.length === 0 && total.connections === 0 && total.slowestMs < 10_000 && Math.max(total.peakMiB, total.processMiB) < 1024 ? 0 : 1;
