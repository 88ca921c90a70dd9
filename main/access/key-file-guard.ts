import { fail, ok, type Result } from '../../domain/failure.ts';
import { parseKeyFile } from './key-file.ts';
import type { KeyProvider } from './key-provider.ts';
import type { SessionClockDeps } from './session-clock.ts';

/** Who looks whether a key file is still there: a window, for only a window was given it. The host makes sure that one does. */
export interface KeyFileGuard {
  readonly watch: KeyProvider<'file'>['watch'];
  /** A window has this file in view from now on, until it lets go: closed, reloaded or crashed. `access/key-refused` with `another-key`. */
  hold(file: string): Result<() => void>;
  /** After how long the counter is locked unless a window is shown the file, ms; null while one has it in view, and where none is needed. */
  left(): number | null;
}

/** How long a session may go on with nobody looking after its key file: time for a window to come back and for a person to choose the file again. */
const graceMs = 60_000;

interface Watched {
  readonly publicKey: string;
  readonly onGone: Parameters<KeyFileGuard['watch']>[1];
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
  return {
    watch: ({ publicKey }, onGone) => {
      const mine: Watched = { publicKey, onGone, holders: 0, dueAt: null, timer: null };
      current = mine;
      wait(mine);
      return () => {
        rest(mine);
        if (current === mine) current = null;
      };
    },
    hold: (file) => {
      const held = current;
      if (held === null || parseKeyFile(file)?.publicKey !== held.publicKey) return fail('access/key-refused', 'another-key');
      held.holders += 1;
      rest(held);
      onChanged();
      let isHeld = true;
      return ok(() => {
        if (!isHeld) return;
        isHeld = false;
        held.holders -= 1;
        if (held.holders > 0 || current !== held) return;
        wait(held);
        onChanged();
      });
    },
    left: () => (current === null || current.dueAt === null ? null : Math.max(0, current.dueAt - monotonic())),
  };
}
