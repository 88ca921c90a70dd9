import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import { CommandProvider } from './commands.tsx';
import { CounterProvider } from './counter/counter-context.tsx';
import type { CounterStore } from './counter/counter-store.ts';
import type { Preferences, PreferenceStore } from './preferences.ts';
import type { Speaker } from './sound/speaker.ts';
import { WindowProvider } from './window-state.tsx';

/** What the composition root hands to the window. */
export interface ApplicationTools {
  readonly store: CounterStore;
  readonly now: () => number;
  readonly preferences: PreferenceStore;
  readonly speaker: Speaker;
  /** False when the page was opened without the host's token: nothing can work then, and the window says so. */
  readonly hasToken: boolean;
}

type LocalTools = Pick<ApplicationTools, 'preferences' | 'speaker'>;

const LocalContext = createContext<LocalTools | null>(null);

/** Everything the screens find around them. */
export function ApplicationProviders({ tools, children }: { readonly tools: ApplicationTools; readonly children: ReactNode }): ReactNode {
  return (
    <LocalContext value={tools}>
      <CounterProvider store={tools.store} now={tools.now}>
        <WindowProvider>
          <CommandProvider>{children}</CommandProvider>
        </WindowProvider>
      </CounterProvider>
    </LocalContext>
  );
}

/** Preferences and sound of this window. */
export function useLocalTools(): LocalTools {
  const tools = useContext(LocalContext);
  if (tools === null) throw new Error('no ApplicationProviders above');
  return tools;
}

/** The preferences, followed as they change. */
export function usePreferences(): Preferences {
  const { preferences } = useLocalTools();
  return useSyncExternalStore(preferences.subscribe, preferences.read);
}
