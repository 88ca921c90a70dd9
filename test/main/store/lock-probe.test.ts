import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { isStoreHeld } from '../../../main/store/lock-probe.ts';
import { openStore } from '../../../main/store/store.ts';

test('a store is held from its opening to its closing', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'counter-probe-'));
  expect(await isStoreHeld(dataDir)).toBe(false);
  const store = await openStore({ dataDir, random: systemRandom });
  if (!store.ok) throw new Error(store.failure.code);
  expect(await isStoreHeld(dataDir)).toBe(true);
  await store.value.close();
  expect(await isStoreHeld(dataDir)).toBe(false);
});
