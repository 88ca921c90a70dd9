import { ok, type Result } from '../domain/failure.ts';
import { isShorter, type RetentionProfile } from '../domain/retention.ts';
import type { AccessDesk } from './access/access-desk.ts';
import type { Credentials } from './access/escrow.ts';
import type { DeskClock } from './desk/clock.ts';
import type { Journal } from './desk/journal.ts';
import type { Site, SiteKeeper } from './desk/site.ts';
import type { StatusBoard } from './desk/status.ts';
import type { Scanners } from './scanners.ts';

/** What a clock is confirmed with. */
export interface ClockOverride {
  readonly two: readonly Credentials[];
  readonly reason: string;
}

/** Takes the wall clock for right, by two administrators; in the log before it counts. */
export async function overrideClock(parts: { readonly access: AccessDesk; readonly clock: DeskClock & { believeWall(): void }; readonly journal: Journal; readonly status: StatusBoard }, input: ClockOverride): Promise<Result<null>> {
  const { access, clock, journal, status } = parts;
  const confirmed = await access.confirmTwo(input.two, 'clock');
  if (!confirmed.ok) return confirmed;
  const { offsetMs } = clock.state();
  const noted = await journal.record({ type: 'clock.overridden', result: `${Math.round(offsetMs / 1000)} s`, ref: 'wall', detail: { reason: input.reason } });
  if (!noted.ok) return noted;
  clock.believeWall();
  status.changed();
  return ok(null);
}

/** A choice of retention, with the two who stand behind a shorter one. */
export interface RetentionChoice {
  readonly profile: RetentionProfile;
  readonly two?: readonly Credentials[] | undefined;
}

/** Chooses how long records stay readable; what ends sooner than now is destroyed for good, so that two administrators stand behind it. */
export async function chooseRetention({ access, site, saveSettings: save }: RetentionParts, { profile, two }: RetentionChoice): Promise<Result<null>> {
  if (isShorter(profile, site.current().retention)) {
    const confirmed = await access.confirmTwo(two ?? [], `retention ${profile}`);
    if (!confirmed.ok) return confirmed;
  }
  return save({ retention: profile });
}

interface RetentionParts {
  readonly access: AccessDesk;
  readonly site: SiteKeeper;
  readonly saveSettings: (changes: Partial<Site>) => Promise<Result<null>>;
}

/** Writes changed settings down, keeps them and acts on them; what is not given stays. */
export async function saveSettings(parts: { readonly site: SiteKeeper; readonly journal: Journal; readonly scanners: Scanners }, changes: Partial<Site>): Promise<Result<null>> {
  const before = parts.site.current();
  const changed = (Object.keys(changes) as (keyof Site)[]).filter((part) => JSON.stringify(before[part]) !== JSON.stringify(changes[part]));
  const noted = await parts.journal.record({ type: 'settings.changed', result: changed.join(' '), ref: 'site', detail: changes });
  if (!noted.ok) return noted;
  parts.site.save(changes);
  await parts.scanners.use(parts.site.current());
  return ok(null);
}
