import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startCounter } from '../running-counter.ts';

test('a second restore of one backup begins a generation of its own, although the database that knew of the first is gone', { timeout: 60_000 }, async () => {
  const data = mkdtempSync(path.join(os.tmpdir(), 'counter-restore-'));
  const dataDir = path.join(data, 'counter');
  const app = await startCounter(null, { dataDir });
  const kept = await app.store.backup({ at: Date.now() });
  if (!kept.ok) throw new Error(kept.failure.code);
  await app.close();
  const restore = (name = kept.value.name): Promise<{ gen: number }> =>
    new Promise((resolve, reject) => {
      const args = [path.resolve(import.meta.dirname, '../../../main/cli.ts'), 'store', 'restore', name, '--reason', 'test', '--json', '--data', data];
      execFile(process.execPath, args, (error, out) => (error === null ? resolve(JSON.parse(out) as { gen: number }) : reject(error)));
    });
  await expect(restore('counter-of-another-day.backup')).rejects.toThrow('there is no backup of that name');
  expect(await restore()).toMatchObject({ gen: 2 });
  // The start writes the anchor of the new generation.
  const again = await startCounter(null, { dataDir });
  await again.close();
  for (const part of ['', '-wal', '-shm']) rmSync(path.join(dataDir, `counter.db${part}`), { force: true });
  expect(await restore()).toMatchObject({ gen: 3 });
  rmSync(data, { recursive: true });
});
