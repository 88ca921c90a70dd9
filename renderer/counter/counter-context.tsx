import { createContext, type ReactNode, useCallback, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { CounterState } from './counter-state.ts';
import type { CounterStore } from './counter-store.ts';

interface CounterTools {
  readonly store: CounterStore;
  readonly now: () => number;
}

const CounterContext = createContext<CounterTools | null>(null);

/** Gives the store and the clock to everything below it. */
export function CounterProvider({ store, now, children }: CounterTools & { readonly children: ReactNode }): ReactNode {
  const [tools] = useState({ store, now });
  return <CounterContext value={tools}>{children}</CounterContext>;
}

/** The store and the clock; only below a `CounterProvider`. */
export function useCounterTools(): CounterTools {
  const tools = useContext(CounterContext);
  if (tools === null) throw new Error('no CounterProvider above');
  return tools;
}

/** One part of the state; re-renders only when that part is another object. */
export function useCounter<T>(select: (state: CounterState) => T): T {
  const { store } = useCounterTools();
  return useSyncExternalStore(store.subscribe, () => select(store.read()));
}

/** The time, renewed every `everyMs`; the component re-renders with it. */
export function useClock(everyMs: number): number {
  return useTicking(useCounterTools().now, everyMs);
}

/** The platform's time as far as it is known here: what the end of a code or a grant is held against, however wrong this machine's clock is. */
export function useTrustedNow(): () => number {
  const { store, now } = useCounterTools();
  return useCallback(() => now() + (store.read().status?.clock.offsetMs ?? 0), [store, now]);
}

/** `useTrustedNow`, renewed every `everyMs`. */
export function useTrustedClock(everyMs: number): number {
  return useTicking(useTrustedNow(), everyMs);
}

function useTicking(now: () => number, everyMs: number): number {
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), everyMs);
    return () => clearInterval(timer);
  }, [now, everyMs]);
  return time;
}

/** Runs at first and whenever the audit chain has grown; `run` must keep its identity (`useCallback`). */
export function useOnEntry(run: () => void): void {
  const { store } = useCounterTools();
  useEffect(() => {
    let seen = newestSeq(store.read());
    run();
    return store.subscribe(() => {
      const seq = newestSeq(store.read());
      if (seq === seen) return;
      seen = seq;
      run();
    });
  }, [store, run]);
}

/** The newest sequence number that the window has heard of. */
export function newestSeq(state: CounterState): number {
  return Math.max(state.status?.audit.seq ?? 0, state.lastEntry?.seq ?? 0);
}
