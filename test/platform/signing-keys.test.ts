import { describe, expect, test } from 'vitest';
import { sharingPaths } from '../../domain/contracts/sharing.ts';
import { encodeHexUpper } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { printServiceCode } from '../../domain/service-code.ts';
import { enrolCounter, firstCompany, fullGrant, postJson, purpose } from './test-counter.ts';
import { usePlatform } from './running-platform.ts';

describe('signing keys and registered platforms', () => {
  const { counter, running } = usePlatform();

  const control = async (path: string, body: object, headers = {}) => (await postJson(`${running.platform.url}/ops/${path}`, body, { origin: running.platform.url, ...headers })).status;
  const mint = async () => (await running.platform.mint(fullGrant())).code;
  const keysNow = async () => (await running.platform.profile()).signingKeys;
  const verdictOf = async (code: string) => (await counter.query(code)).verdict;

  test('a rotated key signs nothing more, what it signed is still good, and the next counter is given both', async () => {
    const before = await mint();
    const [old] = await keysNow();
    expect(await control('keys/rotate', {})).toBe(200);
    const keys = await keysNow();
    expect(keys.map(({ keyId }) => keyId)).toContain(old?.keyId);
    expect(keys).toHaveLength(2);
    expect(Date.parse(keys.find(({ keyId }) => keyId === old?.keyId)?.notAfter ?? '') - running.clock.now()).toBe(10 * 60_000);
    expect([await verdictOf(before), await verdictOf(await mint())]).toEqual(['valid', 'valid']);
    expect((await enrolCounter(running.platform)).profile.signingKeys).toEqual(keys);
  });

  test('a revoked key: its own refusal for every code it signed, at once; another key signs from then on', async () => {
    const signed = await mint();
    await control('keys/rotate', {});
    const after = await mint();
    const keys = await keysNow();
    const ended = keys[1]?.keyId ?? '';
    expect(await control('keys/revoke', { platformId: '310000', keyId: ended })).toBe(200);
    expect(await control('keys/revoke', { platformId: '310000', keyId: ended })).toBe(400);
    expect([await verdictOf(signed), await verdictOf(after)]).toEqual(['keyRevoked', 'valid']);
    const { status, message } = await counter.call(sharingPaths.codeVerify, { qrCode: signed, ...purpose });
    expect([status, message]).toEqual(['49', '签发该码的密钥已吊销']);
    expect((await keysNow()).find(({ keyId }) => keyId === ended)?.revokedAt).toBeDefined();
  });

  test('another platform is registered by its six digits and keys; its codes are then told from forgeries, and its ended keys named', async () => {
    const theirs = generateSm2KeyPair(systemRandom);
    const now = running.clock.now();
    const codeOf = (privateKey: Uint8Array) =>
      printServiceCode({
        ...{ identity: { kind: 'uscc', uscc: firstCompany().uscc }, platformId: '330000', expiresAt: Math.floor(now / 1000) * 1000 + 300_000, consentDigest: systemRandom(32) },
        sign: (message) => signSm2({ privateKey, message, id: sm2DefaultId, random: systemRandom }),
      });
    expect(await verdictOf(codeOf(theirs.privateKey))).toBe('unknownCode');
    const key = { keyId: 'zj-1', publicKey: encodeHexUpper(theirs.publicKey), notBefore: new Date(now - 1000).toISOString(), notAfter: new Date(now + 60_000).toISOString() };
    const platform = { platformId: '330000', name: '浙江省企业服务码平台', signingKeys: [key] };
    expect(await control('platforms', platform)).toBe(200);
    expect(await verdictOf(codeOf(generateSm2KeyPair(systemRandom).privateKey))).toBe('badSignature');
    expect(await verdictOf(codeOf(theirs.privateKey))).toBe('unknownCode');
    running.clock.advance(60_000);
    expect(await verdictOf(codeOf(theirs.privateKey))).toBe('keyExpired');
    await control('keys/revoke', { platformId: '330000', keyId: 'zj-1' });
    expect(await control('platforms', platform)).toBe(200);
    expect(await verdictOf(codeOf(theirs.privateKey))).toBe('keyRevoked');
    for (const wrong of [{ platformId: '310000' }, { platformId: '33' }, { signingKeys: [{ ...key, publicKey: '04' }] }, { signingKeys: [{ ...key, notAfter: key.notBefore }] }])
      expect(await control('platforms', { ...platform, ...wrong })).toBe(400);
  });

  test('faults are switched on the operations page while windows work, and by no other page', async () => {
    const page = async () => (await fetch(`${running.platform.url}/ops`)).text();
    expect(await page()).toContain('培训用故障（全部关闭）');
    expect(await control('faults', { name: 'headStatus', isOn: true })).toBe(200);
    expect(await counter.call(sharingPaths.catalogue, {})).toMatchObject({ status: '99' });
    expect(await page()).toMatch(/aria-pressed="true" data-fault="headStatus"/);
    expect(await control('faults', { name: 'headStatus', isOn: false })).toBe(200);
    expect(await counter.call(sharingPaths.catalogue, {})).toMatchObject({ status: '0' });
    expect(await control('faults', { name: 'constructor', isOn: true })).toBe(400);
    expect(await control('faults', { name: 'malformed', isOn: true }, { origin: 'http://evil.example' })).toBe(404);
    expect(running.platform.faults.malformed).toBeUndefined();
  });
});
