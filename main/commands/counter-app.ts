import { pino } from 'pino';
import { systemRandom } from '../../domain/crypto/random.ts';
import { fail, type Result } from '../../domain/failure.ts';
import { type App, type AppDeps, createApp } from '../app.ts';
import { readProgramVersion } from './program-files.ts';

/** What a command decides of the counter that it starts; the rest is that of this machine. */
export type CounterSettings = Pick<AppDeps, 'dataDir'> & Partial<Pick<AppDeps, 'platform' | 'site' | 'limits' | 'now' | 'unattended' | 'isTrial'>>;

/** Starts the counter's services without a window, as the kiosk host has them. */
export function startCounter(settings: CounterSettings): Promise<Result<App>> {
  return createApp({
    version: readProgramVersion(),
    shell: 'kiosk',
    now: Date.now,
    monotonic: () => performance.now(),
    random: systemRandom,
    log: createProgramLog('counter'),
    ...settings,
  });
}

/** Starts them for a command, with keys that the machine opens itself; `access/locked` where people log in. */
export async function startUnattended(settings: CounterSettings): Promise<Result<App>> {
  const started = await startCounter({ ...settings, unattended: true });
  if (!started.ok || started.value.access.state().state === 'unattended') return started;
  await started.value.close();
  return fail('access/locked');
}

/** A log of warnings and errors on the error stream; fields that could hold a secret or a person's data are struck out. */
export function createProgramLog(part: string) {
  const redact = ['token', 'appSecret', 'privateKey', 'enrolmentCode', 'qrCode', 'idCard', 'phone'].flatMap((name) => [name, `*.${name}`]);
  return pino({ level: 'warn', base: { part }, redact: { paths: redact, censor: '<secret>' } }, pino.destination({ dest: 2, sync: true }));
}
