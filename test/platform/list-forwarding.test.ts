import path from 'node:path';
import fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as v from 'valibot';
import { CatalogueReplySchema, ScenariosReplySchema, sharingPaths } from '../../domain/contracts/sharing.ts';
import { decodeHex } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair, type Sm2PrivateKey, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { openKeyRing } from '../../platform/keys.ts';
import { type PlatformRoute, servePlatforms } from '../../platform/routing/platform-channel.ts';
import { listsPath } from '../../platform/sharing/list-forwarding.ts';
import type { Lists } from '../../platform/sharing/published-lists.ts';
import { isAhead, type ListsVersion, type SignedLists, signLists } from '../../platform/sharing/signed-lists.ts';
import { register, type Running } from './running-platform.ts';
import { createSeededRandom } from './seeded-random.ts';
import { enrolCounter, postJson, purpose, startPlatform, type TestCounter } from './test-counter.ts';

const fusion = { platformId: '320000', name: '融合共享服务系统（参考实现）' };
const onward = { platformId: '330000', name: '浙江省企业服务码平台（参考实现）' };

/** Each with a database of its own: one publishes, ours passes on, a third fetches at ours and has registered the publisher. */
const world = {} as { publisher: Running; ours: Running; third: Running; counter: TestCounter };
beforeAll(async () => {
  Object.assign(world, { publisher: await startPlatform({ identity: fusion }), ours: await startPlatform(), third: await startPlatform({ identity: onward }) });
  const { ours, publisher, third } = world;
  for (const [at, other] of [[ours, publisher], [publisher, ours], [ours, third], [third, ours], [third, publisher]] as const)
    expect(await register(at.platform, other.platform)).toBe(200);
  world.counter = await enrolCounter(ours.platform);
});
afterAll(async () => {
  for (const each of [world.publisher, world.ours, world.third]) await each.remove();
});

const publish = async (change: (lists: Lists) => Lists, { platform } = world.publisher) => platform.lists.publish(change((await platform.lists.read()).lists));
const rename = (itemName: string) => (lists: Lists): Lists => ({ ...lists, scenarios: lists.scenarios.map((list) => (list.itemCode === '310131015002' ? { ...list, itemName } : list)) });
const follow = async (at: Running, originId: string | null, fromId?: string) => (await postJson(`${at.platform.url}/ops/lists`, { originId, fromId }, { origin: at.platform.url })).status;
const inForce = async ({ platform }: Running) => {
  const { lists, originId, version } = await platform.lists.read();
  return { lists, originId, version };
};
const panelOf = async ({ platform }: Running) => (await (await fetch(`${platform.url}/ops`)).text()).replace(/^[^]*<section class="wide" id="lists">|<\/section>[^]*$/g, '');
const scenarios = async () => {
  const { message, payload } = await world.counter.call(sharingPaths.scenarios, { appId: world.counter.profile.appId });
  return { message, names: v.parse(ScenariosReplySchema, payload).dataList.map(({ itemName }) => itemName) };
};

test('what the program comes with is no publication: there is nothing to pass on, and our own lists stay in force', async () => {
  expect(await follow(world.ours, fusion.platformId)).toBe(400);
  expect(await inForce(world.ours)).toMatchObject({ version: 0, originId: null });
  expect(await panelOf(world.ours)).toMatch(/本平台发布.*尚未发布.*改为转发 320000/);
});

test('6.1 b, c: the published version is fetched, kept as it is with its times and windows, and counters are answered by it, by name', async () => {
  await publish((lists) => ({
    catalogue: lists.catalogue.map((entry) => (entry.type === '开户许可证' ? { ...entry, sharedUntil: '2026-11-20' } : entry)),
    scenarios: rename('食品经营许可变更（一件事）')(lists).scenarios.map((list) => (list.itemName === '企业开办一件事' ? { ...list, usableFrom: '2026-11-22' } : list)),
  }));
  expect(await follow(world.ours, fusion.platformId)).toBe(200);
  expect(await inForce(world.ours)).toEqual({ ...(await inForce(world.publisher)), originId: fusion.platformId });
  const { message, names } = await scenarios();
  expect(message).toBe('接口调用成功；转发自平台 320000，第 1 版');
  expect(names).toContain('食品经营许可变更（一件事）');
  expect(names).not.toContain('企业开办一件事');
  const catalogue = await world.counter.call(sharingPaths.catalogue, {});
  expect(catalogue.message).toBe('接口调用成功；转发自平台 320000，第 1 版');
  expect(v.parse(CatalogueReplySchema, catalogue.payload).dataList.map(({ certificateType }) => certificateType)).not.toContain('开户许可证');
  expect(await world.counter.call(sharingPaths.search, { trustedToken: 'f'.repeat(64), ...purpose, itemName: '企业开办一件事', itemCode: '310131001001' })).toMatchObject({ status: '20' });
});

