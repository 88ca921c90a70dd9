import { expect, test } from 'vitest';
import { createEntryMac, nextEpochKey } from '../../domain/audit-mac.ts';
import { createMacCheck } from '../../main/audit/mac-check.ts';

const seed = new Uint8Array(32).fill(9);
const entry = (seq: number, gen = 1) => ({ seq, gen, hash: String(seq).padStart(64, '0') });
const macOf = (seq: number, key: Uint8Array = seed): Uint8Array => createEntryMac(key)(entry(seq).hash);

test('only the first entries may have no MAC, as far as was noted, and never past the first checkpoint', () => {
  const checks = [createMacCheck({ gen: 1, seed }), createMacCheck({ gen: 1, seed: null })];
  for (const check of checks) {
    expect([1, 2].map((seq) => check.holds(entry(seq), null))).toEqual([true, true]);
    expect([check.holds(entry(3), macOf(3)), check.holds(entry(4), null)]).toEqual([true, false]);
  }
  expect(checks.map((check) => [check.checked(), check.without()])).toEqual([[1, 3], [0, 3]]);
  const noted = createMacCheck({ gen: 1, seed, withoutMacUpTo: 1 });
  expect([noted.holds(entry(1), null), noted.holds(entry(2), null)]).toEqual([true, false]);
  // The note lies with the log: whoever moves it has to leave out the MACs of later epochs too.
  const moved = createMacCheck({ gen: 1, seed, withoutMacUpTo: 1000 });
  expect(moved.holds(entry(1), null)).toBe(true);
  moved.endEpoch(1);
  expect(moved.holds(entry(2), null)).toBe(false);
});

test('the key goes on with each checkpoint of its generation alone', () => {
  const check = createMacCheck({ gen: 2, seed });
  expect(check.holds(entry(1, 1), new Uint8Array(32))).toBe(true);
  check.endEpoch(1);
  expect(check.holds(entry(2, 2), macOf(2))).toBe(true);
  check.endEpoch(2);
  expect([check.holds(entry(3, 2), macOf(3)), check.holds(entry(3, 2), macOf(3, nextEpochKey(seed)))]).toEqual([false, true]);
  expect(check.checked()).toBe(3);
});
