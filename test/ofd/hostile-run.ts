import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { documentProcessFlags } from '../../main/documents/document-work.ts';

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
  /** The most that the process had that read packages, and one of those that read PDF files; how many of these there were. */
  readonly peakMiB: number;
  readonly processMiB: number;
  readonly processes: number;
  /** Connections asked for; none was made. */
  readonly connections: number;
}

/** Twenty documents may not take longer than this together with what else the machine does. */
const patienceMs = 120_000;

/** Reads hostile documents in a process that Node keeps from writing files and from starting others; a hang is a fault. */
export function runHostileDocuments({ folder, count, seed }: { readonly folder: string; readonly count: number; readonly seed: number }): Promise<HostileReport> {
  const [guard, program] = ['../soak/documents-guard.ts', '../soak/documents-run.ts'].map((file) => fileURLToPath(new URL(file, import.meta.url)));
  const flags = [...documentProcessFlags, '--allow-fs-read=*', '--allow-child-process', '--import', guard!];
  const child = spawn(process.execPath, [...flags, program!, folder, String(count), String(seed)], { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve) => {
    let last = '{"done":0}';
    let complaint = '';
    let connections = 0;
    const fail = (what: string): HostileReport => ({ done: 0, painted: 0, refused: {}, slowestMs: 0, slowest: '', peakMiB: 0, processMiB: 0, processes: 0, connections, ...JSON.parse(last), faults: [what] });
    const watch = setTimeout(() => {
      child.kill('SIGKILL');
      resolve(fail(`hangs after ${last}`));
    }, patienceMs);
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line === '!connection') connections += 1;
      if (!line.startsWith('=')) complaint = `${complaint}${line}\n`.slice(-2000);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      last = line;
      watch.refresh();
    });
    child.once('close', (code) => {
      clearTimeout(watch);
      if (code === 0 && last.includes('"faults"')) {
        const report: HostileReport = JSON.parse(last);
        resolve({ ...report, connections: report.connections + connections });
      } else resolve(fail(`ended with ${code}: ${complaint}`));
    });
  });
}
