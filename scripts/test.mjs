// `npm test`: type check, lint and every test, ending with `N passed, N failed, N skipped`.
// `npm test -- PATTERN` runs the test files whose path contains PATTERN, without the checks.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuild, ensurePackages, findBrowser, installDebianPackages, node24, root, step, stop } from './toolbox.mjs';

const patterns = process.argv.slice(2);
if (patterns.includes('--help')) {
  console.log('npm test                type check, lint, all tests\nnpm test -- PATTERN…    only the test files whose path contains PATTERN');
  process.exit(0);
}
ensurePackages();
ensureTools();
const node = node24();
const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` };
if (patterns.length === 0) step('Checks', node, ['scripts/check.mjs'], { env });
ensureBuild();
const scratch = mkdtempSync(path.join(os.tmpdir(), 'counter-test-'));
const report = path.join(scratch, 'report.json');
const run = spawnSync(
  node,
  ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...patterns],
  { cwd: root, stdio: 'inherit', env },
);
if (!existsSync(report)) stop('The test runner ended without a report.');
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites, success } = JSON.parse(readFileSync(report, 'utf8'));
rmSync(scratch, { recursive: true, force: true });
// A file that cannot be loaded has no tests to count: it must not pass unseen.
const failed = numFailedTests === 0 && !success ? Math.max(1, numFailedTestSuites) : numFailedTests;
console.log(`\n${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`);
process.exit(run.status === 0 && failed === 0 ? 0 : 1);

/** The real things that the tests drive; installed where that is possible, named where it is not. */
function ensureTools() {
  const tools = { socat: 'socat', openssl: 'openssl', xvfb: 'Xvfb', openbox: 'openbox', xdotool: 'xdotool' };
  const has = (program) => spawnSync(process.platform === 'win32' ? 'where' : 'which', [program]).status === 0;
  const missing = Object.entries(tools).filter(([, program]) => !has(program)).map(([name]) => name);
  if (findBrowser() === null) missing.unshift('chromium');
  if (missing.length === 0 || installDebianPackages(missing)) return;
  if (findBrowser() === null) stop(`The window tests need Chromium, Chrome or Edge. Install one (Debian: apt-get install ${missing.join(' ')}), or set COUNTER_BROWSER to its path.`);
  console.log(`• Not installed: ${missing.join(', ')}. The tests that need them are skipped and counted as skipped.`);
}
