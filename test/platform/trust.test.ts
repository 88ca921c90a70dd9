import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enterprisePaths, enrolPath } from '../../domain/contracts/enterprise.ts';
import { AppRegisterReplySchema, CodeVerifyReplySchema, SearchReplySchema, sharingPaths } from '../../domain/contracts/sharing.ts';
import { decodeHex, encodeHex } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { openEnvelope, type ReplyEnvelope, sealEnvelope, strictEnvelope, verifyReplySignature } from '../../domain/envelope.ts';
import { sampleCompanies } from '../../platform/sample/companies.table.ts';
import { serviceCodeSamples } from '../../platform/trust/service-codes.table.ts';
import { enrolCounter, firstCompany, fullGrant, organisation, postEnvelope, postJson, purpose, queryOf, startPlatform } from './test-counter.ts';
import { usePlatform } from './running-platform.ts';

describe('trusted access', () => {
  const { counter, running } = usePlatform();

  const register = async (changes: Record<string, string> = {}) => {
    const { appId, appSecret } = counter.profile;
    const request = { appId, appSecret, corpName: organisation.name, corpCode: organisation.code, ...changes };
    return v.parse(AppRegisterReplySchema, (await counter.call(sharingPaths.appRegister, request)).payload);
  };

  test('12.2.1: the right secret gets a token that the services accept', async () => {
    const { code, data } = await register();
    expect(code).toBe(1);
    const appToken = data?.token ?? '';
    expect(await counter.call(sharingPaths.catalogue, {}, { appToken })).toMatchObject({ status: '0' });
    expect(await counter.call(sharingPaths.catalogue, {}, { appToken: 'f'.repeat(64) })).toMatchObject({ status: '14', payload: undefined });
  });

  test.each([{ appSecret: 'wrong' }, { appId: 'app-wrong' }, { corpCode: '91310000MA1FL00017' }, { corpName: '别的单位' }])(
    '12.2.1: %o gets code 0 and no token',
    async (wrong) => {
      expect(await register(wrong)).toMatchObject({ code: 0 });
      expect((await register(wrong)).data).toBeUndefined();
    },
  );

  test('12.2.1: the token ends after two hours', async () => {
    const fresh = await startPlatform();
    const other = await enrolCounter(fresh.platform);
    const { appId, appSecret } = other.profile;
    const request = { appId, appSecret, corpName: organisation.name, corpCode: organisation.code };
    const appToken = v.parse(AppRegisterReplySchema, (await other.call(sharingPaths.appRegister, request)).payload).data?.token ?? '';
    fresh.clock.advance(2 * 3600_000 - 1);
    expect(await other.call(sharingPaths.catalogue, {}, { appToken })).toMatchObject({ status: '0' });
    fresh.clock.advance(1);
    expect(await other.call(sharingPaths.catalogue, {}, { appToken })).toMatchObject({ status: '14' });
    await fresh.remove();
  });

  test.each([...serviceCodeSamples].map(([code, { kind }]) => [kind, code]))('12.2.2: %s', async (_kind, qrCode) => {
    const reply = v.parse(CodeVerifyReplySchema, (await counter.call(sharingPaths.codeVerify, { qrCode, ...purpose })).payload);
    const company = sampleCompanies.find(({ id }) => id === serviceCodeSamples.get(qrCode)?.companyId);
    expect(reply.userInfo.userName).toBe(company?.presenter);
    expect(reply.certificateList?.map((entry) => entry.certificateNumber)).toEqual(company?.certificates.map(({ number }) => number));
    // 8.2: a search gives the certificates in force only.
    const found = await counter.call(sharingPaths.search, { trustedToken: reply.userInfo.trustedToken, ...purpose });
    const inForce = company?.certificates.filter(({ validUntil }) => validUntil === '长期' || validUntil >= '2026-11-21');
    expect(v.parse(SearchReplySchema, found.payload).total).toBe(inForce?.length);
  });

  test('12.2.2: an enterprise service code made here, its certificates by consent', async () => {
    const [licence] = firstCompany().certificates;
    const { code } = await running.platform.mint(fullGrant({ certificateTypes: [licence?.typeCode ?? ''] }));
    const reply = v.parse(CodeVerifyReplySchema, (await counter.call(sharingPaths.codeVerify, { qrCode: code, ...purpose })).payload);
    expect(reply.userInfo.idCard).toBe(firstCompany().uscc);
    expect(reply.certificateList?.map((entry) => entry.certificateType)).toEqual([licence?.type]);
  });

  test('12.2.2: a one-time code serves its case again, and no other case', async () => {
    const { code } = await running.platform.mint(fullGrant({ oneTime: true }));
    const ask = async (bizNum: string) => (await counter.call(sharingPaths.codeVerify, { qrCode: code, ...purpose, bizNum })).status;
    expect([await ask('A'), await ask('A'), await ask('B')]).toEqual(['0', '0', '42']);
    expect((await counter.query(code)).verdict).toBe('used');
  });

  test('12.2.2: what is none, what has expired and what is forged each have their own answer', async () => {
    const fresh = await startPlatform();
    const other = await enrolCounter(fresh.platform);
    const { code } = await fresh.platform.mint(fullGrant());
    const ask = async (qrCode: string) => other.call(sharingPaths.codeVerify, { qrCode, ...purpose });
    const forged = code.slice(0, -1) + (code.at(-1) === '0' ? '1' : '0');
    expect(await ask('https://example.com/')).toMatchObject({ status: '40' });
    expect(await ask(forged)).toMatchObject({ status: '43' });
    fresh.clock.advance(5 * 60_000);
    expect(await ask(code)).toMatchObject({ status: '41', message: '企业数字凭证（企业服务码）已过期' });
    await fresh.remove();
  });

  const post = async (envelope: unknown, path_: string = sharingPaths.catalogue) => postEnvelope(`${running.platform.url}${path_}`, envelope, counter.keys.privateKey);

  test('envelopes: unknown account, wrong key, no envelope, wrong fields', async () => {
    const { profile } = counter;
    const theirPublicKey = decodeHex(profile.envelopePublicKey) ?? new Uint8Array();
    const sealed = (changes: object) => counter.seal({}, { appToken: counter.appToken(), ...changes });
    expect(await post(sealEnvelope({ accountId: 'nobody', payload: {}, theirPublicKey, random: systemRandom }))).toMatchObject({ status: '11' });
    expect(await post(sealed({ theirPublicKey: generateSm2KeyPair(systemRandom).publicKey }))).toMatchObject({ status: '12' });
    expect(await post({ hello: 1 })).toMatchObject({ status: '10' });
    expect(await post([])).toMatchObject({ status: '10' });
    expect(await post({ ...sealed({}), encryptData: 'zz' })).toMatchObject({ status: '17' });
    expect(await post(sealed({}))).toMatchObject({ status: '0' });
  });

  test.each([
    { order: 'C1C2C3' as const },
    { innerBase64: false },
    { prefix04: false },
    { case: 'lower' as const },
  ])('envelopes: the peer form %o is accepted from everyone, and used for the peer that wants it', async (form) => {
    expect(await counter.call(sharingPaths.catalogue, {}, { settings: { ...strictEnvelope, ...form } })).toMatchObject({ status: '0' });
    const peer = await enrolCounter(running.platform, organisation, form);
    expect(peer.profile.exchange).toMatchObject({ mode: 'extended', ...form });
    const body = (await (await postJson(`${running.platform.url}${sharingPaths.catalogue}`, peer.seal({}, { appToken: peer.appToken() }))).json()) as object;
    expect(openEnvelope({ envelope: body, privateKey: peer.keys.privateKey })).toMatchObject({ ok: true, value: { accepted: { ...strictEnvelope, ...form } } });
  });

  test('extended: a request must be signed, by its account, now, and comes once; each no has its own status', async () => {
    const { seal, signer, appToken } = counter;
    const ask = (changes: Parameters<typeof seal>[1]) => post(seal({}, { appToken: appToken(), ...changes }));
    const now = running.clock.now();
    expect(await ask({ sign: null })).toMatchObject({ status: '18', payload: undefined });
    expect(await ask({ sign: signer(generateSm2KeyPair(systemRandom).privateKey) })).toMatchObject({ status: '17' });
    expect(await ask({ sign: signer(undefined, now - 6 * 60_000) })).toMatchObject({ status: '19' });
    expect(await ask({ appToken: null })).toMatchObject({ status: '14' });
    const envelope = seal({}, { appToken: appToken() });
    expect([(await post(envelope)).status, (await post(envelope)).status]).toEqual(['0', '23']);
  });

  test('extended: signed for one interface, a request is refused at every other, and so is one that names none', async () => {
    const envelope = counter.seal({ appId: counter.profile.appId }, { appToken: counter.appToken(), interfacePath: sharingPaths.scenarios });
    for (const elsewhere of [sharingPaths.catalogue, sharingPaths.search, enterprisePaths.query])
      expect(await post(envelope, elsewhere)).toMatchObject({ status: '24', message: '请求签名未绑定本接口', payload: undefined });
    expect(await post({ ...envelope, head: { ...envelope.head, interface: sharingPaths.search } }, sharingPaths.search)).toMatchObject({ status: '17' });
    expect(await post(counter.seal({}, { appToken: counter.appToken(), interfacePath: null }))).toMatchObject({ status: '24' });
    // Whoever turned it round has not used up the peer's own request.
    expect(await post(envelope, sharingPaths.scenarios)).toMatchObject({ status: '0' });
  });

  test('strict: a peer that signs as version 1 of the extension did is served at the interfaces of the standard, not at our own', async () => {
    const strict = await enrolCounter(running.platform, organisation, { mode: 'strict' });
    const first = { appToken: strict.appToken(), interfacePath: null };
    expect(await strict.call(sharingPaths.catalogue, {}, first)).toMatchObject({ status: '0' });
    expect(await strict.call(enterprisePaths.query, queryOf('nothing'), first)).toMatchObject({ status: '24' });
  });

  test('extended: answers and refusals are signed and bound to the request', async () => {
    for (const appToken of [counter.appToken(), null]) {
      const envelope = counter.seal({}, { appToken });
      const body = (await (await postJson(`${running.platform.url}${sharingPaths.catalogue}`, envelope)).json()) as ReplyEnvelope;
      const { accountId, envelopePublicKey } = counter.profile;
      const check = (requestNonce: string) =>
        verifyReplySignature({ envelope: body, accountId, publicKey: decodeHex(envelopePublicKey) ?? new Uint8Array(), signerId: sm2DefaultId, requestNonce });
      expect(check(envelope.head.nonce ?? '')).toEqual({ state: 'valid', signedAt: running.clock.now() });
      expect(check('another')).toEqual({ state: 'invalid' });
    }
  });

  test('strict: the standard as printed goes; our own interface asks for more, and what is sent must be good', async () => {
    const strict = await enrolCounter(running.platform, organisation, { mode: 'strict' });
    const plain = { sign: null, appToken: null };
    const answer = await strict.call(sharingPaths.catalogue, {}, plain);
    expect(answer).toMatchObject({ status: '0' });
    expect(Object.keys(answer.head).toSorted()).toEqual(['message', 'status']);
    expect(await strict.call(sharingPaths.catalogue, {}, { ...plain, appToken: 'f'.repeat(64) })).toMatchObject({ status: '14' });
    expect(await strict.call(sharingPaths.catalogue, {}, { sign: strict.signer(counter.keys.privateKey) })).toMatchObject({ status: '17' });
    const { code } = await running.platform.mint(fullGrant());
    expect(await strict.call(enterprisePaths.query, queryOf(code), plain)).toMatchObject({ status: '18' });
    expect(await strict.call(enterprisePaths.query, queryOf(code), { appToken: null })).toMatchObject({ status: '14' });
    expect((await strict.query(code)).verdict).toBe('valid');
  });

  test('a body that is not JSON, or too long, is refused in words', async () => {
    const url = `${running.platform.url}${enterprisePaths.query}`;
    const send = async (body: string, type = 'application/json') => {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
      const { head } = (await response.json()) as { head: { status: string } };
      return [response.status, head.status];
    };
    expect(await send('{')).toEqual([400, '10']);
    expect(await send('{"__proto__": {"a": 1}}')).toEqual([400, '10']);
    expect(await send('{}', 'text/plain')).toEqual([415, '10']);
    expect(await send(`"${'x'.repeat(17 * 1024 * 1024)}"`)).toEqual([413, '10']);
  });
});

