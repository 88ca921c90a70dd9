import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { FileReplySchema, SearchReplySchema, sharingPaths } from '../../domain/contracts/sharing.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { openKeyRing, openProvinceKeys } from '../../platform/keys.ts';
import { createRemoteProvince } from '../../platform/provinces/province-channel.ts';
import { provinceOf, provinces } from '../../platform/provinces/provinces.table.ts';
import { sampleCompanies } from '../../platform/sample/companies.table.ts';
import type { SampleCompany } from '../../platform/sample/sample-company.ts';
import { enrolCounter, firstCompany, fullGrant, purpose, startPlatform, type TestCounter } from './test-counter.ts';

/** A company that holds something of each province. */
const issuers = ['上海市市场监督管理局', '江苏省应急管理厅', '宁波市交通运输局', '安徽省住房和城乡建设厅'];
const wanderer: SampleCompany = {
  ...firstCompany(),
  certificates: firstCompany().certificates.slice(0, 1).flatMap((licence) => issuers.map((issueDept, n) => ({ ...licence, issueDept, number: `NO-${n}` }))),
};
const companies = [wanderer];

test('every sample certificate belongs to a province, and each province holds some', () => {
  const held = sampleCompanies.flatMap((company) => company.certificates.map((certificate) => provinceOf(company, certificate)));
  expect(new Set(held)).toEqual(new Set(provinces.map(({ id }) => id)));
  expect(provinceOf({ uscc: '92330102MA2BQ4N85A' }, { issueDept: '国家市场监督管理总局' })).toBe('330000');
});

describe('four provinces in processes of their own', () => {
  const held = {} as { fusion: Awaited<ReturnType<typeof startPlatform>>; provinces: Map<string, Awaited<ReturnType<typeof startPlatform>>>; counter: TestCounter };
  beforeAll(async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'platform-provinces-'));
    const start = (province: string, now?: () => number) => startPlatform({ companies, dataDir, role: 'province', province, ...(now === undefined ? {} : { now }) });
    const first = await start('310000');
    const others = [await start('320000', first.clock.now), await start('330000', first.clock.now), await start('340000', first.clock.now)];
    held.provinces = new Map([first, ...others].map((running, n) => [provinces[n]?.id ?? '', running]));
    const provinceUrls = Object.fromEntries([...held.provinces].map(([id, { platform }]) => [id, platform.url]));
    held.fusion = await startPlatform({ companies, dataDir, now: first.clock.now, provinceUrls, provinceDeadlineMs: 5000 });
    held.counter = await enrolCounter(held.fusion.platform);
  });
  afterAll(async () => {
    for (const { stop } of held.provinces.values()) await stop();
    await held.fusion.remove();
  });

  const tokenOf = async () => {
    const { code } = await held.fusion.platform.mint({ ...fullGrant(), certificateTypes: wanderer.certificates.slice(0, 1).map(({ typeCode }) => typeCode) });
    return (await held.counter.query(code)).trustedToken ?? '';
  };
  const search = async (trustedToken: string) => {
    const answer = await held.counter.call(sharingPaths.search, { trustedToken, ...purpose });
    return { message: answer.message, numbers: v.parse(SearchReplySchema, answer.payload).dataList.map((hit) => hit.certificateNumber), answer };
  };

  test('8.2: one search finds what all of them hold, 8.3: each file comes from its own', async () => {
    const trustedToken = await tokenOf();
    expect(await search(trustedToken)).toMatchObject({ message: '接口调用成功', numbers: ['NO-0', 'NO-1', 'NO-2', 'NO-3'] });
    const files = v.parse(FileReplySchema, (await held.counter.call(sharingPaths.fileByHolder, { trustedToken, ...purpose })).payload);
    for (const { fileUrl, fileSm3 } of files.dataList)
      expect(encodeHex(sm3(new Uint8Array(await (await fetch(fileUrl)).arrayBuffer())))).toBe(fileSm3);
  });

  test('a province answers the fusion service alone, and serves nothing else', async () => {
    const url = held.provinces.get('330000')?.platform.url ?? '';
    const ask = (path: string, body: unknown) => fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const own = held.counter.seal({ ask: 'search', companyId: wanderer.id }, {});
    expect((await ask('/province/ask', own)).status).toBe(403);
    expect((await ask('/province/ask', { ...own, head: { ...own.head, accountId: 'fusion' } })).status).toBe(403);
    for (const path of [sharingPaths.search, sharingPaths.codeVerify, '/enrol', '/presenter/codes']) expect((await ask(path, own)).status).toBe(404);
    expect((await fetch(`${url}/presenter/companies`)).status).toBe(404);
  });

  test('10.2 b: a province searches only where the trusted service knows the holder token, for this account and this holder', async () => {
    const [{ dataDir }, running] = [held.fusion, held.provinces.get('330000')];
    const now = running?.platform.now ?? Date.now;
    const ring = openKeyRing({ file: path.join(dataDir, 'keys.json'), now, random: systemRandom });
    const publicKey = openProvinceKeys({ file: path.join(dataDir, 'province-keys.json'), ids: [], random: systemRandom }).get('330000')?.publicKey ?? new Uint8Array();
    const province = createRemoteProvince({ id: '330000', name: '浙江省', url: running?.platform.url ?? '', publicKey }, { fusion: ring.envelope, now, random: systemRandom });
    const asked = { companyId: wanderer.id, trustedToken: await tokenOf(), accountId: held.counter.profile.accountId };
    expect((await province.search(asked)).map(({ certificate }) => certificate.number)).toEqual(['NO-2']);
    for (const change of [{ trustedToken: 'f'.repeat(64) }, { accountId: 'another' }, { companyId: 'another' }]) await expect(province.search({ ...asked, ...change })).rejects.toThrow();
  });

  test('a dead province and one that never answers are named; the others are found; their files say who did not answer', async () => {
    const trustedToken = await tokenOf();
    const all = v.parse(SearchReplySchema, (await search(trustedToken)).answer.payload).dataList;
    await held.provinces.get('320000')?.stop();
    const slow = held.provinces.get('340000')?.platform.faults ?? {};
    slow.latencyMs = 60_000;
    expect(await search(trustedToken)).toMatchObject({ message: '接口调用成功；未答复：江苏省、安徽省', numbers: ['NO-0', 'NO-2'] });
    const fileOf = (n: number) => held.counter.call(sharingPaths.fileById, { certificateID: all[n]?.certificateID ?? '', ...purpose });
    expect(await fileOf(1)).toMatchObject({ status: '46', message: '提供方省市系统未答复：江苏省', payload: undefined });
    expect(await fileOf(2)).toMatchObject({ status: '0' });
    slow.latencyMs = undefined;
    expect(await search(trustedToken)).toMatchObject({ message: '接口调用成功；未答复：江苏省', numbers: ['NO-0', 'NO-2', 'NO-3'] });
  });
});
