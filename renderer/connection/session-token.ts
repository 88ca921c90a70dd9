const storageKey = 'counter-session-token';

/** What taking the token needs of the browser. */
export interface TokenSource {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState'>;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
}

/**
 * Takes the per-launch token out of `#t=…` and out of the address bar; null when there is none. It is kept for this tab
 * only, so that a window that crashed and reloaded still belongs to its host.
 */
export function takeSessionToken({ location, history, storage }: TokenSource): string | null {
  const found = /^#t=([A-Za-z0-9_-]{16,200})$/.exec(location.hash)?.[1];
  if (found === undefined) return storage.getItem(storageKey);
  history.replaceState(null, '', location.pathname + location.search);
  storage.setItem(storageKey, found);
  return found;
}
