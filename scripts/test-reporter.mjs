// A reporter of vitest that writes down what became of every test file, for `test-run.mjs`.
import { writeFileSync } from 'node:fs';

/** Written to the file that `COUNTER_TEST_REPORT` names: files by project with their tests, and errors outside of tests. */
// oxlint-disable-next-line import/no-default-export -- the form in which the runner loads a reporter
export default class TestReporter {
  onTestRunEnd(modules, errors) {
    const report = { files: modules.map(describeFile), errors: errors.map(describeError) };
    writeFileSync(process.env.COUNTER_TEST_REPORT, JSON.stringify(report));
  }
}

function describeFile(module) {
  const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
  for (const test of module.children.allTests()) count[test.result().state] += 1;
  return { project: module.project.name, file: module.moduleId, state: module.state(), ...count };
}

/** The error and what caused it, the cause last. */
function describeError(error) {
  const messages = [];
  for (let at = error; at && messages.length < 5; at = at.cause) messages.push(String(at.message ?? at));
  return messages;
}
