/** One source, any number of listeners, each with its own bounded queue: a listener that does not keep up loses the oldest. */
export interface Broadcast<T> {
  publish(event: T): void;
  /** Everything published from the call on, until the signal ends it or the broadcast is closed. */
  subscribe(signal?: AbortSignal): AsyncGenerator<T, void, void>;
  close(): void;
}

/** Creates a broadcast; `limit` is how many events may wait for one listener. */
export function createBroadcast<T>({ limit }: { readonly limit: number }): Broadcast<T> {
  const listeners = new Set<Listener<T>>();
  return {
    publish: (event) => {
      for (const listener of listeners) listener.take(event);
    },
    subscribe: (signal) => {
      const listener = createListener<T>(limit);
      // A generator that was never asked never comes to its end by itself.
      const leave = (): void => {
        listeners.delete(listener);
        listener.end();
      };
      listeners.add(listener);
      signal?.addEventListener('abort', leave, { once: true });
      if (signal?.aborted === true) leave();
      return drain(listener, () => {
        leave();
        signal?.removeEventListener('abort', leave);
      });
    },
    close: () => {
      for (const listener of listeners) listener.end();
    },
  };
}

interface Listener<T> {
  readonly queue: T[];
  readonly take: (event: T) => void;
  readonly end: () => void;
  readonly hasEnded: () => boolean;
  readonly wait: () => Promise<void>;
}

function createListener<T>(limit: number): Listener<T> {
  const queue: T[] = [];
  let ended = false;
  let wake: (() => void) | null = null;
  return {
    queue,
    take: (event) => {
      if (queue.length >= limit) queue.shift();
      queue.push(event);
      wake?.();
    },
    end: () => {
      ended = true;
      queue.length = 0;
      wake?.();
    },
    hasEnded: () => ended,
    wait: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
  };
}

async function* drain<T>(listener: Listener<T>, forget: () => void): AsyncGenerator<T, void, void> {
  try {
    while (!listener.hasEnded()) {
      const event = listener.queue.shift();
      if (event === undefined) await listener.wait();
      else yield event;
    }
  } finally {
    forget();
  }
}
