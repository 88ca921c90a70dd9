import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import {
  CatalogueReplySchema,
  FileReplySchema,
  FileVerifyReplySchema,
  InfoReplySchema,
  ScenariosReplySchema,
  SearchReplySchema,
  sharingPaths,
} from '../../domain/contracts/sharing.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { sampleCompanies } from '../../platform/sample/companies.table.ts';
import { endedType } from '../../platform/sharing/catalogue.table.ts';
import { enrolCounter, firstCompany, fullGrant, purpose, startPlatform, type TestCounter } from './test-counter.ts';

/** Purposes of scenarios that matter here: one with few types, one that is published but not linked to counters. */
const narrow = { ...purpose, itemName: '道路货物运输经营许可', itemCode: '310118020001' };
const unlinked = { ...purpose, itemName: '行政执法检查', itemCode: '310199009001' };

describe('the sharing interfaces', () => {
  let running: Awaited<ReturnType<typeof startPlatform>>;
  let counter: TestCounter;
  let trustedToken: string;
  beforeAll(async () => {
    running = await startPlatform();
    counter = await enrolCounter(running.platform);
  });
  afterAll(() => running.remove());

  const grant = async (changes: Parameters<typeof fullGrant>[0] = {}) => {
    const { code } = await running.platform.mint(fullGrant(changes));
    const reply = await counter.query(code);
    trustedToken = reply.trustedToken ?? '';
    return reply;
  };
  const search = async (changes: Record<string, string> = {}) => counter.call(sharingPaths.search, { trustedToken, ...purpose, ...changes });
  const firstHit = async () => {
    await grant();
    const [hit] = v.parse(SearchReplySchema, (await search()).payload).dataList;
    return hit?.certificateID ?? '';
  };

  test('12.1.3: the catalogue', async () => {
    const { total, dataList } = v.parse(CatalogueReplySchema, (await counter.call(sharingPaths.catalogue, {})).payload);
    expect(total).toBe(dataList.length);
    const held = new Set(sampleCompanies.flatMap(({ certificates }) => certificates.map(({ type }) => type)));
    for (const type of held) expect(dataList.map((entry) => entry.certificateType)).toContain(type);
  });

  test('12.1.4: the scenario lists linked to this application, and to no other', async () => {
    const { appId } = counter.profile;
    const { dataList } = v.parse(ScenariosReplySchema, (await counter.call(sharingPaths.scenarios, { appId })).payload);
    expect(dataList.map(({ itemCode }) => itemCode)).toContain(purpose.itemCode);
    expect(dataList.map(({ itemCode }) => itemCode)).not.toContain(unlinked.itemCode);
    expect(dataList.every((list) => list.dataList.length > 0)).toBe(true);
    expect(await counter.call(sharingPaths.scenarios, { appId: 'app-of-another' })).toMatchObject({ status: '20', payload: undefined });
  });

  test('6.2 c, 6.3 d: what is outside its time is neither published nor given', async () => {
    const { dataList: types } = v.parse(CatalogueReplySchema, (await counter.call(sharingPaths.catalogue, {})).payload);
    expect(types.map((entry) => entry.certificateType)).not.toContain(endedType.type);
    const { dataList: lists } = v.parse(ScenariosReplySchema, (await counter.call(sharingPaths.scenarios, { appId: counter.profile.appId })).payload);
    expect(lists.map(({ itemName }) => itemName)).not.toContain('三证合一换照');
    await grant();
    expect(await search({ certificateType: endedType.type })).toMatchObject({ status: '22', message: '证照目录不在共享可用时间内' });
    expect(await search({ itemName: '三证合一换照', itemCode: '310131009001' })).toMatchObject({ status: '20' });
  });

  test('12.1.5: finds the granted certificates and no others', async () => {
    const [licence, permit] = firstCompany().certificates;
    await grant({ certificateTypes: [permit?.typeCode ?? ''] });
    const { dataList, total } = v.parse(SearchReplySchema, (await search()).payload);
    expect(total).toBe(1);
    expect(dataList[0]).toMatchObject({ certificateType: permit?.type, certificateNumber: permit?.number, issueDept: permit?.issueDept });
    expect(await search({ certificateType: licence?.type ?? '' })).toMatchObject({ status: '32' });
  });

  test('12.1.5: narrows by type and number', async () => {
    await grant();
    const [, permit] = firstCompany().certificates;
    const byType = v.parse(SearchReplySchema, (await search({ certificateType: permit?.type ?? '' })).payload);
    expect(byType.dataList.map((hit) => hit.certificateType)).toEqual([permit?.type]);
    const byNumber = v.parse(SearchReplySchema, (await search({ certificateNumber: 'no such number' })).payload);
    expect(byNumber).toEqual({ total: 0, dataList: [] });
  });

  test('12.1.5: refuses a matter that is not linked, a type outside its list, a token that is none', async () => {
    await grant();
    expect(await search(unlinked)).toMatchObject({ status: '20' });
    expect(await search({ itemName: '别的事项' })).toMatchObject({ status: '20' });
    expect(await search({ ...narrow, certificateType: '食品经营许可证' })).toMatchObject({ status: '21' });
    expect(await search({ trustedToken: 'f'.repeat(64) })).toMatchObject({ status: '30' });
    const found = v.parse(SearchReplySchema, (await search(narrow)).payload);
    expect(found.dataList.map((hit) => hit.certificateType)).toEqual(['营业执照']);
  });

  test('12.1.5: a token and a certificate id serve nobody but whom they were given to', async () => {
    const id = await firstHit();
    const other = await enrolCounter(running.platform, { name: '别的大厅', code: '12310112MB2F30456Y' });
    expect(await other.call(sharingPaths.search, { trustedToken, ...purpose })).toMatchObject({ status: '30' });
    expect(await other.call(sharingPaths.fileById, { certificateID: id, ...purpose })).toMatchObject({ status: '31' });
  });

  test('12.1.6: the file, its format and its digest; the address works once', async () => {
    const id = await firstHit();
    const reply = v.parse(FileReplySchema, (await counter.call(sharingPaths.fileById, { certificateID: id, ...purpose })).payload);
    const [entry] = reply.dataList;
    expect(reply.total).toBe(1);
    expect(entry?.fileFormat).toBe(firstCompany().certificates[0]?.format);
    expect(counter.profile.fileHosts).toContain(new URL(entry?.fileUrl ?? '').host);
    const first = await fetch(entry?.fileUrl ?? '');
    expect(first.status).toBe(200);
    expect(encodeHex(sm3(new Uint8Array(await first.arrayBuffer())))).toBe(entry?.fileSm3);
    expect((await fetch(entry?.fileUrl ?? '')).status).toBe(404);
  });

  test('12.1.6: 20 downloads at once of one address: one gets the file', async () => {
    const id = await firstHit();
    const reply = v.parse(FileReplySchema, (await counter.call(sharingPaths.fileById, { certificateID: id, ...purpose })).payload);
    const url = reply.dataList[0]?.fileUrl ?? '';
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(url)).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });

  test('12.1.6: the address lives 60 seconds, the certificate id 10 minutes', async () => {
    const fresh = await startPlatform();
    const other = await enrolCounter(fresh.platform);
    const reply = await other.query((await fresh.platform.mint(fullGrant())).code);
    const certificateID = reply.certList?.[0]?.certificateID ?? '';
    const ask = async () => other.call(sharingPaths.fileById, { certificateID, ...purpose });
    const file = v.parse(FileReplySchema, (await ask()).payload);
    fresh.clock.advance(60_000);
    expect((await fetch(file.dataList[0]?.fileUrl ?? '')).status).toBe(404);
    fresh.clock.advance(9 * 60_000 - 1);
    expect(await ask()).toMatchObject({ status: '0' });
    fresh.clock.advance(1);
    expect(await ask()).toMatchObject({ status: '31' });
    expect(await other.call(sharingPaths.search, { trustedToken: reply.trustedToken ?? '', ...purpose })).toMatchObject({ status: '30' });
    await fresh.remove();
  });

  test('12.1.8: the information, its face in the order of the certificate', async () => {
    const id = await firstHit();
    const reply = v.parse(InfoReplySchema, (await counter.call(sharingPaths.infoById, { certificateID: id, ...purpose })).payload);
    const [certificate] = firstCompany().certificates;
    expect(reply.dataList[0]).toMatchObject({
      certificateType: certificate?.type,
      certificateHolder: firstCompany().name,
      certificateHolderCode: firstCompany().uscc,
      certificateNumber: certificate?.number,
      certificateValidateEnd: certificate?.validUntil,
    });
    expect(Object.entries(reply.dataList[0]?.surface ?? {})).toEqual(Object.entries(certificate?.surface ?? {}));
  });

  test('12.1.7 and 12.1.9: files and information of the holder, narrowed as a search is', async () => {
    await grant();
    const [licence, permit] = firstCompany().certificates;
    const ask = (path: string, changes: Record<string, string> = {}) => counter.call(path, { trustedToken, ...purpose, ...changes });
    const files = v.parse(FileReplySchema, (await ask(sharingPaths.fileByHolder)).payload);
    expect(files.dataList.map((entry) => entry.certificateNumber)).toEqual(firstCompany().certificates.map(({ number }) => number));
    const bytes = new Uint8Array(await (await fetch(files.dataList[1]?.fileUrl ?? '')).arrayBuffer());
    expect(encodeHex(sm3(bytes))).toBe(files.dataList[1]?.fileSm3);
    const one = v.parse(InfoReplySchema, (await ask(sharingPaths.infoByHolder, { certificateNumber: permit?.number ?? '' })).payload);
    expect(one.dataList).toMatchObject([{ certificateType: permit?.type, certificateHolderCode: firstCompany().uscc }]);
    expect(Object.entries(one.dataList[0]?.surface ?? {})).toEqual(Object.entries(permit?.surface ?? {}));
    await grant({ certificateTypes: [licence?.typeCode ?? ''] });
    for (const path of [sharingPaths.fileByHolder, sharingPaths.infoByHolder]) {
      expect(await ask(path, { certificateType: permit?.type ?? '' })).toMatchObject({ status: '32', payload: undefined });
      expect(await ask(path, unlinked)).toMatchObject({ status: '20' });
      expect(await ask(path, { trustedToken: 'f'.repeat(64) })).toMatchObject({ status: '30' });
      expect(await ask(path, { bizNum: '' })).toMatchObject({ status: '13' });
    }
  });

  test('12.1.10: a file issued here is authentic; one changed byte, the other format and a stranger are not', async () => {
    const id = await firstHit();
    const { dataList } = v.parse(FileReplySchema, (await counter.call(sharingPaths.fileById, { certificateID: id, ...purpose })).payload);
    const file = new Uint8Array(await (await fetch(dataList[0]?.fileUrl ?? '')).arrayBuffer());
    const verify = async (bytes: Uint8Array, changes: Record<string, string> = {}) =>
      counter.call(sharingPaths.fileVerify, { fileEntity: Buffer.from(bytes).toString('base64'), fileFormat: 'PDF', ...purpose, ...changes });
    const resultOf = async (...asked: Parameters<typeof verify>) => v.parse(FileVerifyReplySchema, (await verify(...asked)).payload).result;
    expect(await resultOf(file)).toBe('1');
    expect(await resultOf(file.with(file.length >> 1, 0))).toBe('0');
    expect(await resultOf(file, { fileFormat: 'OFD' })).toBe('0');
    expect(await resultOf(new TextEncoder().encode('%PDF-1.7 made at home'))).toBe('0');
    expect(await verify(file, { fileFormat: 'JPG' })).toMatchObject({ status: '13' });
    expect(await verify(file, { fileEntity: '***' })).toMatchObject({ status: '13' });
    expect(await verify(file, unlinked)).toMatchObject({ status: '20' });
  });

  test('file and information are refused outside the linked matters and for an unknown id', async () => {
    const id = await firstHit();
    for (const path of [sharingPaths.fileById, sharingPaths.infoById]) {
      expect(await counter.call(path, { certificateID: id, ...unlinked })).toMatchObject({ status: '20' });
      expect(await counter.call(path, { certificateID: 'unknown', ...purpose })).toMatchObject({ status: '31' });
      expect(await counter.call(path, { certificateID: id, ...purpose, bizNum: '' })).toMatchObject({ status: '13' });
    }
  });

  test('an address that was never given out gives nothing', async () => {
    expect((await fetch(`${running.platform.url}/files/${'0'.repeat(64)}`)).status).toBe(404);
    expect((await fetch(`${running.platform.url}/files/..%2f..%2fkeys.json`)).status).toBe(404);
  });
});
