import type { SigningKey } from '../domain/contracts/enterprise.ts';
import { countersign } from './audit/countersigning.ts';
import type { PlatformLink } from './desk/platform-link.ts';
import type { PlatformClient } from './remote/platform-client.ts';
import type { Store } from './store/store.ts';

/** Keeps the audit log countersigned by the platform's audit centre. */
export interface Countersigner {
  /** Asks the centre when something waits, and once in each session at any rate. */
  sync(): Promise<void>;
  /** Entries that the centre has not countersigned yet. */
  waiting(): number;
}

/** What it needs; `onFault` is told when the centre has another past of this log than the log itself. */
export interface CountersignerDeps {
  readonly store: Store;
  readonly link: PlatformLink<PlatformClient>;
  readonly log: { warn(facts: object, text: string): void; error(facts: object, text: string): void };
  readonly onChanged: () => void;
  readonly onFault: () => void;
}

/** Creates the countersigner; what could not be handed in waits for the next time, however many days away. */
export function createCountersigner(deps: CountersignerDeps): Countersigner {
  let waiting = 0;
  let asked: PlatformClient | null = null;
  const count = async (): Promise<number> => {
    const state = await deps.store.countersigning(null);
    const now = state.ok ? state.value.waiting : waiting;
    if (now !== waiting) {
      waiting = now;
      deps.onChanged();
    }
    return now;
  };
  return {
    waiting: () => waiting,
    sync: async () => {
      const client = deps.link.client();
      const left = await count();
      if (client === null || deps.link.state().state !== 'online' || (left === 0 && asked === client)) return;
      const done = await countersign({ store: deps.store, submit: client.submitCheckpoint, platformKeys: (at) => listKeysAt(deps.link.profile()?.signingKeys ?? [], at) });
      if (!done.ok) return deps.log.warn({ failure: done.failure }, 'the audit log was not countersigned');
      asked = client;
      if (done.value === 'good') return void (await count());
      deps.log.error({ answer: done.value }, 'the audit centre knows another past of this log: nothing more is verified');
      deps.onFault();
    },
  };
}

/** The keys that count for what was signed at a time (epoch ms), in lower-case hex: valid then, and not revoked, whenever. */
export function listKeysAt(keys: readonly SigningKey[], at: number): readonly string[] {
  const isGood = ({ notAfter, notBefore, revokedAt }: SigningKey) => revokedAt === undefined && Date.parse(notBefore) <= at && at < Date.parse(notAfter);
  return keys.filter(isGood).map(({ publicKey }) => publicKey.toLowerCase());
}
