import { EventEmitter } from 'node:events';
import type { PowerMonitor } from 'electron';
import { expect, test } from 'vitest';
import { lockWithScreen } from '../../main/electron-power.ts';
import { auditTypes } from './running-counter.ts';
import { administrator, credentials, folder, formal } from './access/attended-counter.ts';

test('a locked screen and a sleep lock the counter; where nobody is logged in they are no event', async () => {
  const app = await formal(folder());
  const monitor = new EventEmitter();
  lockWithScreen(monitor as unknown as PowerMonitor, app.access);
  monitor.emit('suspend');
  for (const event of ['lock-screen', 'suspend']) {
    expect(await app.access.logIn(credentials(administrator))).toMatchObject({ ok: true });
    monitor.emit(event);
    await expect.poll(() => app.access.state().state).toBe('locked');
  }
  monitor.emit('resume');
  await expect.poll(async () => (await auditTypes(app)).filter((type) => type === 'access.locked').length).toBe(2);
});