test('a peer fetches at ours what the publisher signed, and checks it by the key of the publisher', async () => {
  expect(await follow(world.third, fusion.platformId, '310000')).toBe(200);
  expect(await inForce(world.third)).toEqual({ ...(await inForce(world.publisher)), originId: fusion.platformId });
  expect(await panelOf(world.third)).toMatch(/320000 融合共享服务系统（参考实现） 发布，本平台转发.*第 1 版.*经 310000 .*取得新版/);
  // What ours would publish itself is asked for in vain while it passes on another's.
  expect(await follow(world.third, '310000')).toBe(400);
  expect(await inForce(world.third)).toMatchObject({ originId: fusion.platformId });
});

test('9: while lists are passed on they are published where they come from alone; a newer version goes through', async () => {
  await expect(publish((lists) => lists, world.ours)).rejects.toThrow('platform 320000: they are published there');
  expect(await publish(rename('食品经营许可变更（新）'))).toBe(2);
  expect([await follow(world.ours, fusion.platformId), await follow(world.third, fusion.platformId, '310000')]).toEqual([200, 200]);
  for (const each of [world.ours, world.third]) expect(await inForce(each)).toMatchObject({ version: 2, originId: fusion.platformId });
  expect((await scenarios()).names).toContain('食品经营许可变更（新）');
});

/** What speaks for the publisher with its keys, and answers with what it is given. */
async function startImpostor(answers: { signed: SignedLists | null }) {
  const { envelope } = openKeyRing({ file: path.join(world.publisher.dataDir, 'keys.json'), now: Date.now, random: systemRandom });
  const profile = await world.ours.platform.profile();
  const asking: PlatformRoute = { platformId: profile.platformId, url: '', envelopePublicKey: decodeHex(profile.envelopePublicKey.toLowerCase()) ?? new Uint8Array() };
  const http = fastify();
  const nonces = { use: () => Promise.resolve(true), purge: () => Promise.resolve() };
  const deps = { ownId: fusion.platformId, envelope, now: world.ours.clock.now, random: systemRandom, find: () => Promise.resolve(asking), nonces };
  servePlatforms(http, deps, { path: listsPath, schema: v.object({ originId: v.string() }), answer: () => Promise.resolve(answers) });
  const url = await http.listen({ host: '127.0.0.1', port: 0 });
  return { url, envelope, close: () => http.close() };
}

test('an older version, another text under a known number, and what the registered key has not signed are refused; what is held stays', async () => {
  const held = await inForce(world.ours);
  const answers: { signed: SignedLists | null } = { signed: null };
  const impostor = await startImpostor(answers);
  const { envelopePublicKey } = await world.publisher.platform.profile();
  await register(world.ours.platform, world.publisher.platform, { route: { url: impostor.url, envelopePublicKey } });
  const signWith = (privateKey: Sm2PrivateKey, changes: Partial<ListsVersion> = {}) =>
    signLists({ platformId: fusion.platformId, version: 3, publishedAt: world.ours.clock.now() - 1000, lists: held.lists, ...changes }, (message) => signSm2({ privateKey, message, id: sm2DefaultId, random: systemRandom }));
  const own = impostor.envelope.privateKey;
  const newer = signWith(own);
  const tampered = { ...newer, list: newer.list.replace('"version":3', '"version":4') };
  const contradicting = { ...held.lists, catalogue: held.lists.catalogue.slice(1) };
  const cases: [SignedLists | null, string][] = [
    [signWith(own, { version: 1 }), '旧版'],
    [signWith(own, { version: 2 }), '同一版号内容不同'],
    [signWith(generateSm2KeyPair(systemRandom).privateKey), '不是登记密钥的签名'],
    [tampered, '不是登记密钥的签名'],
    [signWith(own, { platformId: '310000' }), '不是登记密钥的签名'],
    [signWith(own, { lists: contradicting }), '内容不合要求'],
    [{ ...newer, signature: 'zz' }, '不是登记密钥的签名'],
    [signWith(own, { version: 2_000_000_000 }), '版号或日期超前'],
    [signWith(own, { publishedAt: 1 }), '版号或日期超前'],
    [signWith(own, { publishedAt: world.ours.clock.now() + 11 * 60_000 }), '版号或日期超前'],
    [null, '对方尚未发布'],
  ];
  for (const [signed, said] of cases) {
    answers.signed = signed;
    expect(await follow(world.ours, fusion.platformId)).toBe(400);
    expect(await panelOf(world.ours)).toContain(said);
    expect(await inForce(world.ours)).toEqual(held);
  }
  answers.signed = newer;
  expect(await follow(world.ours, fusion.platformId)).toBe(200);
  expect(await inForce(world.ours)).toEqual({ ...held, version: 3 });
  await impostor.close();
  expect(await follow(world.ours, fusion.platformId)).toBe(400);
  expect(await panelOf(world.ours)).toContain('对方未答复');
  expect(await inForce(world.ours)).toEqual({ ...held, version: 3 });
});

