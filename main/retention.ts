import { describeBug } from '../domain/bug-report.ts';
import type { RetentionView } from '../domain/contracts/access.ts';
import { ok, type Result } from '../domain/failure.ts';
import { type DueKey, findDueKeys, retainedClasses, retentionDays, type RetentionProfile } from '../domain/retention.ts';
import type { DeskClock } from './desk/clock.ts';
import type { Journal } from './desk/journal.ts';
import type { SiteKeeper } from './desk/site.ts';
import { dayOf, startOfDay } from './store/record-sealing.ts';
import type { Store } from './store/store.ts';

/** How long what was recorded stays readable, and its end. */
export interface Retention {
  /** What is kept and what would go now under a profile, the present one when null; changes nothing. */
  show(profile: RetentionProfile | null): Promise<Result<RetentionView>>;
  /** Destroys the keys that are due, each after its own entry in the log; nothing while the time is not trusted. Gives how many. */
  purge(): Promise<Result<number>>;
}

/** What retention works with. */
export interface RetentionDeps {
  readonly store: Store;
  readonly journal: Journal;
  readonly site: SiteKeeper;
  /** `isHeard`: a platform has said the time in this run. */
  readonly clock: Pick<DeskClock, 'state'> & { isHeard(): boolean };
  readonly now: () => number;
}

/** Purges once the platform has told the time, then every hour; gives what ends it. */
export function purgeInTime({ log }: { readonly log: { warn(facts: object, text: string): void; error(facts: object, text: string): void } }, retention: Pick<Retention, 'purge'>, ready: Promise<void>): () => void {
  const purge = (): void =>
    void retention.purge().then(
      (purged) => void (purged.ok || log.warn({ failure: purged.failure }, 'what is due could not be purged')),
      (error: unknown) => log.error(describeBug(error), 'the purge met a bug'),
    );
  const timer = setInterval(purge, hourMs);
  timer.unref();
  void ready.then(purge);
  return () => clearInterval(timer);
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** Creates retention over the store's data keys: what was sealed on a day goes when the key of its class and day goes. */
export function createRetention(deps: RetentionDeps): Retention {
  const { store, journal, site } = deps;
  const today = (): number => dayOf(deps.now() + deps.clock.state().offsetMs);
  // A clock that was set forward must not destroy what is not due: only the platform's time counts, not what was kept of it
  // over a restart (the wall clock says how long that took) nor what two people say.
  const isTimeTrusted = (): boolean => deps.clock.isHeard() && deps.clock.state().state === 'synchronised';
  const count = async (due: readonly DueKey[]): Promise<Result<readonly { readonly key: DueKey; readonly records: number }[]>> => {
    const byId = new Map<number, number>();
    // Day by day: a scan that is to be recorded waits for one of them, not for all.
    for (const ofDay of Map.groupBy(due, ({ day }) => day).values()) {
      const counted = await store.sealedUnder({ ids: ofDay.map(({ id }) => id) });
      if (!counted.ok) return counted;
      for (const { id, records } of counted.value) byId.set(id, records);
    }
    return ok(due.map((key) => ({ key, records: byId.get(key.id) ?? 0 })));
  };
  return {
    show: async (chosen) => {
      const profile = chosen ?? site.current().retention;
      const keys = await store.dataKeys(null);
      if (!keys.ok) return keys;
      const due = await count(findDueKeys(keys.value, { profile, today: today() }));
      if (!due.ok) return due;
      const kept = (name: string) => keys.value.filter((key) => key.class === name).map(({ day }) => day);
      return ok({
        profile,
        isInUse: profile === site.current().retention,
        isTimeTrusted: isTimeTrusted(),
        classes: retainedClasses.map((name) => ({ class: name, days: retentionDays[profile][name], keptDays: kept(name).length, oldestAt: kept(name).length === 0 ? null : startOfDay(Math.min(...kept(name))) })),
        due: due.value.map(({ key, records }) => ({ class: key.class, dayAt: startOfDay(key.day), records })),
      });
    },
    purge: async () => {
      if (!isTimeTrusted()) return ok(0);
      const keys = await store.dataKeys(null);
      if (!keys.ok) return keys;
      const due = await count(findDueKeys(keys.value, { profile: site.current().retention, today: today() }));
      if (!due.ok) return due;
      for (const { key, records } of due.value) {
        const noted = await journal.record({ type: 'retention.purged', result: `${printDay(key.day)} key ${key.id} records ${records}`, ref: key.class, as: { actor: 'retention', role: site.current().retention } });
        if (!noted.ok) return noted;
        const erased = await store.eraseKeys({ ids: [key.id] });
        if (!erased.ok) return erased;
      }
      return ok(due.value.length);
    },
  };
}

function printDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}
