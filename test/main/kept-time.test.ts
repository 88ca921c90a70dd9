import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { auditTypes, firstCompany, mintCode, scanForWindow, startCounter, startPlatform } from './running-counter.ts';

const backMs = 20 * 3_600_000;

test('a wall clock set back while the counter was off is noticed by the next run, offline: nothing is green, and the log says so', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'counter-kept-time-'));
  const platform = await startPlatform();
  const before = await startCounter(platform, { dataDir });
  expect(before.status.current().clock.state).toBe('synchronised');
  await before.close();
  // Fresh by the clock that was set back, too.
  const code = await mintCode(platform, await firstCompany(platform));
  await platform.close();

  const after = await startCounter(null, { dataDir, now: () => Date.now() - backMs });
  expect(after.status.current()).toMatchObject({ clock: { state: 'wrong' }, platform: { state: 'offline' } });
  expect(await scanForWindow(after, code)).toMatchObject({ state: 'clock-wrong', supportCode: 'E-CLK-01', subject: null, certificates: [] });
  expect((await auditTypes(after)).filter((type) => type === 'clock.rolled-back')).toHaveLength(1);
  await after.close();
});
