import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isStoreHeld } from '../../../main/store/lock-probe.ts';
import { openUnlockedStore } from './opened-store.ts';

test('a store is held from its opening to its closing', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'counter-probe-'));
  expect(await isStoreHeld(dataDir)).toBe(false);
  const store = await openUnlockedStore(dataDir);
  if (!store.ok) throw new Error(store.failure.code);
  expect(await isStoreHeld(dataDir)).toBe(true);
  await store.value.close();
  expect(await isStoreHeld(dataDir)).toBe(false);
});
