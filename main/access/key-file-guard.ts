import { fail, ok, type Result } from '../../domain/failure.ts';
import { parseKeyFile } from './key-file.ts';
import type { KeyProvider } from './key-provider.ts';
import type { SessionClockDeps } from './session-clock.ts';

/** Who looks whether a key file is still there: a window, for only a window was given it. The host makes sure that one does (ADR 36). */
export interface KeyFileGuard {
  readonly watch: KeyProvider<'file'>['watch'];
  /**
   * A window has this file in view from now on, until it lets go: closed, reloaded or crashed. Gives what ends then, and with the session or key that the
   * file is watched for. `access/key-refused` with `another-key`.
   */
  hold(file: string, lettingGo?: AbortSignal): Result<AbortSignal>;
  /** After how long the counter is locked unless a window is shown the file, ms; null while one has it in view, and where none is needed. */
  left(): number | null;
}

/** How long a session may go on with nobody looking after its key file: time for a window to come back and for a person to choose the file again. */
const graceMs = 60_000;

interface Watched {
  readonly publicKey: string;
  readonly onGone: Parameters<KeyFileGuard['watch']>[1];
  readonly over: AbortController;
  holders: number;
  /** By the monotonic clock; null while somebody holds it. */
  dueAt: number | null;
  timer: { readonly cancel: () => void } | null;
}

/** Creates the guard; one key file at a time, that of whoever is logged in. */
export function createKeyFileGuard({ setTimer, monotonic, onChanged }: Pick<SessionClockDeps, 'setTimer' | 'monotonic'> & { readonly onChanged: () => void }): KeyFileGuard {
  let current: Watched | null = null;
  const rest = (watched: Watched): void => {
    watched.timer?.cancel();
    watched.timer = null;
    watched.dueAt = null;
  };
  const wait = (watched: Watched): void => {
    watched.dueAt = monotonic() + graceMs;
    watched.timer = setTimer(() => watched.onGone('key-unseen'), graceMs);
  };
  const release = (held: Watched): void => {
    held.holders -= 1;
    if (held.holders > 0 || current !== held) return;
    wait(held);
    onChanged();
  };
  return {
    watch: ({ publicKey }, onGone) => {
      const mine: Watched = { publicKey, onGone, over: new AbortController(), holders: 0, dueAt: null, timer: null };
      current = mine;
      wait(mine);
      return () => {
        rest(mine);
        if (current === mine) current = null;
        mine.over.abort();
      };
    },
    hold: (file, lettingGo) => {
      const held = current;
      if (held === null || parseKeyFile(file)?.publicKey !== held.publicKey) return fail('access/key-refused', 'another-key');
      const end = lettingGo === undefined ? held.over.signal : AbortSignal.any([lettingGo, held.over.signal]);
      // Let go of before it was asked for: the waiting goes on as it was.
      if (end.aborted) return ok(end);
      held.holders += 1;
      rest(held);
      end.addEventListener('abort', () => release(held), { once: true });
      onChanged();
      return ok(end);
    },
    left: () => (current === null || current.dueAt === null ? null : Math.max(0, current.dueAt - monotonic())),
  };
}
