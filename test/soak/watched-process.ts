import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { attachDocumentProcess, documentProcessFlags, type StartDocumentProcess } from '../../main/documents/document-work.ts';

/** What processes on documents have used and done, in all. */
export interface WatchedProcesses {
  started: number;
  cpuMs: number;
  peakMiB: number;
  connections: number;
  /** What no document may bring about: exceptions, silence, crashes that are not for want of memory. */
  readonly faults: string[];
}

/** Starts processes as the product does, with the guard in each, and listens to what it tells. */
export function watchProcesses(): { readonly start: StartDocumentProcess; readonly used: WatchedProcesses } {
  const used: WatchedProcesses = { started: 0, cpuMs: 0, peakMiB: 0, connections: 0, faults: [] };
  const start: StartDocumentProcess = (file, args) => {
    used.started += 1;
    const child = fork(fileURLToPath(file), args, { execArgv: [...documentProcessFlags, '--allow-fs-read=*', '--import', guard], serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let cpuMs = 0;
    if (child.stderr !== null) {
      createInterface({ input: child.stderr }).on('line', (line) => {
        if (line === '!connection') used.connections += 1;
        if (line === '!exception') used.faults.push('an exception in the thread');
        if (!line.startsWith('=')) return;
        const told: { readonly cpuMs: number; readonly mib: number } = JSON.parse(line.slice(1));
        used.cpuMs += told.cpuMs - cpuMs;
        cpuMs = told.cpuMs;
        used.peakMiB = Math.max(used.peakMiB, told.mib);
      });
    }
    // Killed at its own limit, aborted at that of the engine; anything else is a crash.
    child.once('exit', (code, signal) => {
      if (code !== 0 && signal !== 'SIGKILL' && signal !== 'SIGABRT') used.faults.push(`a process ended with ${signal ?? code}`);
    });
    const attached = attachDocumentProcess(child);
    const kill = (): void => {
      used.faults.push('a process had to be ended from outside');
      attached.kill();
    };
    return { ...attached, kill };
  };
  return { start, used };
}

const guard = new URL('./documents-guard.ts', import.meta.url).href;
