import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../e2e/chromium.ts';
import { startProgram } from '../fakes/running-platform.ts';
import { measureAudit } from './audit-figures.ts';
import { measureCase } from './case-figures.ts';
import { measureCopies } from './copy-figures.ts';
import { measureCrypto } from './crypto-figures.ts';
import { measureDocuments } from './document-figures.ts';
import { measureHanXin } from './hanxin-figures.ts';
import { measureMemory, measureStart } from './host-figures.ts';
import { measureHub } from './hub-figures.ts';
import type { Figure } from './measuring.ts';
import { measureFrames } from './scan-figures.ts';
import { measurePlatform } from './platform-figures.ts';
import { measureSizes } from './size-figures.ts';

// `npm run bench`: one part after another, each in this process unless it starts its own; prints the table, and writes it
// into docs/performance.md with --write.
const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean', default: false }, scans: { type: 'string', default: '1000' }, entries: { type: 'string', default: '1000000' } } });

const parts: Readonly<Record<string, () => Figure[] | Promise<Figure[]>>> = {
  case: measureCase,
  start: measureStart,
  memory: measureMemoryAlone,
  size: measureSizes,
  crypto: measureCrypto,
  documents: async () => [...(await measureDocuments()), ...(await measureCopies())],
  hanxin: measureHanXin,
  scan: async () => [...(await measureHub()), ...(await measureFrames())],
  platform: measurePlatform,
  audit: () => measureAudit(Number(values.entries)),
};

const [loadBefore = 0] = os.loadavg();
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  process.stderr.write(`• ${name} …\n`);
  figures.push(...(await measure()));
}
const table = printTable(figures);
console.log(table);
if (values.write) writeFileSync(path.resolve(import.meta.dirname, '../../docs/performance.md'), await printPage(table));

async function measureMemoryAlone(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-bench-'));
  const platform = await startProgram<{ url: string; enrolmentCode: string }>('platform', '--port', '0', '--data', folder);
  try {
    return await measureMemory(Number(values.scans), platform.facts);
  } finally {
    await platform.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function printTable(rows: readonly Figure[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(['', 'What', 'Counter', 'Compared with', 'Ratio', 'Aim']),
    line(['---', '---', '---', '---', '---', '---']),
    ...rows.map(({ area, what, value, compared, ratio, aim }) => line([area, what, value, compared, ratio, aim])),
  ].join('\n');
}

async function printPage(content: string): Promise<string> {
  const browser = await launchChromium();
  const chromium = browser.version();
  await browser.close();
  const processor = os.cpus()[0]?.model ?? 'unknown processor';
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  return `# Performance

Written by \`npm run bench -- --write\` on ${new Date().toISOString().slice(0, 10)} at ${commit}: Node ${process.version}, Chromium ${chromium}, ${os.cpus().length} × ${processor},
${(os.totalmem() / 2 ** 30).toFixed(0)} GiB; load average at the start ${loadBefore.toFixed(1)} (above 1 other programs took their share, and the ratios come out too high). \`npm run bench\` prints the table without writing it; \`-- case scan\` measures some parts (case, start, memory, size, crypto, documents, hanxin, scan, platform, audit).

${content}

How it is measured:

- **Case**: from handing the code to the scan hub until the verdict is written down durably and announced; the platform runs in a process of its own on
  loopback. Medians of 80 after 30 for warming up. The parts it cannot do without are measured one by one in the same run: one SM2 verification with a
  pinned key; request and answer sealed and opened once each, with the signature of the head; an HTTP exchange of the same size with a bare server on a kept
  connection; one insert into SQLite with WAL and \`synchronous=FULL\`. The platform's own lookups and its own durable commit are in the case and not in the parts.
- **Start**: the built program with its embedded platform on a data folder that is enrolled, then the browser with an empty profile, until the waiting
  screen is there; beside it the same browser with an empty profile and a blank page. Medians of 5, in turns.
- **Memory**: resident set of the host process; the platform is another process. Every fifth code is another person's.
- **Audit**: entries and bare inserts in turns in one process, fifty at a time, medians of sixty turns; the bare table has the same columns and no index. The large log is made by the
  store's own code with ten thousand entries to a commit; \`-- audit --entries 100000\` makes a smaller one. The check is the built \`counter audit verify\` in a process of its own.
- **SM algorithms**: in turns with the other library in the same process. \`sm-crypto\` has no GCM; our GCM stands beside its CBC.
- **Han Xin** and **Camera**: processor time, medians, in turns in the same process. The frames are drawn, not photographed: a desk with print and grain, and codes
  turned by 9° and blurred. Han Xin is one plain look with its stages; Camera is what the window's worker does with a frame, both kinds, strategies in rotation;
  \`npm run soak -- camera --minutes 30\` shows its memory in Chromium over time.
`;
}
