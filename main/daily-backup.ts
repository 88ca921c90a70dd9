import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describeBug } from '../domain/bug-report.ts';
import { fail, type FailureCode, ok, type Result } from '../domain/failure.ts';
import type { Journal } from './desk/journal.ts';
import { backupFolder, listBackups } from './store/backup.ts';
import type { Store } from './store/store.ts';

/** What backing up by itself needs. */
export interface DailyBackupDeps {
  readonly dataDir: string;
  readonly store: Pick<Store, 'backup'>;
  readonly journal: Pick<Journal, 'record'>;
  readonly now: () => number;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const firstAfterMs = 5 * 60_000;

/** Makes a backup (checked as a whole, sealed, rotated) unless one of the last 24 hours is there, and notes it; gives whether it made one. */
export async function backUpIfDue({ dataDir, store, journal, now }: DailyBackupDeps): Promise<Result<boolean>> {
  // One from the future was made by a wrong clock and proves nothing; a right one behind it does.
  const isOfLastDay = (madeAt: number): boolean => now() >= madeAt && now() - madeAt < dayMs;
  if (listBackups(dataDir).some(({ madeAt }) => isOfLastDay(madeAt))) return ok(false);
  removeLeftovers(dataDir, /^snapshot-[0-9]+\.db/);
  removeLeftovers(backupFolder(dataDir), /^unfinished-[0-9]+$/);
  const made = await store.backup({ at: now() });
  if (!made.ok) return made;
  const noted = await journal.record({ type: 'store.backed-up', result: 'ok', ref: made.value.name });
  return noted.ok ? ok(true) : noted;
}

/** What a backup leaves that was cut off with the program. */
function removeLeftovers(folder: string, name: RegExp): void {
  const found = existsSync(folder) ? readdirSync(folder) : [];
  for (const leftover of found.filter((one) => name.test(one))) rmSync(path.join(folder, leftover), { force: true });
}

/** Looks five minutes after the start and then every hour whether a backup is due, and notes one that fails; gives what ends it. */
export function backUpDaily(deps: DailyBackupDeps & { readonly log: { warn(facts: object, text: string): void; error(facts: object, text: string): void } }): () => void {
  const { log, journal, now } = deps;
  const reportBug = (error: unknown): Result<never> => {
    log.error(describeBug(error), 'the backup met a bug');
    return fail('internal/bug');
  };
  // Hour after hour the same failure is one entry.
  let noted: FailureCode | null = null;
  const look = async (): Promise<void> => {
    const made = await backUpIfDue(deps).catch(reportBug);
    if (!made.ok) log.warn({ failure: made.failure }, 'no backup could be made');
    const failed = made.ok ? null : made.failure.code;
    if (failed !== null && failed !== noted) await journal.record({ type: 'store.backup-failed', result: failed, ref: new Date(now()).toISOString() });
    noted = failed;
  };
  const begin = (): void => void look().catch(reportBug);
  const timers = [setTimeout(begin, firstAfterMs), setInterval(begin, hourMs)];
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearTimeout(timer);
  };
}