test('what was taken counts after a restart, and is not gone back behind by following anew; our own lists come back when asked for', async () => {
  const { dataDir, platform } = world.ours;
  const port = Number(new URL(platform.url).port);
  await world.ours.stop();
  world.ours = await startPlatform({ dataDir, port });
  expect(await inForce(world.ours)).toMatchObject({ version: 3, originId: fusion.platformId });
  expect(await follow(world.ours, null)).toBe(200);
  expect(await inForce(world.ours)).toMatchObject({ version: 0, originId: null });
  expect((await scenarios()).message).toBe('接口调用成功');
  // The publisher itself is at version 2, and 3 was seen.
  await register(world.ours.platform, world.publisher.platform);
  expect(await follow(world.ours, fusion.platformId)).toBe(400);
  expect(await inForce(world.ours)).toMatchObject({ version: 0, originId: null });
  await publish((lists) => lists);
  await publish((lists) => lists);
  expect(await follow(world.ours, fusion.platformId)).toBe(200);
  expect(await inForce(world.ours)).toMatchObject({ version: 4, originId: fusion.platformId });
});

test('only this machine decides whose lists are passed on, and only of registered platforms', async () => {
  expect((await postJson(`${world.ours.platform.url}/ops/lists`, { originId: null }, { origin: 'http://elsewhere.example' })).status).toBe(404);
  for (const [originId, fromId] of [['340000', undefined], [fusion.platformId, '340000'], ['310000', undefined]] as const) expect(await follow(world.ours, originId, fromId)).toBe(400);
  expect(await inForce(world.ours)).toMatchObject({ version: 4, originId: fusion.platformId });
});

test('every ten minutes what was published meanwhile is fetched', async () => {
  const { dataDir, stop } = world.ours;
  await stop();
  const work: { ms: number; run: () => void }[] = [];
  world.ours = await startPlatform({
    dataDir,
    every: (ms, run) => {
      work.push({ ms, run });
      return () => void work.splice(0);
    },
  });
  expect(work.map(({ ms }) => ms)).toEqual([600_000]);
  // What it fetches by itself as it starts is done before anything new is published.
  await expect.poll(async () => (await world.ours.platform.lists.read()).originId).toBe(fusion.platformId);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const version = await publish(rename('食品经营许可变更（十分钟）'));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect((await inForce(world.ours)).version).toBeLessThan(version);
  for (const { run } of work) run();
  await expect.poll(async () => (await inForce(world.ours)).version, { timeout: 20_000 }).toBe(version);
  await world.ours.stop();
  expect(work).toEqual([]);
  world.ours = await startPlatform({ dataDir });
});

test('an address that is taken back is asked and answered no more; the keys stay, and it can be registered anew', async () => {
  const { ours, publisher } = world;
  expect(await register(ours.platform, publisher.platform, { route: undefined })).toBe(200);
  const page = async () => (await fetch(`${ours.platform.url}/ops`)).text();
  expect(await page()).toContain('data-unroute="320000"');
  expect(await register(ours.platform, publisher.platform, { route: null, signingKeys: [] })).toBe(200);
  expect(await follow(ours, fusion.platformId)).toBe(400);
  expect(await panelOf(ours)).toContain('对方未登记');
  expect(await page()).not.toContain('data-unroute="320000"');
  expect(await page()).toMatch(/data-revoke="[^"]+" data-platform="320000"/);
  expect(await register(ours.platform, publisher.platform)).toBe(200);
  expect(await follow(ours, fusion.platformId)).toBe(200);
});

test('no number that is taken shuts out the lists of later days', () => {
  const minute = 60_000;
  const draw = createSeededRandom(11);
  let taken = 0;
  for (let n = 0; n < 2000; n++) {
    const publishedAt = Date.UTC(2026, 10, 22) + draw(1_000_000_000);
    const version = draw(6_000_000);
    if (isAhead({ publishedAt, version }, publishedAt)) continue;
    taken += 1;
    const later = publishedAt + minute;
    expect(isAhead({ publishedAt: later, version: version + 1 }, later)).toBe(false);
  }
  expect(taken).toBeGreaterThan(500);
  expect(taken).toBeLessThan(1500);
});

test('a platform that starts fetches what was published meanwhile, unasked', async () => {
  const { dataDir, stop } = world.ours;
  await stop();
  const version = await publish(rename('食品经营许可变更（夜间发布）'));
  world.ours = await startPlatform({ dataDir });
  await expect.poll(async () => (await inForce(world.ours)).version, { timeout: 20_000 }).toBe(version);
});
