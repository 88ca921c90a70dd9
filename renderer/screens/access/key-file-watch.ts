import { followStream } from '../../connection/follow.ts';
import type { CounterStore } from '../../counter/counter-store.ts';

const lookEveryMs = 2000;
const watches = new WeakMap<object, () => void>();

type Store = Pick<CounterStore, 'read' | 'call'>;

interface Watching {
  /** Whose session it is; whoever is logged in unless told. */
  readonly operatorId?: string | undefined;
  /** The host says that it is another file than the one of the log-in: it is not watched. */
  readonly onRefused?: () => void;
}

/**
 * Locks the counter once the file that somebody logged in with cannot be read any more where it was: the medium was taken out, or the file changed. The
 * browser tells a page no path, so that only the page can look; the host is told that it does, and asks for the file again where no page does any more, or the
 * medium gives no answer. One file at a time; ends with their session, or when no file is needed any more (null).
 */
export function watchKeyFile(store: Store, source: Pick<Blob, 'text'> | null, { operatorId = store.read().access?.operator?.id, onRefused }: Watching = {}): void {
  watches.get(store)?.();
  if (source === null) return;
  const watch = { isOver: false, isHeld: false, isReading: false, letGo: (): void => {} };
  const end = (): void => {
    watch.isOver = true;
    clearInterval(timer);
    watch.letGo();
  };
  const look = async (): Promise<void> => {
    watch.isReading = true;
    const file = await source.text().catch(() => null);
    watch.isReading = false;
    if (watch.isOver) return;
    if (file === null) {
      end();
      void store.call((client) => client.access.lock({ reason: 'key-removed' }));
    } else if (!watch.isHeld) hold(file);
  };
  // Again after every pause of the connection, for the host holds on to a window, not to a file.
  const hold = (file: string): void => {
    watch.isHeld = true;
    watch.letGo = followStream(store, (client) => client.access.keepKeyFile({ file }), {
      onItem: () => {},
      onEnd: (failure) => {
        watch.isHeld = false;
        if (failure !== 'access/key-refused') return;
        end();
        onRefused?.();
      },
    });
  };
  const timer = setInterval(() => {
    if (store.read().access?.operator?.id !== operatorId) end();
    else if (!watch.isReading) void look();
    else if (watch.isHeld) {
      // A medium that gives no answer is not in view: held again once it gives one.
      watch.letGo();
      watch.isHeld = false;
    }
  }, lookEveryMs);
  watches.set(store, end);
  void look();
}
