import type { Access } from '../../domain/contracts/access.ts';

/** Follows whether anybody may work, so that a connection is used only then. */
export interface SessionGate {
  put(access: Access): void;
  end(): void;
  hasEnded(): boolean;
  isOpen(): boolean;
  /** Resolves at the next news, or at once when none will come. */
  news(): Promise<void>;
}

/** Creates the gate, closed. */
export function createSessionGate(): SessionGate {
  let isOpen = false;
  let ended = false;
  let wake = Promise.withResolvers<void>();
  const tell = (): void => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  return {
    put: ({ state }) => {
      isOpen = isWorking(state);
      tell();
    },
    end: () => {
      ended = true;
      tell();
    },
    hasEnded: () => ended,
    isOpen: () => isOpen,
    news: () => (ended ? Promise.resolve() : wake.promise),
  };
}

/** Whether the counter's work is possible in a state of access. */
export function isWorking(state: Access['state']): boolean {
  return state === 'open' || state === 'unattended';
}
