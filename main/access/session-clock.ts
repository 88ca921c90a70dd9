/** How long somebody may be idle, and logged in at all, ms. */
export interface SessionLimits {
  readonly idleMs: number;
  readonly absoluteMs: number;
}

/** Why a session ended or is about to. */
export type SessionEnd = 'idle' | 'session-end';

/** Watches one session: ends it after idleness or its absolute time, whichever comes first. */
export interface SessionClock {
  start(): void;
  /** Somebody is there: the idle time begins again. */
  touch(): void;
  stop(): void;
  /** What is left until the lock, ms; null while nobody is logged in. */
  left(): { readonly idleMs: number; readonly absoluteMs: number } | null;
}

/** What the clock needs; the monotonic clock, so that setting the wall clock prolongs nothing. */
export interface SessionClockDeps {
  readonly monotonic: () => number;
  readonly limits: () => SessionLimits;
  readonly onEnd: (why: SessionEnd) => void;
  readonly setTimer: (run: () => void, ms: number) => { readonly cancel: () => void };
}

/** Creates the clock, stopped. */
export function createSessionClock(deps: SessionClockDeps): SessionClock {
  let session: { readonly startedAt: number; touchedAt: number } | null = null;
  let timer: { readonly cancel: () => void } | null = null;
  const left: SessionClock['left'] = () => {
    if (session === null) return null;
    const { idleMs, absoluteMs } = deps.limits();
    const now = deps.monotonic();
    return { idleMs: Math.max(0, session.touchedAt + idleMs - now), absoluteMs: Math.max(0, session.startedAt + absoluteMs - now) };
  };
  const stop = (): void => {
    session = null;
    timer?.cancel();
    timer = null;
  };
  // One timer for the nearest end; a touch only moves the end, and the timer finds that out when it rings.
  const wait = (): void => {
    const rest = left();
    if (rest === null) return;
    if (rest.idleMs > 0 && rest.absoluteMs > 0) {
      timer = deps.setTimer(wait, Math.min(rest.idleMs, rest.absoluteMs));
      return;
    }
    stop();
    deps.onEnd(rest.absoluteMs === 0 ? 'session-end' : 'idle');
  };
  return {
    left,
    stop,
    touch: () => {
      if (session !== null) session.touchedAt = deps.monotonic();
    },
    start: () => {
      stop();
      const now = deps.monotonic();
      session = { startedAt: now, touchedAt: now };
      wait();
    },
  };
}
