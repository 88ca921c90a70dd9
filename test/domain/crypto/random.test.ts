import { expect, test } from 'vitest';
import { systemRandom } from '../../../domain/crypto/random.ts';

test('the system source fills every request, also one larger than Web Crypto takes at once', () => {
  expect(systemRandom(0).length).toBe(0);
  expect(systemRandom(32)).not.toEqual(systemRandom(32));
  const large = systemRandom(200_000);
  expect(large.length).toBe(200_000);
  for (const at of [0, 65_536, 131_072, 196_608]) expect(large.subarray(at, at + 32).some((byte) => byte !== 0)).toBe(true);
});
