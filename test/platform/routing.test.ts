import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { type EnterpriseReply, EnterpriseReplySchema, enterprisePaths } from '../../domain/contracts/enterprise.ts';
import { decodeHex, encodeHexUpper } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair } from '../../domain/crypto/sm2.ts';
import { askAboutCode, routedQueryPath } from '../../platform/routing/routed-query.ts';
import type { Platform } from '../../platform/app.ts';
import { clientOf, scanForWindow, startCounter } from '../main/running-counter.ts';
import { enrolCounter, firstCompany, fullGrant, logIn, organisation, postJson, queryOf, startPlatform, type TestCounter } from './test-counter.ts';
import { register, type Running } from './running-platform.ts';

const jiangsu = { platformId: '320000', name: '江苏省企业服务码平台（参考实现）' };

describe('codes of another platform, with a database of its own', () => {
  let here: Running;
  let there: Running;
  let counter: TestCounter;
  beforeAll(async () => {
    here = await startPlatform();
    there = await startPlatform({ identity: jiangsu });
    counter = await enrolCounter(here.platform);
    expect([await register(here.platform, there.platform), await register(there.platform, here.platform)]).toEqual([200, 200]);
  });
  afterAll(async () => {
    await here.remove();
    await there.remove();
  });

  const mintThere = async (oneTime = false) => (await there.platform.mint(fullGrant({ oneTime }))).code;
  const ask = async (code: string, at = here.platform.url) => {
    const { payload, status } = await counter.call(enterprisePaths.query, queryOf(code), { url: at });
    return { status, reply: payload === undefined ? null : v.parse(EnterpriseReplySchema, payload) };
  };

  test('get their verdict through ours: data, consent and source of theirs, no token of theirs, and their holder sees who looked', async () => {
    const minted = await there.platform.mint(fullGrant());
    const query = queryOf(minted.code);
    const reply = await counter.query(minted.code, query);
    expect(reply).toMatchObject({ verdict: 'valid', source: jiangsu.name, requestId: query.requestId, subject: { uscc: firstCompany().uscc } });
    expect(Object.keys(reply.data ?? {}).length).toBeGreaterThan(0);
    expect([reply.trustedToken, reply.certList]).toEqual([undefined, undefined]);
    const holder = await logIn(there.platform.url);
    const { views } = (await (await holder.get(`codes/${minted.codeId}/views`)).json()) as { views: { orgName: string }[] };
    expect(views.map(({ orgName }) => orgName)).toEqual([organisation.name]);
  });

  test('a one-time code is used up there, once, whoever asks; the same request is answered alike', async () => {
    const code = await mintThere(true);
    const query = queryOf(code);
    const both: EnterpriseReply[] = [await counter.query(code, query), await counter.query(code, query)];
    expect(both.map(({ verdict }) => verdict)).toEqual(['valid', 'valid']);
    expect((await ask(code)).reply?.verdict).toBe('used');
    const local = await enrolCounter(there.platform);
    expect((await local.query(code)).verdict).toBe('used');
  });

  test('a grantee named there is held to here; a code of ours is still ours', async () => {
    const { code } = await there.platform.mint(fullGrant({ grantee: { name: '别的单位', code: '91310000MA1FL00017' } }));
    expect((await ask(code)).reply?.verdict).toBe('granteeMismatch');
    const own = (await here.platform.mint(fullGrant())).code;
    expect((await ask(own)).reply).toMatchObject({ verdict: 'valid', trustedToken: expect.any(String) as string });
  });

  test('a forged one is refused by the keys that are registered, though nobody is there to ask; a good one is answered for with 51', async () => {
    const code = await mintThere();
    const forged = code.slice(0, -1) + (code.endsWith('0') ? '1' : '0');
    await there.stop();
    expect(await ask(forged)).toMatchObject({ status: '0', reply: { verdict: 'badSignature' } });
    expect(await ask(code)).toEqual({ status: '51', reply: null });
    there = await startPlatform({ identity: jiangsu, dataDir: there.dataDir, port: Number(new URL(there.platform.url).port) });
    expect((await ask(code)).reply?.verdict).toBe('valid');
  });

  test('only registered platforms are answered, each with its own key, each question once', async () => {
    const envelope = generateSm2KeyPair(systemRandom);
    const route = { platformId: jiangsu.platformId, url: there.platform.url, envelopePublicKey: decodeHex((await there.platform.profile()).envelopePublicKey.toLowerCase()) ?? new Uint8Array() };
    const asked = { account: { accountId: 'counter-1', corpName: organisation.name, corpCode: organisation.code }, query: queryOf(await mintThere()) };
    const channel = { envelope, now: there.clock.now, random: systemRandom };
    expect(await askAboutCode({ ...channel, ownId: '330000' }, route, asked)).toBeNull();
    expect(await askAboutCode({ ...channel, ownId: '310000' }, route, asked)).toBeNull();
    for (const body of [{}, { head: { accountId: '310000' }, encryptData: '' }, []]) expect((await postJson(`${there.platform.url}${routedQueryPath}`, body)).status).toBe(403);
    expect(await register(there.platform, here.platform, { platformId: '330000', name: '浙江', signingKeys: [], route: { url: 'http://127.0.0.1:9', envelopePublicKey: encodeHexUpper(envelope.publicKey) } })).toBe(200);
    const caught: unknown[] = [];
    const real = globalThis.fetch;
    globalThis.fetch = (url, init) => (caught.push(JSON.parse(String(init?.body))), real(url, init));
    const answered = await askAboutCode({ ...channel, ownId: '330000' }, route, asked).finally(() => (globalThis.fetch = real));
    expect(answered).toMatchObject({ status: '0', reply: { verdict: 'valid' } });
    expect((await postJson(`${there.platform.url}${routedQueryPath}`, caught[0])).status).toBe(403);
    // A code of a third one is not passed on again.
    const ours = { ...asked, query: queryOf((await here.platform.mint(fullGrant())).code) };
    expect(await askAboutCode({ ...channel, ownId: '330000' }, route, ours)).toMatchObject({ status: '40' });
  });

  test('an answer without an end is cut off, and is none', async () => {
    const sent = { bytes: 0, isCutOff: false };
    const endless = createServer((_request, response) => {
      response.on('close', () => (sent.isCutOff = true));
      const write = (): void => {
        for (let isFree = true; isFree && !sent.isCutOff && sent.bytes < 256 * 1024 * 1024; sent.bytes += 65_536) isFree = response.write(Buffer.alloc(65_536, 0x20));
        if (!sent.isCutOff) response.once('drain', write);
      };
      write();
    }).listen(0, '127.0.0.1');
    await once(endless, 'listening');
    const envelope = generateSm2KeyPair(systemRandom);
    const route = { platformId: jiangsu.platformId, url: `http://127.0.0.1:${(endless.address() as AddressInfo).port}`, envelopePublicKey: envelope.publicKey };
    const asked = { account: { accountId: 'counter-1', corpName: organisation.name, corpCode: organisation.code }, query: queryOf('code') };
    expect(await askAboutCode({ ownId: '310000', envelope, now: Date.now, random: systemRandom }, route, asked)).toBeNull();
    expect(sent.bytes).toBeLessThan(64 * 1024 * 1024);
    endless.closeAllConnections();
    endless.close();
  });

  test('a registration with an address or a key that is none is refused', async () => {
    const { envelopePublicKey } = await there.platform.profile();
    for (const route of [{ url: 'file:///etc/passwd', envelopePublicKey }, { url: there.platform.url, envelopePublicKey: `04${'11'.repeat(64)}` }])
      expect(await register(here.platform, there.platform, { route })).toBe(400);
  });
});

