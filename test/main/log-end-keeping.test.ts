import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { ok } from '../../domain/failure.ts';
import { createLogEndKeeping, type LogEndKeepingDeps } from '../../main/log-end-keeping.ts';
import type { Head } from '../../main/store/records.ts';

/** A log that ends at entry 5 of generation 2, each entry's hash its number, and what a store says of its end. */
function judge(kept: string | null) {
  const head = { gen: 2, seq: 5, hash: '5', state: 'ok', firstBad: null } as Head;
  const said: object[] = [];
  const chain = async ({ fromSeq }: { readonly fromSeq: number }) => ok(fromSeq > 5 ? [] : [{ seq: fromSeq, hash: String(fromSeq) }]);
  const place = { readBeside: async () => (kept === null ? null : encodeUtf8(kept)), keepBeside: async () => {} };
  const store = { head: async () => ok(head), chain, checkpoint: async () => ok(null) } as unknown as LogEndKeepingDeps['store'];
  const keeping = createLogEndKeeping({ store, place, now: () => 0, log: { error: (facts) => void said.push(facts) } });
  return keeping.isGood(head).then((isGood) => ({ isGood, said }));
}

test.each([
  ['the same end', '{"gen":2,"seq":5,"hash":"5"}'],
  ['an earlier end', '{"gen":2,"seq":3,"hash":"3"}'],
  ['an end of the generation before, however far', '{"gen":1,"seq":9,"hash":"x"}'],
  ['nothing', null],
  ['nonsense', '{"gen":"2"}'],
  ['no JSON', '{'],
])('a log is good beside %s', async (_name, kept) => {
  expect(await judge(kept)).toEqual({ isGood: true, said: [] });
});

test.each([
  ['rolled-back', 'a later end', '{"gen":2,"seq":6,"hash":"6"}'],
  ['rolled-back', 'an end of a later generation', '{"gen":3,"seq":1,"hash":"1"}'],
  ['rewritten', 'another entry in the same place', '{"gen":2,"seq":3,"hash":"x"}'],
])('a log is %s beside %s', async (outside, _name, kept) => {
  expect(await judge(kept)).toEqual({ isGood: false, said: [{ firstBad: null, outside }] });
});
