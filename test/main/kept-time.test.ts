import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { auditTypes, clientOf, firstCompany, mintCode, scanForWindow, startCounter, startPlatform } from './running-counter.ts';

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

test('a wall clock that jumps while the counter runs is written down once, though writing asks for the time', async () => {
  const offset = { ms: 0 };
  const platform = await startPlatform();
  const app = await startCounter(platform, { now: () => Date.now() + offset.ms });
  offset.ms = 10 * 60_000;
  await app.journal.record({ type: 'notice.given', result: 'screen', ref: '' });
  await app.journal.record({ type: 'notice.given', result: 'screen', ref: '' });
  expect((await auditTypes(app)).filter((type) => type === 'clock.jumped')).toHaveLength(1);
  await app.close();
  await platform.close();
});

test('a grant ends by the trusted time: a wall clock that is set back keeps no grant alive', async () => {
  const [late, back] = [{ ms: 0 }, { ms: 0 }];
  const platform = await startPlatform({ now: () => Date.now() + late.ms });
  const app = await startCounter(platform, { now: () => Date.now() + late.ms - back.ms, monotonic: () => performance.now() + late.ms });
  const { scanId, expiresAt } = await scanForWindow(app, await mintCode(platform, await firstCompany(platform)));
  expect(await clientOf(app).verdict.reveal({ scanId })).toMatchObject({ state: 'verified' });
  back.ms = 60 * 60_000;
  late.ms = 6 * 60_000;
  expect(app.now()).toBeLessThan(expiresAt ?? 0);
  await expect(clientOf(app).verdict.reveal({ scanId })).rejects.toMatchObject({ data: { code: 'verdict/grant-ended' } });
  await app.close();
  await platform.close();
});
