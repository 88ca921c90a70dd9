import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SqlValue } from '../../../main/store/driver.ts';
import { chooseDriver } from '../../../main/store/driver-choice.ts';
import { prepareDatabase } from '../../../main/store/opening.ts';
import { countSealed, forgetCompanies } from '../../../main/store/rows.ts';
import { aScan, anEntry, makeFolder, openedStore, openingCase } from './opened-store.ts';

// A second before midnight in Asia/Shanghai, and midnight.
const moments = [Date.parse('2026-11-22T15:59:59Z'), Date.parse('2026-11-22T16:00:00Z')];

test('records are counted by the key of their day, and only the end of its evidence forgets the companies of a day', async () => {
  const store = await openedStore(makeFolder());
  await store.append(openingCase);
  for (const [index, at] of moments.entries()) {
    const scan = aScan(`scan-${index}`);
    if (scan.business?.table !== 'scan') throw new Error('no scan');
    await store.append({ ...scan, entry: anEntry({ type: 'scan.verdict', at }), business: { ...scan.business, companies: ['云帆', `day ${index}`] } });
    await store.append({ entry: anEntry({ at }), body: new Uint8Array(3), business: null });
  }
  const names = await store.dataKeys(null);
  const keys = names.ok ? names.value.filter(({ class: name }) => name !== 'setting') : [];
  expect(keys.map(({ class: name }) => name)).toEqual(['evidence', 'audit', 'evidence', 'audit']);
  const [evidence, audit] = keys.map(({ id }) => id);
  expect(await store.sealedUnder({ ids: keys.map(({ id }) => id) })).toEqual({ ok: true, value: keys.map(({ id }) => ({ id, records: 1 })) });
  const found = async (company: string): Promise<number | null> => {
    const lines = await store.search({ company, limit: 9 });
    return lines.ok ? lines.value.length : null;
  };
  await store.eraseKeys({ ids: [audit ?? 0] });
  expect([await found('云帆'), await found('day 0'), await found('day 1')]).toEqual([2, 1, 1]);
  await store.eraseKeys({ ids: [evidence ?? 0] });
  expect([await found('云帆'), await found('day 0'), await found('day 1')]).toEqual([1, 0, 1]);
  await store.close();
});

test('no table is read as a whole for the keys of a day: scans are recorded in the same thread', async () => {
  const db = (await chooseDriver())(join(makeFolder(), 'counter.db'));
  prepareDatabase(db);
  const plans: string[] = [];
  const explain = (sql: string, values: readonly SqlValue[]): void => {
    for (const row of db.all(`EXPLAIN QUERY PLAN ${sql}`, ...values)) plans.push(String(row['detail']));
  };
  const watched = {
    ...{ get: () => null, transaction: <T>(work: () => T): T => work() },
    all: (sql: string, ...values: readonly SqlValue[]) => (explain(sql, values), []),
    run: (sql: string, ...values: readonly SqlValue[]) => explain(sql, values),
  };
  countSealed(watched, [{ id: 2, day: 20_000 }, { id: 3, day: 20_000 }]);
  forgetCompanies(watched, { id: 2, day: 20_000 });
  expect(plans.filter((plan) => plan.startsWith('SEARCH')).length).toBeGreaterThanOrEqual(5);
  // A block stands for 256 entries: those alone are looked through.
  expect(plans.filter((plan) => plan.startsWith('SCAN') && plan !== 'SCAN b')).toEqual([]);
  db.close();
});