describe('a counter', () => {
  const world = {} as { here: Platform; there: Platform; app: Awaited<ReturnType<typeof startCounter>>; close: () => Promise<void> };
  beforeEach(async () => {
    const [here, there] = [await startPlatform({ now: Date.now }), await startPlatform({ now: Date.now, identity: jiangsu })];
    await register(here.platform, there.platform);
    await register(there.platform, here.platform);
    const app = await startCounter(here.platform);
    Object.assign(world, { here: here.platform, there: there.platform, app });
    world.close = async () => {
      await app.close();
      await here.remove();
      await there.remove();
    };
  });

  test('knows the platforms that its own one asks, passes their codes, and says which one is silent', async () => {
    expect(world.app.link.keys().has(jiangsu.platformId)).toBe(true);
    const verdict = await scanForWindow(world.app, (await world.there.mint(fullGrant())).code);
    expect(verdict).toMatchObject({ state: 'verified', platform: { id: jiangsu.platformId, name: jiangsu.name }, certificates: [], subject: { name: firstCompany().name } });
    await clientOf(world.app).case.next();
    const code = (await world.there.mint(fullGrant())).code;
    await world.there.close();
    expect(await scanForWindow(world.app, code)).toMatchObject({ state: 'platform-down', supportCode: 'E-PLAT-05' });
    await world.close();
  });

  test('takes the time from its own platform alone, whatever another one says', async () => {
    const late = await startPlatform({ now: () => Date.now() + 100_000, identity: { platformId: '330000', name: '浙江' } });
    await register(world.here, late.platform);
    await register(late.platform, world.here);
    expect(await world.app.link.refreshKeys()).toBe(true);
    const { code } = await late.platform.mint(fullGrant());
    const verdict = await scanForWindow(world.app, code);
    expect(verdict.platform?.id).toBe('330000');
    expect(verdict.state).not.toBe('verified');
    expect(world.app.status.current().clock.state).toBe('synchronised');
    expect(Math.abs(world.app.status.current().clock.offsetMs)).toBeLessThan(30_000);
    await late.remove();
    await world.close();
  });
});
