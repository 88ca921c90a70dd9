import type { PowerMonitor } from 'electron';
import type { AccessDesk } from './access/access-desk.ts';

/** Locks the counter when the person's screen is locked or the machine goes to sleep: whoever comes back logs in (design 06 §7). */
export function lockWithScreen(monitor: Pick<PowerMonitor, 'on'>, access: Pick<AccessDesk, 'lock'>): void {
  const lock = (): void => void access.lock('asked');
  monitor.on('lock-screen', lock);
  monitor.on('suspend', lock);
}
