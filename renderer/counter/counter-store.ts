import type { Case, Matter, Settings } from '../../domain/contracts/counter.ts';
import { recordReaders } from '../../domain/roles.ts';
import { type CallOutcome, settleCall } from '../connection/call-outcome.ts';
import type { Connect, Connection, CounterClient } from '../connection/connect.ts';
import { createSessionGate } from './session-gate.ts';
import { type CounterEvent, type CounterState, initialCounterState, reduceCounter } from './counter-state.ts';

/** What the store needs of the world. */
export interface CounterStoreDeps {
  readonly connect: Connect;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** The window's one store: state to render, and every call a screen may make. */
export interface CounterStore {
  readonly read: () => CounterState;
  readonly subscribe: (listener: () => void) => () => void;
  readonly dispatch: (event: CounterEvent) => void;
  /** Makes one call on the present connection; without one the outcome is `window/disconnected`. */
  readonly call: <T>(use: (client: CounterClient) => Promise<T>) => Promise<CallOutcome<T>>;
  readonly refreshHistory: () => Promise<void>;
  readonly saveSettings: (settings: Settings) => Promise<CallOutcome<Settings>>;
  /** Reads anew who sits where and how the scanners type, after something else changed it. */
  readonly refreshSession: () => Promise<void>;
  /** Runs until `stop`: connects, follows the streams, reconnects with growing pauses (0.5 s to 5 s). */
  readonly start: () => void;
  readonly stop: () => void;
}

const firstPauseMs = 500;
const longestPauseMs = 5000;

/** Creates the store; nothing happens before `start`. */
export function createCounterStore(deps: CounterStoreDeps): CounterStore {
  let state: CounterState = initialCounterState;
  const listeners = new Set<() => void>();
  const dispatch = (event: CounterEvent): void => {
    state = reduceCounter(state, event);
    for (const listener of listeners) listener();
  };
  const line = createLine(deps, dispatch, (connection) => serveConnection(connection, deps.now, dispatch, () => refreshHistory()));
  const { call } = line;
  const refreshHistory = async (): Promise<void> => {
    const role = state.session?.operator.role;
    // Whoever may not read records does not ask: the host would write down that they reached beyond their role.
    const mayRead = role !== undefined && recordReaders.includes(role);
    const [today, recent, entries] = await Promise.all([
      call((client) => client.record.today()),
      mayRead ? call((client) => client.record.list({ limit: 8 })) : noRecords,
      call((client) => client.audit.list({ beforeSeq: null, limit: 1 })),
    ]);
    if (today.ok && recent.ok && entries.ok)
      dispatch({ type: 'history', today: today.value, recent: recent.value, lastEntry: entries.value[0] ?? null });
  };
  const refreshSession = async (): Promise<void> => {
    const session = await call((client) => client.session.current());
    if (session.ok) dispatch({ type: 'site-changed', session: session.value });
  };
  return {
    read: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispatch,
    call,
    refreshHistory,
    saveSettings: async (settings) => {
      const outcome = await call((client) => client.settings.save(settings));
      if (outcome.ok) await refreshSession();
      return outcome;
    },
    refreshSession,
    start: line.start,
    stop: line.stop,
  };
}

const noRecords = { ok: true, value: [] } as const;

type Dispatch = (event: CounterEvent) => void;
type Line = Pick<CounterStore, 'call' | 'start' | 'stop'>;

/** Keeps one connection at a time; `serve` settles or rejects when it is of no more use. */
function createLine({ connect, wait }: CounterStoreDeps, dispatch: Dispatch, serve: (connection: Connection) => Promise<void>): Line {
  let connection: Connection | null = null;
  let running = false;
  const run = async (): Promise<void> => {
    let pauseMs = firstPauseMs;
    let [everOpen, isAccepted] = [false, true];
    while (running) {
      try {
        const opened = await connect();
        isAccepted = opened !== 'not-accepted';
        if (opened !== 'not-accepted') {
          connection = opened;
          everOpen = true;
          pauseMs = firstPauseMs;
          await serve(connection);
        }
      } catch {
        // Whatever broke the connection, the answer is the same: say so and try again.
      }
      connection = null;
      if (!running) return;
      dispatch({ type: 'connection', state: isAccepted ? (everOpen ? 'lost' : 'refused') : 'not-accepted' });
      await wait(pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  };
  return {
    call: async (use) => {
      const used = connection;
      if (used === null) return { ok: false, code: 'window/disconnected', detail: null };
      return settleCall(Promise.race([use(used.client), failWhenEnded(used)]), () => connection === used);
    },
    start: () => {
      if (running) return;
      running = true;
      void run();
    },
    stop: () => {
      running = false;
    },
  };
}

type Refresh = () => Promise<void>;

/** Serves one session after the other on a connection: between them nobody is logged in, and nothing is asked. */
async function serveConnection(connection: Connection, now: () => number, dispatch: Dispatch, refreshHistory: Refresh): Promise<void> {
  const gate = createSessionGate();
  const watching = Promise.race([
    connection.ended,
    follow(connection.client.access.watch(), (access) => {
      dispatch({ type: 'access', access });
      gate.put(access);
    }),
  ]).finally(gate.end);
  while (!gate.hasEnded()) {
    const news = gate.news();
    if (gate.isOpen()) {
      await Promise.race([serveSession(connection, { now, dispatch, refreshHistory }), watching]).catch(async (error: unknown) => {
        // The session may have ended under a call, and the news of it be still on its way.
        await Promise.race([news, watching]);
        if (gate.isOpen()) throw error;
      });
    }
    if (!gate.hasEnded()) await Promise.race([news, watching]);
  }
  await watching;
}

interface SessionParts {
  readonly now: () => number;
  readonly dispatch: Dispatch;
  readonly refreshHistory: Refresh;
}

async function serveSession({ client }: Connection, { now, dispatch, refreshHistory }: SessionParts): Promise<void> {
  const offer = createOffer(client, dispatch);
  // The streams first: a scan that comes while the rest is read must not be lost.
  const following = Promise.race([
    follow(client.status.watch(), (status) => {
      dispatch({ type: 'status', status });
      // A call that fails ends with the connection, and the next session reads all again.
      void offer.renew(status.catalogue.fetchedAt).catch(() => {});
    }),
    follow(client.scan.watch(), (event) => {
      dispatch({ type: 'scan', event, now: now() });
      if (event.type !== 'reading') void refreshHistory();
    }),
  ]);
  const loading = Promise.all([client.session.current(), client.matter.list(), client.case.current()]);
  const loaded = await Promise.race([loading, following]);
  if (loaded === undefined) return;
  const [session, matters, openCase] = loaded;
  dispatch({ type: 'loaded', session, matters, openCase });
  void offer.begin(matters, openCase).catch(() => {});
  void refreshHistory();
  await following;
}

/** Reads matters and case again when the platform's lists come after the window, as at every first start, or are renewed. */
function createOffer(client: Connection['client'], dispatch: Dispatch) {
  let isLoaded = false;
  let isComplete = false;
  let listsOf: number | null = null;
  let newest: number | null = null;
  const judge = (matters: readonly Matter[], openCase: Case | null): void => {
    isComplete = matters.length > 0 && openCase !== null;
  };
  const renew = async (fetchedAt: number | null): Promise<void> => {
    newest = fetchedAt;
    if (!isLoaded) listsOf ??= fetchedAt;
    if (!isLoaded || fetchedAt === null || (fetchedAt === listsOf && isComplete)) return;
    listsOf = fetchedAt;
    const [matters, openCase] = await Promise.all([client.matter.list(), client.case.current()]);
    judge(matters, openCase);
    dispatch({ type: 'offer', matters, openCase });
  };
  return {
    renew,
    /** The first reading is done: what came meanwhile is looked at now. */
    begin: async (matters: readonly Matter[], openCase: Case | null): Promise<void> => {
      judge(matters, openCase);
      isLoaded = true;
      await renew(newest);
    },
  };
}

async function follow<T>(stream: Promise<AsyncIterable<T>>, take: (item: T) => void): Promise<void> {
  for await (const item of await stream) take(item);
}

/** A socket that closes under a call would leave the call waiting for ever. */
async function failWhenEnded(connection: Connection): Promise<never> {
  await connection.ended;
  throw new Error('connection ended');
}
