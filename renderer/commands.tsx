import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { isAdministratorRole } from '../domain/roles.ts';
import { useCounter, useCounterTools } from './counter/counter-context.tsx';
import { shownVerdict, wouldLoseWork } from './counter/counter-state.ts';
import type { CounterStore } from './counter/counter-store.ts';
import type { CommandKey } from './keys.ts';
import { stateLooks } from './screens/verify/verdict-look.ts';
import { useWindow } from './window-state.tsx';

/** What the keys do here and now. */
export interface Commands {
  readonly enabled: Readonly<Record<CommandKey, boolean>>;
  readonly run: (key: CommandKey) => void;
  /** The next person: asks first when something would be lost. */
  readonly next: () => void;
  /** The next person, without asking. */
  readonly nextNow: () => void;
}

const CommandContext = createContext<Commands | null>(null);

/** Decides which keys work and what they do; buttons and keys share it. */
export function CommandProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const { store } = useCounterTools();
  const place = useWindow();
  const verdict = useCounter(shownVerdict);
  const hasCase = useCounter((state) => state.openCase !== null);
  const online = useCounter((state) => state.connection === 'open');
  const attended = useCounter((state) => state.access?.state === 'open');
  const serves = useCounter((state) => state.session === null || !isAdministratorRole(state.session.operator.role));
  const commands = useMemo<Commands>(() => {
    const nextNow = (): void => {
      place.close();
      place.go('verify');
      void openNext(store);
    };
    const next = (): void => (wouldLoseWork(store.read()) ? place.open('confirm-next') : nextNow());
    const enabled: Commands['enabled'] = {
      f1: true,
      f2: online && serves,
      f3: verdict !== null && stateLooks[verdict.state].showsData,
      // Also without the local service: what one person granted must not stay for the next.
      f4: hasCase && serves,
      f5: online && verdict !== null && stateLooks[verdict.state].retries,
      f8: verdict !== null && stateLooks[verdict.state].showsData,
      f9: online && attended,
      camera: online,
      image: online,
      escape: true,
    };
    const actions: Readonly<Record<CommandKey, () => void>> = {
      f1: () => (place.overlay === 'help' ? place.close() : place.open('help')),
      f2: () => place.open('matters'),
      f3: () => place.go('certificates'),
      f4: next,
      f5: () => verdict !== null && void retryVerdict(store, verdict.scanId),
      f8: () => place.open('notice'),
      f9: () => void store.call((client) => client.access.lock({ reason: 'asked' })),
      camera: () => (place.overlay === 'camera' ? place.close() : place.open('camera')),
      image: () => place.open('image'),
      escape: () => (place.overlay === null ? dismiss(store) : place.close()),
    };
    return { enabled, next, nextNow, run: (key) => enabled[key] && actions[key]() };
  }, [store, place, verdict, hasCase, online, attended, serves]);
  return <CommandContext value={commands}>{children}</CommandContext>;
}

/** The commands; only below a `CommandProvider`. */
export function useCommands(): Commands {
  const commands = useContext(CommandContext);
  if (commands === null) throw new Error('no CommandProvider above');
  return commands;
}

async function openNext(store: CounterStore): Promise<void> {
  const outcome = await store.call((client) => client.case.next());
  if (!outcome.ok && outcome.code === 'window/disconnected') store.dispatch({ type: 'dismissed' });
  store.dispatch(outcome.ok ? { type: 'case-opened', openCase: outcome.value } : { type: 'problem', code: outcome.code });
  void store.refreshHistory();
}

/** Asks for a verdict again with the same request; false where the counter could not ask. */
export async function retryVerdict(store: CounterStore, scanId: string): Promise<boolean> {
  const outcome = await store.call((client) => client.verdict.retry({ scanId }));
  store.dispatch(outcome.ok ? { type: 'verdict-replaced', verdict: outcome.value } : { type: 'problem', code: outcome.code });
  void store.refreshHistory();
  return outcome.ok;
}

/** Esc leaves a refusal; a verdict with granted data stays until the next person. */
function dismiss(store: CounterStore): void {
  const { scan } = store.read();
  const granted = scan.phase === 'verdict' && stateLooks[scan.verdict.state].showsData;
  if (!granted && scan.phase !== 'reading') store.dispatch({ type: 'dismissed' });
}
