// `npm test`: type check, lint and every test, ending with `N passed, N failed, N skipped`.
// `npm test -- PATTERN` runs the test files whose path contains PATTERN, without the checks.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ensureBuild, ensurePackages, findBrowser, installDebianPackages, node24, root, step, stop } from './toolbox.mjs';
import { runTests } from './test-run.mjs';

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
const outcome = runTests({ node, cwd: root, env, say: console.log, patterns });
if (outcome === null) stop('The test runner ended without a report.');
console.log(`\n${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`);
process.exit(outcome.isWell ? 0 : 1);

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
