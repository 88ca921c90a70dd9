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

/**
 * What the clock needs. No wall clock: setting it back prolongs nothing, setting it right ends nothing. The monotonic clock may stand still while
 * the machine sleeps; the time since its start goes on.
 */
export interface SessionClockDeps {
  readonly monotonic: () => number;
  /** Since the machine was started, sleep and all, ms. */
  readonly sinceBoot: () => number;
  readonly limits: () => SessionLimits;
  readonly onEnd: (why: SessionEnd) => void;
  readonly setTimer: (run: () => void, ms: number) => { readonly cancel: () => void };
}

// Timers stand still in a sleep as well: so long after it at the latest the session is looked at.
const lookEveryMs = 10_000;

/** Creates the clock, stopped. Whoever wakes a sleeping machine finds it locked, if it slept longer than somebody may be idle. */
export function createSessionClock(deps: SessionClockDeps): SessionClock {
  let session: { readonly startedAt: number; touchedAt: number } | null = null;
  let timer: { readonly cancel: () => void } | null = null;
  const passed = createPassedTime(deps);
  const left: SessionClock['left'] = () => {
    if (session === null) return null;
    const { idleMs, absoluteMs } = deps.limits();
    const now = passed();
    return { idleMs: Math.max(0, session.touchedAt + idleMs - now), absoluteMs: Math.max(0, session.startedAt + absoluteMs - now) };
  };
  const stop = (): void => {
    session = null;
    timer?.cancel();
    timer = null;
  };
  /** Ends a session whose time is over; whether there still is one. */
  const isOn = (): boolean => {
    const rest = left();
    if (rest === null) return false;
    if (rest.idleMs > 0 && rest.absoluteMs > 0) return true;
    stop();
    deps.onEnd(rest.absoluteMs === 0 ? 'session-end' : 'idle');
    return false;
  };
  // One timer; a touch only moves the end, and the timer finds that out when it rings.
  const wait = (): void => {
    const rest = left();
    if (rest !== null && isOn()) timer = deps.setTimer(wait, Math.min(rest.idleMs, rest.absoluteMs, lookEveryMs));
  };
  return {
    left,
    stop,
    // The first touch after a sleep prolongs nothing that is over.
    touch: () => {
      if (session !== null && isOn()) session.touchedAt = passed();
    },
    start: () => {
      stop();
      const now = passed();
      session = { startedAt: now, touchedAt: now };
      wait();
    },
  };
}

/** Time that only goes on, ms: by whichever of the two clocks went further each time. */
function createPassedTime({ monotonic, sinceBoot }: Pick<SessionClockDeps, 'monotonic' | 'sinceBoot'>): () => number {
  let last = { mono: monotonic(), boot: sinceBoot() };
  let passedMs = 0;
  return () => {
    const next = { mono: monotonic(), boot: sinceBoot() };
    passedMs += Math.max(0, next.mono - last.mono, next.boot - last.boot);
    last = next;
    return passedMs;
  };
}
