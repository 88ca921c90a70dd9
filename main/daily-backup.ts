import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describeBug } from '../domain/bug-report.ts';
import { ok, type Result } from '../domain/failure.ts';
import type { Journal } from './desk/journal.ts';
import { listBackups } from './store/backup.ts';
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
  const [newest] = listBackups(dataDir);
  // A newest one from the future was made by a wrong clock and proves nothing.
  if (newest !== undefined && Math.abs(now() - newest.madeAt) < dayMs) return ok(false);
  // What a backup leaves that was cut off with the program.
  for (const name of readdirSync(dataDir)) if (/^snapshot-[0-9]+\.db/.test(name)) rmSync(path.join(dataDir, name), { force: true });
  const made = await store.backup({ at: now() });
  if (!made.ok) return made;
  const noted = await journal.record({ type: 'store.backed-up', result: 'ok', ref: made.value.name });
  return noted.ok ? ok(true) : noted;
}

/** Looks five minutes after the start and then every hour whether a backup is due; gives what ends it. */
export function backUpDaily(deps: DailyBackupDeps & { readonly log: { warn(facts: object, text: string): void; error(facts: object, text: string): void } }): () => void {
  const look = (): void =>
    void backUpIfDue(deps).then(
      (made) => void (made.ok || deps.log.warn({ failure: made.failure }, 'no backup could be made')),
      (error: unknown) => deps.log.error(describeBug(error), 'the backup met a bug'),
    );
  const timers = [setTimeout(look, firstAfterMs), setInterval(look, hourMs)];
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearTimeout(timer);
  };
}