describe('enrolment', () => {
  let running: Awaited<ReturnType<typeof startPlatform>>;
  beforeAll(async () => {
    running = await startPlatform();
  });
  afterAll(() => running.remove());

  const enrol = (enrolmentCode: string, changes: Record<string, string> = {}) =>
    postJson(`${running.platform.url}${enrolPath}`, {
      enrolmentCode,
      corpName: organisation.name,
      corpCode: organisation.code,
      publicKey: encodeHex(generateSm2KeyPair(systemRandom).publicKey),
      ...changes,
    });

  test('the code works once, however often it is tried at the same time; the file then holds the next', async () => {
    const code = running.platform.enrolmentCode;
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await enrol(code)).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 403)).toHaveLength(9);
    expect(running.platform.enrolmentCode).not.toBe(code);
    const file = path.join(running.dataDir, 'enrolment.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ enrolmentCode: running.platform.enrolmentCode });
    expect((await enrol(running.platform.enrolmentCode)).status).toBe(200);
  });

  test('a wrong code, a key that is no point and a missing name are refused and use nothing up', async () => {
    const code = running.platform.enrolmentCode;
    expect((await enrol('AAAA-BBBB-CCCC-DDDD-EEEE')).status).toBe(403);
    expect((await enrol(code, { publicKey: `04${'11'.repeat(64)}` })).status).toBe(400);
    expect((await enrol(code, { corpName: '' })).status).toBe(400);
    expect((await enrol(code.toLowerCase().replaceAll('-', ' '))).status).toBe(200);
  });

  test('a second platform that finds the port taken leaves the enrolment code alone', async () => {
    const port = Number(new URL(running.platform.url).port);
    await expect(startPlatform({ dataDir: running.dataDir, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(JSON.parse(readFileSync(path.join(running.dataDir, 'enrolment.json'), 'utf8'))).toEqual({ enrolmentCode: running.platform.enrolmentCode });
    expect((await enrol(running.platform.enrolmentCode)).status).toBe(200);
  });

  test('two processes on one folder and database take the same code, once; the file names the next', async () => {
    const other = await startPlatform({ dataDir: running.dataDir });
    const code = running.platform.enrolmentCode;
    expect(other.platform.enrolmentCode).toBe(code);
    const at = (url: string) => postJson(`${url}${enrolPath}`, { enrolmentCode: code, corpName: organisation.name, corpCode: organisation.code, publicKey: encodeHex(generateSm2KeyPair(systemRandom).publicKey) });
    const statuses = await Promise.all([0, 1, 2, 3].map(async (n) => (await at((n % 2 === 0 ? running : other).platform.url)).status));
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 403, 403, 403]);
    const { enrolmentCode } = JSON.parse(readFileSync(path.join(running.dataDir, 'enrolment.json'), 'utf8')) as { enrolmentCode: string };
    expect(enrolmentCode).not.toBe(code);
    expect((await enrol(enrolmentCode)).status).toBe(200);
    await other.stop();
  });

  test('a code ends with its day, and a start draws the next', async () => {
    const late = await startPlatform();
    const code = late.platform.enrolmentCode;
    late.clock.advance(24 * 3600_000);
    const request = { enrolmentCode: code, corpName: organisation.name, corpCode: organisation.code, publicKey: encodeHex(generateSm2KeyPair(systemRandom).publicKey) };
    expect((await postJson(`${late.platform.url}${enrolPath}`, request)).status).toBe(403);
    await late.stop();
    const again = await startPlatform({ dataDir: late.dataDir, now: late.clock.now });
    expect(again.platform.enrolmentCode).not.toBe(code);
    await again.remove();
  });

  test('keys and the enrolment code are for the owner alone', () => {
    for (const name of ['keys.json', 'enrolment.json']) expect(statSync(path.join(running.dataDir, name)).mode & 0o777).toBe(0o600);
  });
});
