import type { CounterStore } from '../counter/counter-store.ts';
import type { FailureCode } from '../../domain/failure.ts';
import type { CounterClient } from './connect.ts';

/** What a stream of the host tells: each item, then why it ended; null when it ended by itself. */
export interface StreamEvents<T> {
  readonly onItem: (item: T) => void;
  readonly onEnd?: (failure: FailureCode | null) => void;
}

/** Reads a stream until it ends or the function returned is called; the host learns that nobody listens any more. */
export function followStream<T>(store: Pick<CounterStore, 'call'>, open: (client: CounterClient) => Promise<AsyncIterable<T>>, { onItem, onEnd }: StreamEvents<T>): () => void {
  const life = { stopped: false, iterator: null as AsyncIterator<T> | null };
  const read = async (): Promise<FailureCode | null> => {
    const opened = await store.call(open);
    if (!opened.ok) return opened.code;
    life.iterator = opened.value[Symbol.asyncIterator]();
    if (life.stopped) void life.iterator.return?.();
    try {
      for (let next = await life.iterator.next(); next.done !== true && !life.stopped; next = await life.iterator.next()) onItem(next.value);
      return null;
    } catch {
      return 'window/disconnected';
    }
  };
  void read().then((failure) => {
    if (!life.stopped) onEnd?.(failure);
  });
  return () => {
    life.stopped = true;
    void life.iterator?.return?.();
  };
}
