import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditQuery } from '../../../main/store/records.ts';
import type { Store } from '../../../main/store/store.ts';
import { anEntry, aScan, makeFolder, openedStore, openingCase, tamper } from './opened-store.ts';

const dataDir = makeFolder();
const held: { store?: Store } = {};
const hourMs = 3_600_000;
const start = Date.parse('2026-11-22T01:00:00Z');

beforeAll(async () => {
  const store = await openedStore(dataDir);
  held.store = store;
  await store.append(openingCase);
  for (let number = 0; number < 60; number++) {
    const [actor, state] = [actorOf(number), stateOf(number)];
    const scan = aScan(`scan-${number}`);
    if (scan.business?.table !== 'scan') throw new Error('no scan');
    const business = { ...scan.business, scan: { ...scan.business.scan, state: state as 'expired', bizNum: `PD-${number % 3}` }, companies: number % 6 === 0 ? ['上海 云帆智能科技有限公司', '91310115MA1K3YJ12X'] : ['别家'] };
    const entry = anEntry({ type: 'scan.verdict', result: state === 'expired' ? 'expired E-EXP-01' : state, ref: `scan-${number}`, actor, at: start + number * 0.1 * hourMs });
    expect(await store.append({ ...scan, entry, business })).toMatchObject({ ok: true });
  }
});

afterAll(() => held.store?.close());

const actorOf = (number: number): string => (number % 2 === 0 ? 'PD01' : 'PD02');
const stateOf = (number: number): string => (number % 5 === 0 ? 'expired' : 'verified');

async function found(query: Partial<AuditQuery>): Promise<readonly number[]> {
  const result = await held.store?.search({ limit: 100, ...query });
  if (result?.ok !== true) throw new Error('no search');
  // Entry 2 is scan 0.
  return result.value.map(({ seq }) => seq - 2);
}

const numbers = (fits: (number: number) => boolean): readonly number[] => Array.from({ length: 60 }, (_, number) => number).filter(fits).toReversed();

test('finds by each criterion and by all of them together, newest first', async () => {
  expect(await found({ actor: 'PD02' })).toEqual(numbers((n) => n % 2 === 1));
  expect(await found({ state: 'expired' })).toEqual(numbers((n) => n % 5 === 0));
  expect(await found({ about: 'PD-2' })).toEqual(numbers((n) => n % 3 === 2));
  expect(await found({ about: 'scan-7' })).toEqual([7]);
  expect(await found({ fromAt: start + hourMs, toAt: start + 2 * hourMs })).toEqual(numbers((n) => n >= 10 && n < 20));
  expect(await found({ type: 'scan.verdict', limit: 3 })).toEqual([59, 58, 57]);
  expect(await found({ beforeSeq: 7, limit: 2 })).toEqual([4, 3]);
  expect(await found({ actor: 'PD01', state: 'expired', about: 'PD-0', toAt: start + 4 * hourMs, company: '91310115MA1K3YJ12X' })).toEqual(numbers((n) => n < 40 && n % 30 === 0));
  expect(await found({ actor: 'nobody' })).toEqual([]);
});

test('any criteria together find what fits each of them, whichever is the rarest', async () => {
  const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
  const hours = maybe(fc.integer({ min: -1, max: 8 }));
  const query = fc.record({ actor: maybe(fc.constantFrom('PD01', 'PD02', 'nobody')), state: maybe(fc.constantFrom('expired', 'verified', 'revoked')), type: maybe(fc.constantFrom('scan.verdict', 'case.opened')), about: maybe(fc.constantFrom('PD-1', 'scan-7')), from: hours, to: hours, beforeSeq: maybe(fc.integer({ min: 1, max: 70 })) });
  await fc.assert(fc.asyncProperty(query, async ({ from, to, ...said }) => {
    const [fromAt, toAt] = [from, to].map((hour) => (hour === undefined ? undefined : start + hour * hourMs));
    const fits = (n: number): boolean => {
      const at = start + n * 0.1 * hourMs;
      const isWithin = at >= (fromAt ?? -Infinity) && at < (toAt ?? Infinity) && n + 2 < (said.beforeSeq ?? Infinity);
      const isAbout = said.about === undefined || said.about === `PD-${n % 3}` || said.about === `scan-${n}`;
      return isWithin && isAbout && (said.actor ?? actorOf(n)) === actorOf(n) && (said.state ?? stateOf(n)) === stateOf(n) && said.type !== 'case.opened';
    };
    const expected = numbers(fits);
    expect((await found({ ...said, state: said.state as 'expired' | undefined, fromAt, toAt })).filter((n) => n >= 0)).toEqual(expected);
  }), { numRuns: 150 });
});

test('a company is found by its whole name or code however it is written, and by nothing less', async () => {
  const sixth = numbers((n) => n % 6 === 0);
  for (const company of ['上海云帆智能科技有限公司', ' 上海云帆 智能科技有限公司', '91310115ma1k3yj12x', '９１３１０１１５MA1K3YJ12X']) expect(await found({ company }), company).toEqual(sixth);
  expect(await found({ company: '云帆' })).toEqual([]);
});

test('activity is counted by the hour and by what was said', async () => {
  const result = await held.store?.activity({ fromAt: start, toAt: start + 2 * hourMs });
  expect(result).toEqual({
    ok: true,
    value: [
      { hourAt: start, what: 'expired E-EXP-01', entries: 2 },
      { hourAt: start, what: 'verified', entries: 8 },
      { hourAt: start + hourMs, what: 'expired E-EXP-01', entries: 2 },
      { hourAt: start + hourMs, what: 'verified', entries: 8 },
    ],
  });
});

test('one entry is opened with its body, wherever that lies', async () => {
  const body = await held.store?.entry({ seq: 3 });
  expect(body?.ok === true && Buffer.from(body.value?.body ?? []).toString()).toContain('云帆');
  expect(await held.store?.entry({ seq: 1 })).toMatchObject({ value: { body: null } });
  expect(await held.store?.entry({ seq: 999 })).toEqual({ ok: true, value: null });
});

test('no name and no code of a company stands in the search tables', async () => {
  await held.store?.close();
  tamper(dataDir, (db) => {
    const rows = db.prepare('SELECT company FROM scan_company').all() as { company: Buffer }[];
    expect(rows.length).toBeGreaterThan(60);
    expect(rows.every(({ company }) => company.length === 16 && !company.toString('latin1').includes('9131'))).toBe(true);
    expect(new Set(rows.map(({ company }) => company.toString('hex'))).size).toBe(3);
  });
  held.store = await openedStore(dataDir);
});
