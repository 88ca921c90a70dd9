import { ORPCError } from '@orpc/server';
import type { Failure } from '../../domain/failure.ts';
import type { App } from '../app.ts';
import { flatten } from './procedure.ts';

/** How a stream tells that its work came to nothing. */
export type WorkFailed = { readonly type: 'failed' } & Failure;

/** What long work is given: a way to tell of itself, resolved when the listener is ready for more, and the signal that ends it. */
export interface StreamedWork<T> {
  readonly emit: (event: T) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Long work as a stream of events, its result or failure last (a bug as an id that the log has). It ends when nobody listens
 * any more or the session ends.
 */
export async function* streamWork<T>(app: App, name: string, asked: AbortSignal, work: (given: StreamedWork<T>) => Promise<T | WorkFailed>): AsyncGenerator<T | WorkFailed, void, void> {
  const own = new AbortController();
  const signal = AbortSignal.any([asked, own.signal]);
  const waiting: { readonly event: T | WorkFailed; readonly taken: () => void }[] = [];
  let news = Promise.withResolvers<void>();
  const emit = (event: T | WorkFailed): Promise<void> => {
    if (signal.aborted) return Promise.resolve();
    return new Promise((taken) => {
      waiting.push({ event, taken });
      news.resolve();
    });
  };
  let isDone = false;
  const end = (): void => {
    isDone = true;
    for (const { taken } of waiting) taken();
    news.resolve();
  };
  signal.addEventListener('abort', end, { once: true });
  work({ emit, signal })
    .catch((error: unknown) => describeThrown(app, name, error))
    .then((last) => emit(last))
    .then(end, end);
  try {
    while (!signal.aborted) {
      const next = waiting.shift();
      if (next !== undefined) {
        yield next.event;
        next.taken();
      } else if (isDone) return;
      else {
        await news.promise;
        news = Promise.withResolvers();
      }
    }
  } finally {
    own.abort();
  }
}

function describeThrown(app: App, name: string, error: unknown): WorkFailed {
  const flat = flatten(app, name, error);
  const failure = flat instanceof ORPCError ? (flat.data as Failure | undefined) : undefined;
  return { type: 'failed', ...(failure ?? { code: 'internal/bug' }) };
}
