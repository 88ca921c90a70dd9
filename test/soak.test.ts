import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const run = (...args: string[]) => spawnSync(process.execPath, ['scripts/soak.mjs', ...args], { cwd: root, encoding: 'utf8' });

test('the help lists every long run, and each is a program that says its own options', () => {
  const names = [...run('--help').stdout.matchAll(/^ {2}(\w+) {2,}\S/gm)].map(([, name]) => name);
  expect(names).toContain('hanxin');
  expect(names.filter((name) => !existsSync(path.join(root, 'test/soak', `${name}.ts`)))).toEqual([]);
  const isSayingIt = (name: string): boolean => /help: \{ type: 'boolean'/.test(readFileSync(path.join(root, 'test/soak', `${name}.ts`), 'utf8'));
  expect(names.filter((name) => !isSayingIt(name ?? ''))).toEqual([]);
  expect(run('hanxin', '--help').stdout).toContain('--inputs');
});

test('a name that does not exist is told, with those that do', () => {
  const { status, stderr } = run('hanxing');
  expect(status).toBe(1);
  expect(stderr).toContain('hanxin');
});
