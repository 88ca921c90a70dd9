import type { CounterStore } from '../../counter/counter-store.ts';

const lookEveryMs = 2000;
const watches = new WeakMap<object, ReturnType<typeof setInterval>>();

type Store = Pick<CounterStore, 'read' | 'call'>;

/**
 * Locks the counter once the file that somebody logged in with cannot be read any more where it was: the medium was taken out, or the file changed. The
 * browser tells a page no path, so that only the page can look. One file at a time; ends with their session, or when no file is needed any more (null).
 */
export function watchKeyFile(store: Store, source: Pick<Blob, 'slice'> | null, operatorId = store.read().access?.operator?.id): void {
  clearInterval(watches.get(store));
  if (source === null) return;
  const timer = setInterval(() => {
    if (store.read().access?.operator?.id !== operatorId) return clearInterval(timer);
    source
      .slice(0, 1)
      .arrayBuffer()
      .catch(() => {
        clearInterval(timer);
        void store.call((client) => client.access.lock({ reason: 'key-removed' }));
      });
  }, lookEveryMs);
  watches.set(store, timer);
}
