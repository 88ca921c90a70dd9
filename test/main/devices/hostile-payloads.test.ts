import { expect, test } from 'vitest';
import { runPayloads } from '../../soak/payload-runs.ts';

test('30,000 random and mutated payloads through hub and classifier: none throws, all are named or refused', async () => {
  const count = await runPayloads({ payloads: 30_000, seed: 7 });
  expect(count.thrown).toBe(0);
  expect(count.named + count.repeats + count.refused).toBe(30_000);
  expect(count.kinds).toBeGreaterThan(45);
  expect(count.refused).toBeGreaterThan(0);
});
