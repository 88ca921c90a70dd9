import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import path from 'node:path';

/** What a run over hostile documents counted. */
export interface HostileReport {
  readonly done: number;
  readonly painted: number;
  readonly refused: Readonly<Record<string, number>>;
  /** Exceptions and hangs, each with the number of its input. */
  readonly faults: readonly string[];
  /** Processor time of the slowest document. */
  readonly slowestMs: number;
  /** Which one it was. */
  readonly slowest: string;
  readonly peakMiB: number;
  /** Connections asked for; none was made. */
  readonly connections: number;
}

/** Twenty documents may not take longer than this together with what else the machine does. */
const patienceMs = 120_000;

/** Reads hostile documents in a process that Node keeps from writing files and from starting others; a hang is a fault. */
export function runHostileDocuments({ folder, count, seed }: { readonly folder: string; readonly count: number; readonly seed: number }): Promise<HostileReport> {
  const program = path.resolve(import.meta.dirname, '../soak/documents-run.ts');
  const child = spawn(process.execPath, ['--permission', '--allow-fs-read=*', '--allow-addons', '--disable-warning=SecurityWarning', program, folder, String(count), String(seed)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve) => {
    let last = '{"done":0}';
    let complaint = '';
    const fail = (what: string): HostileReport => ({ done: 0, painted: 0, refused: {}, slowestMs: 0, slowest: '', peakMiB: 0, connections: 0, ...JSON.parse(last), faults: [what] });
    const watch = setTimeout(() => {
      child.kill('SIGKILL');
      resolve(fail(`hangs after ${last}`));
    }, patienceMs);
    child.stderr.on('data', (data: Buffer) => (complaint = (complaint + data.toString()).slice(-2000)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      last = line;
      watch.refresh();
    });
    child.once('close', (code) => {
      clearTimeout(watch);
      resolve(code === 0 && last.includes('"faults"') ? JSON.parse(last) : fail(`ended with ${code}: ${complaint}`));
    });
  });
}
