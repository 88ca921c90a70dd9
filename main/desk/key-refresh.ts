import { isDeepStrictEqual } from 'node:util';
import type { PlatformProfile, SigningKeyList } from '../../domain/contracts/enterprise.ts';
import type { Result } from '../../domain/failure.ts';

/** What fetching signing keys needs; profile and client are those of the moment, null while there are none. */
export interface KeyRefreshDeps {
  readonly now: () => number;
  readonly profile: () => PlatformProfile | null;
  readonly client: () => { signingKeys(heldSequence: number): Promise<Result<SigningKeyList>> } | null;
  /** Keeps a profile whose keys changed, before they count. */
  readonly keep: (profile: PlatformProfile) => Promise<Result<null>>;
  readonly onKept: (profile: PlatformProfile) => void;
}

/** Fetches the signing keys of the platform; whoever asks while that goes on gets the same answer. */
export interface KeyRefresh {
  /** False when they could not be had: those known so far stay. */
  fetch(): Promise<boolean>;
  isDue(): boolean;
  /** The next fetch is due at once: another account, or the first contact after a log-in. */
  restart(): void;
}

/** A revoked key is known for one at the latest so long after. */
const keysAgeMs = 10 * 60 * 1000;

/** Creates it; nothing is fetched yet. */
export function createKeyRefresh(deps: KeyRefreshDeps): KeyRefresh {
  let fetchedAt: number | null = null;
  let fetching: Promise<boolean> | null = null;
  const fetch = async (): Promise<boolean> => {
    const before = deps.profile();
    const list = before === null ? undefined : await deps.client()?.signingKeys(before.keySequence ?? 0);
    // Another account may have been taken up meanwhile: these are not its keys.
    if (before === null || list?.ok !== true || deps.profile() !== before) return false;
    const { others = [], sequence: keySequence, signingKeys } = list.value;
    // Nobody else was ever named: nothing is new.
    const after = { ...before, keySequence, signingKeys, ...(others.length === 0 && before.others === undefined ? {} : { others }) };
    if (!isDeepStrictEqual(after, before)) {
      const kept = await deps.keep(after);
      if (!kept.ok || deps.profile() !== before) return false;
      deps.onKept(after);
    }
    fetchedAt = deps.now();
    return true;
  };
  return {
    fetch: () => {
      fetching ??= fetch().finally(() => {
        fetching = null;
      });
      return fetching;
    },
    isDue: () => fetchedAt === null || deps.now() - fetchedAt > keysAgeMs,
    restart: () => {
      fetchedAt = null;
    },
  };
}
