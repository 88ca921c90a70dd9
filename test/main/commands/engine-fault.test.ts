import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../fakes/ending-thread.ts');
const freed = (...args: string[]): number => {
  // The engine says what it frees, and frees what it can at once.
  const { status, stdout } = spawnSync(process.execPath, ['--trace-wasm-code-gc', '--stress-wasm-code-gc', program, ...args], { encoding: 'utf8' });
  expect(status).toBe(0);
  return [...stdout.matchAll(/Freeing \d+ wrapper/g)].length;
};

test.runIf(process.versions.v8.startsWith('13.'))('nothing that threads share is compiled, so that nothing of it is freed when one ends', () => {
  expect(freed('avoid')).toBe(0);
});

test.runIf(process.versions.v8.startsWith('13.'))('without it there is such code (control)', () => {
  expect(freed()).toBeGreaterThan(0);
});
