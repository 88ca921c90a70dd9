import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runTests, type TestOutcome } from '../scripts/test-run.mjs';

const kill = (signal: string): string => `process.kill(process.pid, '${signal}'); await new Promise(() => {});`;
/** Test files by name, each with what it does: three tests, the middle of which goes wrong in its way. */
const files: Readonly<Record<string, string>> = {
  good: '',
  once: `const mark = new URL('./mark', import.meta.url); if (!existsSync(mark)) { writeFileSync(mark, ''); ${kill('SIGTRAP')} }`,
  always: kill('SIGSEGV'),
  relapsing: `const mark = new URL('./then', import.meta.url); if (existsSync(mark)) expect(1).toBe(2); writeFileSync(mark, ''); ${kill('SIGTRAP')}`,
  plain: `appendFileSync(new URL('./tries', import.meta.url), '.'); expect(1).toBe(2);`,
  failed: `const mark = new URL('./fell', import.meta.url); if (!existsSync(mark)) { writeFileSync(mark, ''); expect(1).toBe(2); }`,
  killed: kill('SIGTERM'),
  late: `void Promise.reject(new Error('nobody listens')); await new Promise((resolve) => setTimeout(resolve, 50));`,
};
let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'counter-test-run-')));
  mkdirSync(path.join(folder, 'b'));
  writeFileSync(path.join(folder, 'vitest.config.mjs'), `export default { test: { globals: true, maxWorkers: 2, projects: ['a', 'b'].map((name) => ({ test: { globals: true, name, include: [name === 'a' ? '*.test.mjs' : 'b/*.test.mjs'] } })) } };`);
  const text = (body: string): string => `import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
test('before', () => {});
test('goes wrong', async () => { ${body} });
test('after', () => {});
test.skip('left out', () => {});`;
  for (const [name, body] of Object.entries(files)) writeFileSync(path.join(folder, `${name}.test.mjs`), text(body));
  // Fails, and the engine ends its process behind that; both once.
  writeFileSync(path.join(folder, 'failed.test.mjs'), `${text(files['failed']!)}
test('ends', async () => { const mark = new URL('./ended', import.meta.url); if (existsSync(mark)) return; writeFileSync(mark, ''); await new Promise((resolve) => setTimeout(resolve, 500)); ${kill('SIGTRAP')} });`);
  writeFileSync(path.join(folder, 'b/once.test.mjs'), text(files['good']!));
  writeFileSync(path.join(folder, 'broken.test.mjs'), `throw new Error('cannot be loaded');`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the files whose path contains one of these names, for real. */
function run(...names: string[]): TestOutcome & { readonly said: readonly string[] } {
  const said: string[] = [];
  const patterns = names.map((name) => path.join(folder, `${name}.test`));
  const outcome = runTests({ node: process.execPath, cwd: folder, env: process.env, stdio: 'ignore', say: (line: string) => void said.push(line.trim()), patterns });
  if (outcome === null) throw new Error('no report');
  // What is told is told again beside the counts.
  expect(said.slice(said.length / 2)).toEqual(said.slice(0, said.length / 2));
  return { ...outcome, said: said.slice(0, said.length / 2) };
}

test('a file whose process the engine ends is run once more, each of its tests counted once', () => {
  // Its namesake in the other project is well, and stays counted once.
  expect(run('good', 'once')).toEqual({ passed: 9, failed: 0, skipped: 3, isWell: true, said: ['The engine ended the process of once.test.mjs: SIGTRAP; run again.'] });
  // The second time it is well from the start.
  expect(run('once')).toMatchObject({ passed: 6, failed: 0, isWell: true, said: [] });
});

test('one that is ended again has failed, with all that did not come to its end', () => {
  const { passed, failed, ...rest } = run('good', 'always');
  expect(rest).toEqual({ skipped: 2, isWell: false, said: ['The engine ended the process of always.test.mjs: SIGSEGV; run again.'] });
  expect(passed + failed).toBe(6);
  expect(failed).toBeGreaterThanOrEqual(2);
});

test('a test that fails when it is run again has failed', () => {
  expect(run('relapsing')).toMatchObject({ passed: 2, failed: 1, skipped: 1, isWell: false, said: [expect.stringContaining('SIGTRAP')] });
});

test('a failing test is never tried again, whatever happens beside it', () => {
  rmSync(path.join(folder, 'mark'), { force: true });
  expect(run('plain', 'once')).toMatchObject({ passed: 8, failed: 1, skipped: 3, isWell: false, said: [expect.stringContaining('once.test.mjs')] });
  expect(readFileSync(path.join(folder, 'tries'), 'utf8')).toBe('.');
  // Not where the engine ends its own process either.
  expect(run('failed')).toMatchObject({ passed: 2, failed: 2, skipped: 1, isWell: false, said: [] });
});

test('what somebody else ends, what is thrown outside of tests, and what cannot be loaded has failed at once', () => {
  const killed = run('killed');
  expect(killed).toMatchObject({ skipped: 1, isWell: false, said: [] });
  expect(killed.failed).toBeGreaterThanOrEqual(2);
  expect(run('late')).toMatchObject({ passed: 3, failed: 1, isWell: false, said: [] });
  expect(run('good', 'broken')).toMatchObject({ passed: 3, failed: 1, isWell: false, said: [] });
  expect(run('none-such')).toMatchObject({ passed: 0, isWell: false });
});
