import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A vendor's library as the tests compile it, with what is plugged in. */
export interface UsbKeyStub {
  readonly library: string;
  plug(...names: readonly string[]): void;
  behave(how: '' | 'removed' | 'crash' | 'hang' | 'unfit' | 'wide'): void;
  tries(left: number): void;
  /** The library's calls so far. */
  calls(): readonly string[];
  /** The process that the PIN was last given to, and whether its memory may be dumped; null before. */
  process(): { readonly pid: number; readonly isDumpable: boolean } | null;
}

/** The PIN of every key of the stub. */
export const stubPin = '73218265';

/** Compiles the stub library into a folder of its own, with two keys of which the first is plugged in. */
export function compileUsbKeyStub(): UsbKeyStub {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-usb-key-'));
  const library = path.join(folder, 'libstub.so');
  execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-Werror', '-o', library, path.join(import.meta.dirname, 'usb-key-library.c'), '-lcrypto', '-ldl'], { stdio: 'pipe' });
  for (const name of ['first', 'second']) execFileSync('openssl', ['genpkey', '-algorithm', 'SM2', '-out', path.join(folder, `${name}.pem`)], { stdio: 'pipe' });
  const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
  const calls = path.join(folder, 'calls');
  write('keys', 'first\n');
  write('pin', stubPin);
  write('tries', '6');
  return {
    library,
    plug: (...names) => write('keys', names.map((name) => `${name}\n`).join('')),
    behave: (how) => write('behaviour', how),
    tries: (left) => write('tries', String(left)),
    process: () => {
      const [pid, dumpable] = existsSync(path.join(folder, 'process')) ? readFileSync(path.join(folder, 'process'), 'utf8').split(' ') : [];
      return dumpable === undefined ? null : { pid: Number(pid), isDumpable: dumpable !== '0' };
    },
    calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []),
  };
}
