import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { certificateScope } from '../../domain/consent-record.ts';
import { PersonTokenReplySchema, SearchReplySchema, sharingPaths } from '../../domain/contracts/sharing.ts';
import { decodeHex, encodeHex, encodeHexUpper } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { encryptSm2 } from '../../domain/crypto/sm2.ts';
import { serviceCodeSamples } from '../../platform/trust/service-codes.table.ts';
import { firstCompany, fullGrant, purpose } from './test-counter.ts';
import { usePlatform } from './running-platform.ts';

const head = firstCompany();
const headNumber = head.information.flatMap(({ fields }) => fields).find(({ personal }) => personal === 'id')?.value ?? '';

describe('12.2.3, the holder token of a natural person', () => {
  const { counter, running } = usePlatform();

  const ask = (request: Record<string, unknown>) => counter.call(sharingPaths.personToken, { transactionId: encodeHex(systemRandom(8)), ...request });
  const replyOf = async (request: Record<string, unknown>) => v.parse(PersonTokenReplySchema, (await ask(request)).payload);
  const found = async (token: string | undefined) =>
    v.parse(SearchReplySchema, (await counter.call(sharingPaths.search, { trustedToken: token ?? '', ...purpose })).payload).dataList.map((hit) => hit.certificateType);

  test.each([
    ['1 without idNo', { authType: '1', idType: 1 }, 'idNo'],
    ['1 without idType', { authType: '1', idNo: headNumber }, 'idType'],
    ['2 without idNo', { authType: '2', idType: 1, name: head.legalRepresentative }, 'idNo'],
    ['2 without idType', { authType: '2', idNo: headNumber }, 'idType'],
    ['2 with an empty idNo', { authType: '2', idType: 1, idNo: '' }, 'idNo'],
    ['3 without qrCode', { authType: '3', idType: 1, idNo: headNumber }, 'qrCode'],
    ['another kind of document', { authType: '2', idType: 2, idNo: headNumber }, 'idType'],
    ['another way of authentication', { authType: '4', idType: 1, idNo: headNumber }, 'authType'],
    ['a number for authType', { authType: 2, idType: 1, idNo: headNumber }, 'authType'],
    ['no transactionId', { authType: '2', idType: 1, idNo: headNumber, transactionId: '' }, 'transactionId'],
  ])('refuses authType %s', async (_, request, field) => {
    expect(await ask(request)).toMatchObject({ status: '13', message: expect.stringContaining(field), payload: undefined });
  });

  test.each(['1', '2'])('authType %s: the head of a company gets a token for its certificates', async (authType) => {
    const reply = await replyOf({ authType, idType: 1, idNo: headNumber, name: head.legalRepresentative, location: 'window 12' });
    expect(reply.code).toBe(1);
    expect(await found(reply.data?.token)).toEqual(head.certificates.map(({ type }) => type));
  });

  test('the number may come encrypted to the platform', async () => {
    const publicKey = decodeHex(counter.profile.envelopePublicKey) ?? new Uint8Array();
    const idNo = encodeHexUpper(encryptSm2({ publicKey, plaintext: new TextEncoder().encode(headNumber), layout: 'C1C3C2', random: systemRandom }));
    expect((await replyOf({ authType: '2', idType: 1, idNo })).code).toBe(1);
    expect((await replyOf({ authType: '2', idType: 1, idNo: `${idNo.slice(0, -2)}00` })).code).toBe(0);
  });

  test('permission narrows, and never widens', async () => {
    const [licence] = head.certificates;
    const permission = JSON.stringify({ czqx: '1', xxlb: [certificateScope(licence?.typeCode ?? ''), certificateScope('of nobody')] });
    const reply = await replyOf({ authType: '2', idType: 1, idNo: headNumber, permission });
    expect(await found(reply.data?.token)).toEqual([licence?.type]);
  });

  test.each([
    ['an unknown number', { authType: '2', idType: 1, idNo: '310199199912310011' }],
    ['another name', { authType: '2', idType: 1, idNo: headNumber, name: '别人' }],
    ['a code that is none', { authType: '3', qrCode: 'nothing' }],
  ])('%s: code 0 and no token', async (_, request) => {
    const reply = await replyOf(request);
    expect(reply).toMatchObject({ code: 0 });
    expect(reply.data).toBeUndefined();
  });

  test('authType 3: a sample code, and a one-time service code once', async () => {
    const [[sample] = ['']] = [...serviceCodeSamples];
    expect((await replyOf({ authType: '3', qrCode: sample })).code).toBe(1);
    const [licence] = head.certificates;
    const { code } = await running.platform.mint(fullGrant({ oneTime: true, certificateTypes: [licence?.typeCode ?? ''] }));
    const first = await replyOf({ authType: '3', qrCode: code });
    expect(await found(first.data?.token)).toEqual([licence?.type]);
    expect((await replyOf({ authType: '3', qrCode: code })).code).toBe(0);
  });

  test('a business number works once, however often it comes at the same time', async () => {
    const transactionId = encodeHex(systemRandom(8));
    const replies = await Promise.all(Array.from({ length: 8 }, () => replyOf({ authType: '2', idType: 1, idNo: headNumber, transactionId })));
    expect(replies.filter(({ code }) => code === 1)).toHaveLength(1);
    expect(replies.filter(({ msg }) => msg === '业务流水号已使用')).toHaveLength(7);
  });
});
