import { afterAll, beforeAll, expect, test } from 'vitest';
import * as v from 'valibot';
import { FileReplySchema, SearchReplySchema, sharingPaths } from '../../domain/contracts/sharing.ts';
import { enrolCounter, fullGrant, postEnvelope, purpose, queryOf, startPlatform, type TestCounter } from './test-counter.ts';

type Running = Awaited<ReturnType<typeof startPlatform>>;
const held = {} as { first: Running; second: Running; counter: TestCounter };

// Two servers on one database: what the one gave out the other knows, and what was used at the one is used at the other.
beforeAll(async () => {
  held.first = await startPlatform();
  held.second = await startPlatform({ dataDir: held.first.dataDir, now: held.first.clock.now });
  held.counter = await enrolCounter(held.first.platform);
});
afterAll(async () => {
  await held.second.stop();
  await held.first.remove();
});

const there = () => ({ url: held.second.platform.url });
const mint = async (oneTime = false) => (await held.first.platform.mint(fullGrant({ oneTime }))).code;
const infoAt = async (certificateID: string) => (await held.counter.call(sharingPaths.infoById, { certificateID, ...purpose }, there())).status;

test('a one-time code used at the one is used at the other; the same request is answered alike by both', async () => {
  const code = await mint(true);
  const query = queryOf(code);
  const reply = await held.counter.query(code, query);
  expect(reply.verdict).toBe('valid');
  expect(await held.counter.query(code, query, there())).toEqual(reply);
  expect((await held.counter.query(code, {}, there())).verdict).toBe('used');
});

test('a request that was heard by the one is a replay at the other', async () => {
  const request = held.counter.seal({}, { appToken: held.counter.appToken(), interfacePath: sharingPaths.catalogue });
  const send = async ({ platform }: Running) => (await postEnvelope(`${platform.url}${sharingPaths.catalogue}`, request, held.counter.keys.privateKey)).status;
  expect([await send(held.first), await send(held.second)]).toEqual(['0', '23']);
});

test('certificate ids and holder tokens of the one live at the other, for ten minutes and not longer', async () => {
  const { trustedToken = '' } = await held.counter.query(await mint());
  const search = async () => held.counter.call(sharingPaths.search, { trustedToken, ...purpose }, there());
  const hit = v.parse(SearchReplySchema, (await held.counter.call(sharingPaths.search, { trustedToken, ...purpose })).payload).dataList[0];
  const certificateID = hit?.certificateID ?? '';
  held.first.clock.advance(10 * 60_000 - 1);
  expect([await infoAt(certificateID), (await search()).status]).toEqual(['0', '0']);
  held.first.clock.advance(1);
  expect([await infoAt(certificateID), (await search()).status]).toEqual(['31', '30']);
});

test('an application token of the one opens the other, for two hours', async () => {
  const appToken = held.counter.appToken();
  const ask = async () => (await held.counter.call(sharingPaths.catalogue, {}, { ...there(), appToken })).status;
  expect(await ask()).toBe('0');
  held.first.clock.advance(2 * 3600_000);
  expect(await ask()).toBe('14');
});

test('a download address that was used at the one is used at the other', async () => {
  const { certList = [] } = await held.counter.query(await mint());
  const asked = { certificateID: certList[0]?.certificateID ?? '', ...purpose };
  const [file] = v.parse(FileReplySchema, (await held.counter.call(sharingPaths.fileById, asked)).payload).dataList;
  const url = new URL(file?.fileUrl ?? '');
  const answers = await Promise.all([held.first, held.second, held.second].map(({ platform }) => fetch(`${platform.url}${url.pathname}`)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404, 404]);
});
