import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemRandom } from '../../domain/crypto/random.ts';
import { joinSecret, splitSecret } from '../../domain/secret-sharing.ts';

test('any two of three shares give the secret back, and three do', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (secret) => {
      const [a, b, c] = splitSecret(secret, { count: 3, threshold: 2, random: systemRandom });
      if (a === undefined || b === undefined || c === undefined) throw new Error('three shares');
      for (const shares of [[a, b], [b, c], [c, a], [a, b, c]]) expect(joinSecret(shares)).toEqual(secret);
    }),
    { numRuns: 100 },
  );
});

test('one share is evenly spread whatever the secret: it says nothing', () => {
  for (const secret of [0, 255]) {
    const counts = new Map<number, number>();
    for (let round = 0; round < 20_000; round++) {
      const [share] = splitSecret(Uint8Array.of(secret), { count: 3, threshold: 2, random: systemRandom });
      const value = share?.y[0] ?? -1;
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    // χ² with 255 degrees of freedom: above 350 once in about 30,000 tries.
    const expected = 20_000 / 256;
    const chi = Array.from({ length: 256 }, (_, value) => ((counts.get(value) ?? 0) - expected) ** 2 / expected).reduce((a, b) => a + b);
    expect(chi).toBeLessThan(400);
  }
});

test('with a threshold of three, two shares give something else', () => {
  const secret = systemRandom(16);
  const shares = splitSecret(secret, { count: 5, threshold: 3, random: systemRandom });
  expect(joinSecret(shares.slice(0, 2))).not.toEqual(secret);
  expect(joinSecret(shares.slice(1, 4))).toEqual(secret);
});

test('shares that cannot belong together are refused', () => {
  const [a, b] = splitSecret(Uint8Array.of(1, 2), { count: 3, threshold: 2, random: systemRandom });
  if (a === undefined || b === undefined) throw new Error('shares');
  expect(joinSecret([a])).toBeNull();
  expect(joinSecret([a, a])).toBeNull();
  expect(joinSecret([a, { x: b.x, y: b.y.subarray(1) }])).toBeNull();
  expect(joinSecret([a, { x: 0, y: b.y }])).toBeNull();
  expect(() => splitSecret(Uint8Array.of(1), { count: 3, threshold: 1, random: systemRandom })).toThrow(RangeError);
});
