import { expect, test } from 'vitest';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { createKeyFile, parseKeyFile } from '../../../main/access/key-file.ts';
import { createKeyFileGuard } from '../../../main/access/key-file-guard.ts';
import { doSlotJob } from '../../../main/access/slot-work.ts';

const make = () => createKeyFile({ slots: { do: (job) => doSlotJob(job) as never }, cost: { memoryKiB: 64, passes: 1, lanes: 1 }, random: systemRandom }, 'Saffron-bridge-46');
const [mine, other] = await Promise.all([make(), make()]);
const held = { kind: 'file', publicKey: parseKeyFile(mine)?.publicKey ?? '', content: '' } as const;

/** A guard whose time a test moves. */
function guarding() {
  const state = { at: 0, gone: [] as string[], timers: [] as { run: () => void; dueAt: number }[] };
  const guard = createKeyFileGuard({
    monotonic: () => state.at,
    onChanged: () => {},
    setTimer: (run, ms) => {
      const timer = { run, dueAt: state.at + ms };
      state.timers.push(timer);
      return { cancel: () => void state.timers.splice(state.timers.indexOf(timer), 1) };
    },
  });
  const pass = (ms: number): void => {
    state.at += ms;
    for (const timer of state.timers.filter(({ dueAt }) => dueAt <= state.at)) timer.run();
  };
  return { guard, state, pass, watch: () => guard.watch(held, (why) => state.gone.push(why)) };
}
/** Gives what lets go. */
const hold = ({ guard }: ReturnType<typeof guarding>, file = mine): (() => void) => {
  const window = new AbortController();
  const done = guard.hold(file, window.signal);
  if (!done.ok) throw new Error(done.failure.code);
  return () => window.abort();
};

test('a key file that no window has in view locks within a minute, also after a window that had it was reloaded', () => {
  const desk = guarding();
  desk.watch();
  const release = hold(desk);
  desk.pass(3_600_000);
  expect([desk.state.gone, desk.guard.left()]).toEqual([[], null]);
  release();
  desk.pass(59_000);
  expect([desk.state.gone, desk.guard.left()]).toEqual([[], 1000]);
  desk.pass(1000);
  expect(desk.state.gone).toEqual(['key-unseen']);
  const never = guarding();
  never.watch();
  never.pass(60_000);
  expect(never.state.gone).toEqual(['key-unseen']);
});

test('a window that comes back with the file in time goes on; two windows are as good as one, and each lets go once', () => {
  const desk = guarding();
  desk.watch();
  hold(desk)();
  desk.pass(30_000);
  const [first, second] = [hold(desk), hold(desk)];
  first();
  first();
  desk.pass(3_600_000);
  expect(desk.state.gone).toEqual([]);
  second();
  desk.pass(60_000);
  expect(desk.state.gone).toEqual(['key-unseen']);
});

test('another file, or none, is not taken; what a window of the session before lets go of is no matter of this one', () => {
  const desk = guarding();
  expect(desk.guard.hold(mine)).toMatchObject({ ok: false, failure: { code: 'access/key-refused', detail: 'another-key' } });
  const stop = desk.watch();
  for (const file of [other, '{}', '']) expect(desk.guard.hold(file)).toMatchObject({ ok: false });
  const old = hold(desk);
  stop();
  expect(desk.guard.left()).toBeNull();
  desk.watch();
  hold(desk);
  old();
  desk.pass(3_600_000);
  expect(desk.state.gone).toEqual([]);
});

test('holding ends with the session, so that a window that still looks says so anew; one that is gone before it held changes nothing', () => {
  const desk = guarding();
  const stop = desk.watch();
  const inView = desk.guard.hold(mine);
  stop();
  expect(inView).toMatchObject({ ok: true, value: { aborted: true } });
  desk.watch();
  desk.pass(30_000);
  expect(desk.guard.hold(mine, AbortSignal.abort())).toMatchObject({ ok: true, value: { aborted: true } });
  expect(desk.guard.left()).toBe(30_000);
});
