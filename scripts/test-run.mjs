// Runs the tests once; files whose process the engine ended by a signal are run once more, unless a test in them had failed; everything else stands as it fell.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** How an engine ends its process when something in it is broken. Not SIGABRT: so it ends when a test has used up the memory. */
const engineSignals = ['SIGTRAP', 'SIGSEGV', 'SIGILL', 'SIGBUS'];

/**
 * Runs the test files in `cwd` whose path contains one of the patterns. The counts of all tests, each counted once, and whether all is
 * well; null when the runner left no report. What is to be told goes to `say`.
 */
export function runTests({ node, cwd, env, stdio = 'inherit', say, patterns }) {
  const run = (chosen) => runOnce({ node, cwd, env, stdio, args: chosen });
  const first = run(patterns);
  if (first === null) return null;
  const lost = filesLost(first);
  if (lost.size === 0) return judge([first]);
  const told = [...lost].map(([file, signal]) => `The engine ended the process of ${path.relative(cwd, file)}: ${signal}; run again.`).join('\n');
  say(`\n${told}`);
  const again = run([...lost.keys()]);
  // Once more beside the counts, where everybody looks.
  say(`\n${told}`);
  return again === null ? null : judge([without(first, lost), only(again, lost)]);
}

function runOnce({ node, cwd, env, stdio, args }) {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'counter-test-'));
  const report = path.join(scratch, 'report.json');
  const reporter = fileURLToPath(new URL('test-reporter.mjs', import.meta.url));
  const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
  const { status } = spawnSync(node, [vitest, 'run', '--reporter=default', `--reporter=${reporter}`, ...args], { cwd, stdio, env: { ...env, COUNTER_TEST_REPORT: report } });
  try {
    return existsSync(report) ? { ...JSON.parse(readFileSync(report, 'utf8')), status } : null;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** By what, and in which files, a test process ended before it should; null for an error of another kind. */
function exitOf(messages) {
  const [, how, names] = /^Worker exited unexpectedly with (?:signal )?(\w+).* while running test files? (.+)$/s.exec(messages.at(-1)) ?? [];
  return how === undefined ? null : { how, files: names.split(', ') };
}

/** The files whose process the engine ended → the signal; not those in which a test had failed before, for that stands. */
function filesLost({ files, errors }) {
  const failed = new Set(files.filter((file) => file.failed > 0).map(({ file }) => file));
  const exits = errors.map(exitOf).filter((exit) => exit !== null && engineSignals.includes(exit.how));
  return new Map(exits.flatMap(({ how, files: own }) => own.filter((file) => !failed.has(file)).map((file) => [file, how])));
}

/** The first run but for the lost files: that it failed, and no more, the rest says more exactly. */
function without({ files, errors, status }, lost) {
  const rest = errors.filter((messages) => !exitOf(messages)?.files.every((file) => lost.has(file)));
  return { files: files.filter(({ file }) => !lost.has(file)), errors: rest, status: status === 1 ? 0 : status };
}

/** The lost files in the second run, each of which must be there. */
function only({ files, errors, status }, lost) {
  const missing = [...lost.keys()].filter((file) => !files.some((own) => own.file === file));
  return { files: files.filter(({ file }) => lost.has(file)), errors: [...errors, ...missing.map((file) => [`${file} was not run again`])], status };
}

function judge(runs) {
  const files = runs.flatMap((run) => run.files);
  const total = (count) => files.reduce((sum, file) => sum + count(file), 0);
  const fallen = new Set(files.filter((file) => failuresIn(file) > 0).map(({ file }) => file));
  // A process that ended early is told by the tests that did not come to their end, where there are any.
  const errors = runs.flatMap((run) => run.errors).filter((messages) => !exitOf(messages)?.files.some((file) => fallen.has(file)));
  const failed = total(failuresIn) + errors.length;
  return {
    passed: total(({ passed }) => passed),
    failed,
    skipped: total(({ skipped }) => skipped),
    isWell: failed === 0 && files.length > 0 && runs.every(({ status }) => status === 0),
  };
}

/** A file that could not be loaded, or did not come to its end, may have no failed test to count: it must not pass unseen. */
function failuresIn({ state, failed, pending }) {
  return Math.max(failed + pending, state === 'passed' || state === 'skipped' ? 0 : 1);
}
