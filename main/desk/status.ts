import type { Status } from '../../domain/contracts/counter.ts';
import { createBroadcast } from './broadcast.ts';
import type { ClockState } from './clock.ts';
import type { Catalogue } from './matters.ts';
import type { LinkState } from './platform-link.ts';

/** Where each part of the status comes from; asked whenever something changed. */
export interface StatusSources {
  readonly platform: () => LinkState;
  readonly scanners: () => Status['scanners'];
  readonly catalogue: () => Catalogue;
  readonly keysValidUntil: () => number | null;
  readonly clock: () => ClockState;
  readonly audit: () => Status['audit'];
  /** What the platform has not been told yet. */
  readonly pending: () => number;
  /** What was judged without the platform. */
  readonly offline: () => Status['offline'];
}

/** The state of everything the clerk's work depends on. */
export interface StatusBoard {
  current(): Status;
  /** Something changed: tells the watchers, several changes of one moment once. */
  changed(): void;
  /** The status now, then each change; a slow watcher gets the newest only. */
  watch(signal?: AbortSignal): AsyncGenerator<Status, void, void>;
  close(): void;
}

/** Creates the board. */
export function createStatusBoard(sources: StatusSources): StatusBoard {
  const changes = createBroadcast<null>({ limit: 1 });
  let isTelling = false;
  const current = (): Status => {
    const { fetchedAt, entries, scenarios } = sources.catalogue();
    return {
      platform: sources.platform(),
      scanners: sources.scanners(),
      catalogue: { fetchedAt, entries, scenarios: scenarios.length },
      keys: { validUntilAt: sources.keysValidUntil() },
      clock: sources.clock(),
      audit: sources.audit(),
      pendingSync: sources.pending(),
      offline: sources.offline(),
    };
  };
  return {
    current,
    changed: () => {
      if (isTelling) return;
      isTelling = true;
      queueMicrotask(() => {
        isTelling = false;
        changes.publish(null);
      });
    },
    watch: async function* (signal) {
      const news = changes.subscribe(signal);
      yield current();
      for await (const _ of news) yield current();
    },
    close: changes.close,
  };
}
