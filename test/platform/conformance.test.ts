import { afterEach, expect, test } from 'vitest';
import { systemRandom } from '../../domain/crypto/random.ts';
import { checkCount, checkPlatform, printReport } from '../../platform/conformance/kit.ts';
import type { Faults } from '../../platform/faults.ts';
import { startPlatform } from './test-counter.ts';

let running: Awaited<ReturnType<typeof startPlatform>> | undefined;
afterEach(async () => running?.remove());

async function check(faults: Faults = {}, part: Partial<Parameters<typeof checkPlatform>[0]> = {}) {
  running = await startPlatform({ now: Date.now, faults });
  const { platform } = running;
  return checkPlatform({ ...part, url: platform.url, now: Date.now, random: systemRandom, nextCode: async () => platform.enrolmentCode });
}

test('the platform passes every check in both modes', async () => {
  const outcomes = await check();
  expect(outcomes.filter(({ passed }) => !passed)).toEqual([]);
  expect(outcomes).toHaveLength(2 * checkCount);
  expect(printReport(outcomes)).toContain(`${2 * checkCount} of ${2 * checkCount} passed`);
}, 240_000);

test.each([
  [{ wrongFileHash: true }, ['12.1.10', '12.1.6', '12.1.7']],
  [{ digestMismatch: true }, ['6.3.2 g–j']],
  [{ unsignedReply: true }, ['12.1.2']],
] as const)('a platform with %o fails where it should', async (faults, clauses) => {
  const outcomes = await check(faults, { modes: ['extended'], clauses: ['12.1.2', '12.1.3', '12.1.6', '12.1.7', '12.1.10', '6.3.2 g–j'] });
  const failed = outcomes.filter(({ passed }) => !passed);
  expect([...new Set(failed.map(({ clause }) => clause))].toSorted()).toEqual([...clauses].toSorted());
  expect(printReport(failed)).toContain('FAIL');
});
