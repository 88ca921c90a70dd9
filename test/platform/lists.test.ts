import { afterAll, beforeAll, expect, test } from 'vitest';
import * as v from 'valibot';
import { CatalogueReplySchema, ScenariosReplySchema, sharingPaths } from '../../domain/contracts/sharing.ts';
import type { Lists } from '../../platform/sharing/published-lists.ts';
import { enrolCounter, fullGrant, purpose, startPlatform, type TestCounter } from './test-counter.ts';

type Running = Awaited<ReturnType<typeof startPlatform>>;
const held = {} as { first: Running; second: Running; counter: TestCounter };

beforeAll(async () => {
  held.first = await startPlatform();
  held.second = await startPlatform({ dataDir: held.first.dataDir, now: held.first.clock.now, role: 'fusion' });
  held.counter = await enrolCounter(held.first.platform);
});
afterAll(async () => {
  await held.second.stop();
  await held.first.remove();
});

/** Asks the process that did not publish. */
const ask = (path: string, words: object) => held.counter.call(path, words, { url: held.second.platform.url });
const publish = async (change: (lists: Lists) => Lists) => {
  const { lists } = await held.first.platform.lists.read();
  return held.first.platform.lists.publish(change(lists));
};
const scenarios = async () => v.parse(ScenariosReplySchema, (await ask(sharingPaths.scenarios, { appId: held.counter.profile.appId })).payload).dataList;
const search = async (changes: object = {}) => {
  const { code } = await held.first.platform.mint(fullGrant());
  const { trustedToken } = await held.counter.query(code);
  return ask(sharingPaths.search, { trustedToken, ...purpose, ...changes });
};

test('6.1, 9: a new version counts in every process at once, and an entry that changed has its time', async () => {
  const before = await scenarios();
  held.first.clock.advance(60_000);
  const renamed = '食品经营许可变更（一件事）';
  const version = await publish((lists) => ({ ...lists, scenarios: lists.scenarios.map((list) => (list.itemName === '食品经营许可变更' ? { ...list, itemName: renamed } : list)) }));
  expect(version).toBe(1);
  const after = await scenarios();
  expect(after.find(({ itemName }) => itemName === renamed)?.updateTime).toBe('2026-11-21 10:28:40');
  expect(after.filter(({ itemName }) => itemName !== renamed)).toEqual(before.filter(({ itemName }) => itemName !== '食品经营许可变更'));
  // A counter that still has the older list asks for a scenario that is none any more (7.3 a).
  expect(await search({ itemName: '食品经营许可变更', itemCode: '310131015002' })).toMatchObject({ status: '20' });
  expect(await search({ itemName: renamed, itemCode: '310131015002' })).toMatchObject({ status: '0' });
});

test('6.2 c, 6.3 d: what is published for later begins on its day, and what ends is refused in words of its own', async () => {
  const today = '2026-11-21';
  await publish((lists) => ({
    catalogue: lists.catalogue.map((entry) => (entry.type === '开户许可证' ? { ...entry, sharedUntil: '2026-11-20' } : entry)),
    scenarios: lists.scenarios.map((list) => (list.itemName === purpose.itemName ? { ...list, usableFrom: today } : list.itemName === '企业开办一件事' ? { ...list, usableFrom: '2026-11-22' } : list)),
  }));
  expect((await scenarios()).map(({ itemName }) => itemName)).not.toContain('企业开办一件事');
  expect(await search({ itemName: '企业开办一件事', itemCode: '310131001001' })).toMatchObject({ status: '20' });
  const catalogue = v.parse(CatalogueReplySchema, (await ask(sharingPaths.catalogue, {})).payload).dataList.map((entry) => entry.certificateType);
  expect(catalogue).not.toContain('开户许可证');
  held.first.clock.advance(24 * 3600_000);
  // The application token has ended meanwhile; a new one comes from where trust is.
  await held.counter.call(sharingPaths.catalogue, {});
  expect((await scenarios()).map(({ itemName }) => itemName)).toContain('企业开办一件事');
});

test('lists that contradict themselves are not published', async () => {
  const version = async () => (await held.first.platform.lists.read()).version;
  const before = await version();
  await expect(publish((lists) => ({ ...lists, scenarios: lists.scenarios.map((list) => ({ ...list, types: ['没有的证'] })) }))).rejects.toThrow('没有的证 is not in the catalogue');
  await expect(publish((lists) => ({ ...lists, catalogue: [...lists.catalogue, ...lists.catalogue.slice(0, 1)] }))).rejects.toThrow('twice');
  await expect(publish((lists) => ({ ...lists, catalogue: lists.catalogue.map((entry) => ({ ...entry, sharedFrom: '2027-01-01', sharedUntil: '2026-01-01' })) }))).rejects.toThrow('ends before it begins');
  expect(await version()).toBe(before);
});
