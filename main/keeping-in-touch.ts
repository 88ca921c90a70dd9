import { describeBug } from '../domain/bug-report.ts';
import type { FailureCode } from '../domain/failure.ts';
import type { Cases } from './desk/cases.ts';
import type { DeskClock } from './desk/clock.ts';
import type { Journal } from './desk/journal.ts';
import type { Matters } from './desk/matters.ts';
import type { PlatformLink } from './desk/platform-link.ts';
import type { StatusBoard } from './desk/status.ts';
import { type ConnectionDeps, connectPlatform, type PlatformAddress } from './platform-connection.ts';
import type { PlatformClient } from './remote/platform-client.ts';

/** The parts of the counter that keeping in touch works with. */
export interface InTouchParts {
  readonly link: PlatformLink<PlatformClient>;
  readonly matters: Matters;
  readonly clock: DeskClock;
  readonly journal: Journal;
  readonly connection: ConnectionDeps;
  readonly cases: Cases;
  readonly status: Pick<StatusBoard, 'changed'>;
  /** Has the audit log countersigned. */
  readonly countersigner: { sync(): Promise<void> };
  /** Hands in what was judged without the platform. */
  readonly offline: { sync(): Promise<unknown> };
  /** Why nobody may work at the counter now; a case is opened in no other name. */
  readonly cannotScan: () => FailureCode | null;
}

/** What it needs of the outside; `platform` is where to enrol or whom to ask. */
export interface InTouchDeps {
  readonly platform?: PlatformAddress;
  readonly healthEveryMs?: number;
  readonly log: { warn(facts: object, text: string): void; error(facts: object, text: string): void };
}

/** Connects, then asks the platform again and again; opens the first case as soon as there is a matter. */
export function keepInTouch(deps: InTouchDeps, parts: InTouchParts) {
  const { clock, journal } = parts;
  let wasWrong = false;
  const refresh = async (): Promise<void> => {
    await parts.link.refresh();
    const { state, offsetMs } = clock.state();
    if (state === 'wrong' && !wasWrong) await journal.record({ type: 'clock.wrong', result: `${Math.round(offsetMs / 1000)} s`, ref: 'platform' });
    wasWrong = state === 'wrong';
    await openFirstCase(parts);
    await parts.countersigner.sync();
    await parts.offline.sync();
  };
  const guarded = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => deps.log.error(describeBug(error), 'keeping in touch met a bug'));
  let session = 0;
  const connect = async (): Promise<void> => {
    const began = session;
    const connected = await connectPlatform(parts.connection, deps.platform);
    // Locked while the account was read: its key must not be at hand now.
    if (began !== session) parts.link.rest();
    if (!connected.ok) deps.log.warn({ failure: connected.failure }, 'not connected to a platform');
  };
  const first = async (): Promise<void> => {
    await connect();
    await openFirstCase(parts);
    await refresh();
  };
  const ready = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | null = null;
  return {
    ready: ready.promise,
    refresh,
    /** Somebody logged in: the keys to the platform are at hand again. */
    begin: async (): Promise<void> => {
      if (timer === null) {
        timer = setInterval(() => void guarded(refresh()), deps.healthEveryMs ?? 15_000);
        timer.unref();
        void guarded(first()).then(ready.resolve);
        return;
      }
      await guarded(connect());
      void guarded(refresh());
    },
    /** Nobody is logged in any more: nothing is asked, and no key to the platform is at hand. */
    rest: (): void => {
      session += 1;
      parts.link.rest();
    },
    stop: () => void (timer === null || clearInterval(timer)),
  };
}

/** For whoever works at the counter: an administrator who logs in first opens no case in their own name. */
async function openFirstCase({ cannotScan, cases, matters, status }: Pick<InTouchParts, 'cannotScan' | 'cases' | 'matters' | 'status'>): Promise<void> {
  if (cases.current() !== null || cannotScan() !== null) return;
  const list = await matters.list();
  const first = list.ok ? list.value[0] : undefined;
  const useFor = first?.purposes[0];
  if (first === undefined || useFor === undefined) return;
  await cases.openFirst({ matter: first, useFor });
  status.changed();
}
