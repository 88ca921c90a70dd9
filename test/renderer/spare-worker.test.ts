import { expect, test } from 'vitest';
import { createSpareWorker } from '../../renderer/documents/spare-worker.ts';

/** A worker that never runs, told from others by its name. */
class IdleWorker extends EventTarget implements Worker {
  onmessage = null;
  onmessageerror = null;
  onerror = null;
  postMessage(): void {}
  terminate(): void {}
}

function makeSpare(practise = async (_worker: Worker): Promise<void> => {}): { spare: ReturnType<typeof createSpareWorker>; started: Worker[] } {
  const started: Worker[] = [];
  const start = (): Worker => {
    const worker = new IdleWorker();
    started.push(worker);
    return worker;
  };
  return { spare: createSpareWorker({ start, practise }), started };
}

test('one worker waits, however often it is prepared, and each is handed out once', () => {
  const { spare, started } = makeSpare();
  spare.prepare();
  spare.prepare();
  expect(started).toHaveLength(1);
  expect(spare.take()).toBe(started[0]);
  // Nobody gets a worker that another document had.
  expect(spare.take()).toBe(started[1]);
  expect(started).toHaveLength(2);
});

test('a worker whose program could not be had is not handed out, and one handed out is no longer watched', () => {
  const { spare, started } = makeSpare();
  spare.prepare();
  started[0]?.dispatchEvent(new Event('error'));
  spare.prepare();
  expect(spare.take()).toBe(started[1]);
  spare.prepare();
  started[1]?.dispatchEvent(new Event('error'));
  expect(spare.take()).toBe(started[2]);
  expect(started).toHaveLength(3);
});

test('a worker practises while it waits, not when it is needed at once, and is handed out whatever came of it', async () => {
  const practised: Worker[] = [];
  const { spare, started } = makeSpare(async (worker) => {
    practised.push(worker);
    throw new Error('no page');
  });
  spare.take();
  expect(practised).toEqual([]);
  spare.prepare();
  await Promise.resolve();
  expect(practised).toEqual([started[1]]);
  expect(spare.take()).toBe(started[1]);
});
