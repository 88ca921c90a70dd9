import { afterEach, expect, test, vi } from 'vitest';
import { watchKeyFile } from '../../renderer/screens/access/key-file-watch.ts';

afterEach(() => void vi.useRealTimers());

/** A window whose operator is logged in, on a host that counts how many streams hold the file. */
function openWindow() {
  const host = { held: 0, locks: [] as string[] };
  const keepKeyFile = async () => {
    host.held += 1;
    let letGo = (): void => {};
    const gone = new Promise<void>((resolve) => (letGo = resolve));
    const done = { done: true, value: undefined } as const;
    return { [Symbol.asyncIterator]: () => ({ next: () => gone.then(() => done), return: async () => ((host.held -= 1), letGo(), done) }) };
  };
  const client = { access: { keepKeyFile, lock: async ({ reason }: { readonly reason: string }) => void host.locks.push(reason) } };
  const store = {
    read: () => ({ access: { operator: { id: '10387' } } }),
    call: async (use: (given: typeof client) => Promise<unknown>) => ({ ok: true, value: await use(client) }),
  };
  return { host, store: store as unknown as Parameters<typeof watchKeyFile>[0] };
}

test('a key file whose medium gives no answer is let go of, read once at a time, and held again when it answers; taken out it locks', async () => {
  vi.useFakeTimers();
  const { host, store } = openWindow();
  const medium = { reads: 0, answer: (): Promise<string> => Promise.resolve('the file') };
  watchKeyFile(store, { text: () => ((medium.reads += 1), medium.answer()) });
  await vi.advanceTimersByTimeAsync(10_000);
  expect([host.held, medium.reads]).toEqual([1, 6]);
  let answer: (text: string) => void = () => {};
  medium.answer = () => new Promise((resolve) => (answer = resolve));
  await vi.advanceTimersByTimeAsync(20_000);
  expect([host.held, medium.reads]).toEqual([0, 7]);
  answer('the file');
  medium.answer = () => Promise.resolve('the file');
  await vi.advanceTimersByTimeAsync(2000);
  expect([host.held, host.locks]).toEqual([1, []]);
  medium.answer = () => Promise.reject(new Error('gone'));
  await vi.advanceTimersByTimeAsync(2000);
  expect([host.held, host.locks]).toEqual([0, ['key-removed']]);
});
