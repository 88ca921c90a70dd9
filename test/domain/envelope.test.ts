import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../domain/crypto/base64.ts';
import { decodeHex, encodeHexUpper } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { decryptSm2, encryptSm2, generateSm2KeyPair, signSm2, sm2DefaultId, verifySm2 } from '../../domain/crypto/sm2.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { type EnvelopeSettings, openEnvelope, sealEnvelope, sealReply, strictEnvelope, verifyEnvelopeSignature, verifyReplySignature } from '../../domain/envelope.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { bytesOf } from './fixtures.ts';

const us = generateSm2KeyPair(systemRandom);
const them = generateSm2KeyPair(systemRandom);
const payload = { certificateID: 'c1', useFor: '核验', n: 1, list: ['甲', '乙'] };
const now = 1_800_000_000_000;

const seal = (more: Partial<Parameters<typeof sealEnvelope>[0]> = {}) =>
  sealEnvelope({ accountId: 'zss', payload, theirPublicKey: them.publicKey, random: systemRandom, ...more });
const open = (envelope: unknown) => openEnvelope({ envelope, privateKey: them.privateKey });
const failureOf = (envelope: unknown, maxLength?: number): string => {
  const result = openEnvelope({ envelope, privateKey: them.privateKey, ...(maxLength === undefined ? {} : { maxLength }) });
  return result.ok ? 'opened' : result.failure.code;
};
const encryptText = (text: string): string =>
  encodeHexUpper(encryptSm2({ publicKey: them.publicKey, plaintext: encodeUtf8(text), layout: 'C1C3C2', random: systemRandom }));

describe('what is sent', () => {
  it('is upper-case hex of 04 ‖ C1 ‖ C3 ‖ C2 of SM2(BASE64(JSON)) and nothing else', () => {
    const envelope = seal();
    expect(envelope.head).toEqual({ accountId: 'zss' });
    expect(Object.keys(envelope)).toEqual(['head', 'encryptData']);
    expect(envelope.encryptData).toMatch(/^04[0-9A-F]+$/);
    const plaintext = decryptSm2({ privateKey: them.privateKey, ciphertext: bytesOf(envelope.encryptData), layout: 'C1C3C2' });
    const json = decodeBase64(decodeUtf8(plaintext ?? new Uint8Array()) ?? '');
    expect(decodeUtf8(json ?? new Uint8Array())).toBe(JSON.stringify(payload));
  });

  it('carries an application token when there is one', () => {
    expect(seal({ appToken: 't' }).head).toEqual({ accountId: 'zss', appToken: 't' });
  });

  it('drops absent members and answers without data with an empty encryptData', () => {
    expect(open(seal({ payload: { a: 1, b: undefined } }))).toMatchObject({ value: { payload: { a: 1 } } });
    const reply = sealReply({ accountId: 'zss', status: '1', message: '无权限', theirPublicKey: them.publicKey, random: systemRandom });
    expect(reply).toEqual({ head: { message: '无权限', status: '1' }, encryptData: '' });
    expect(open(reply)).toEqual({ ok: true, value: { head: reply.head } });
  });
});

describe('what is received', () => {
  const spellings: EnvelopeSettings[] = (['C1C3C2', 'C1C2C3'] as const).flatMap((order) =>
    [true, false].flatMap((prefix04) =>
      [true, false].flatMap((innerBase64) => (['upper', 'lower'] as const).map((letters) => ({ order, prefix04, innerBase64, case: letters }))),
    ),
  );

  it.each(spellings)('opens %o and records it', (settings) => {
    const result = open(seal({ settings }));
    expect(result).toMatchObject({ ok: true, value: { payload, head: { accountId: 'zss' } } });
    expect(result.ok && result.value.accepted).toEqual({ ...settings, hadBlanks: false });
  });

  it('opens a ciphertext without 04 whose first octet happens to be 04', { timeout: 60_000 }, () => {
    for (;;) {
      const envelope = seal({ settings: { ...strictEnvelope, prefix04: false } });
      if (!envelope.encryptData.startsWith('04')) continue;
      expect(open(envelope)).toMatchObject({ ok: true, value: { payload, accepted: { prefix04: false } } });
      return;
    }
  });

  it('opens the ASN.1 form, mixed case, and hex with line breaks', () => {
    const plaintext = encodeUtf8(encodeBase64(encodeUtf8(JSON.stringify(payload))));
    const asn1 = encodeHexUpper(encryptSm2({ publicKey: them.publicKey, plaintext, layout: 'asn1', random: systemRandom }));
    expect(open({ head: {}, encryptData: asn1 })).toMatchObject({ ok: true, value: { payload, accepted: { order: 'asn1' } } });
    const { encryptData } = seal();
    const broken = encryptData.replace(/(.{76})/g, '$1\r\n ').replace('A', 'a');
    expect(open({ head: {}, encryptData: broken })).toMatchObject({ ok: true, value: { payload, accepted: { case: 'mixed', hadBlanks: true } } });
  });

  it('opens a reply the same way', () => {
    const reply = sealReply({ accountId: 'zss', status: '0', message: 'ok', payload, theirPublicKey: them.publicKey, random: systemRandom });
    expect(open(JSON.parse(JSON.stringify(reply)))).toMatchObject({ ok: true, value: { payload, head: { status: '0', message: 'ok' } } });
  });

  it.each([
    ['no object', 'text', 'remote/malformed'],
    ['an array', [], 'remote/malformed'],
    ['no head', { encryptData: '04' }, 'remote/malformed'],
    ['a head that is a text', { head: 'x', encryptData: '04' }, 'remote/malformed'],
    ['encryptData that is a number', { head: {}, encryptData: 4 }, 'remote/malformed'],
    ['encryptData that is no hex', { head: {}, encryptData: '04XX' }, 'remote/malformed'],
    ['an odd number of digits', { head: {}, encryptData: '045' }, 'remote/malformed'],
    ['a few octets', { head: {}, encryptData: '0405' }, 'remote/undecryptable'],
    ['content that is no JSON', { head: {}, encryptData: encryptText('hello') }, 'remote/undecryptable'],
    ['BASE64 of no JSON', { head: {}, encryptData: encryptText(encodeBase64(encodeUtf8('{a:1}'))) }, 'remote/undecryptable'],
    ['JSON 17 levels deep', { head: {}, encryptData: encryptText(`${'['.repeat(17)}${']'.repeat(17)}`) }, 'remote/undecryptable'],
    ['a __proto__ key', { head: {}, encryptData: encryptText('{"a":{"__proto__":{"x":1}}}') }, 'remote/undecryptable'],
    ['a __proto__ key in BASE64', { head: {}, encryptData: encryptText(encodeBase64(encodeUtf8('{"__proto__":1}'))) }, 'remote/undecryptable'],
  ])('refuses %s', (_, envelope, failure) => {
    expect(failureOf(envelope)).toBe(failure);
  });

  it('refuses what is not for our key, what was changed, and what is too long', () => {
    expect(failureOf(seal({ theirPublicKey: us.publicKey }))).toBe('remote/undecryptable');
    const { encryptData } = seal();
    for (const at of [10, 100, 200, encryptData.length - 1]) {
      const flipped = encryptData[at] === '0' ? '1' : '0';
      expect(failureOf({ head: {}, encryptData: encryptData.slice(0, at) + flipped + encryptData.slice(at + 1) })).toBe('remote/undecryptable');
    }
    expect(failureOf({ head: {}, encryptData }, encryptData.length)).toBe('opened');
    expect(failureOf({ head: {}, encryptData }, encryptData.length - 1)).toBe('remote/too-large');
  });

  it('gives back any JSON object, and never throws on any value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string().filter((key) => key !== '__proto__'), fc.jsonValue({ maxDepth: 3 })), (object) => {
        const json = JSON.parse(JSON.stringify(object)) as JsonValue;
        if (JSON.stringify(json).includes('__proto__')) return;
        expect(open(seal({ payload: json }))).toMatchObject({ ok: true, value: { payload: json } });
      }),
      { numRuns: 200 },
    );
    fc.assert(fc.property(fc.anything({ withNullPrototype: true }), (value) => typeof failureOf(value) === 'string'), { numRuns: 2000 });
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), maxLength: 400 }), (hex) => {
      expect(['remote/malformed', 'remote/undecryptable', 'opened']).toContain(failureOf({ head: {}, encryptData: hex }));
    }), { numRuns: 500 });
  });
});

describe('the head signature', () => {
  const sign = { now, sign: (message: Uint8Array) => signSm2({ privateKey: us.privateKey, message, id: sm2DefaultId, random: systemRandom }) };
  const interfacePath = '/cert/search';
  const signed = seal({ sign, interfacePath });
  const check = (more: Partial<Parameters<typeof verifyEnvelopeSignature>[0]> = {}) =>
    verifyEnvelopeSignature({ envelope: signed, interfacePath, accountId: 'zss', publicKey: us.publicKey, signerId: sm2DefaultId, now, ...more });

  it('is made over accountId|timestamp|nonce|SM3(encryptData)|2|interface', () => {
    const { head, encryptData } = signed;
    const text = ['zss', head.timestamp, head.nonce, encodeHexUpper(sm3(encodeUtf8(encryptData))), '2', interfacePath].join('|');
    expect(verifySm2({ key: us.publicKey, message: encodeUtf8(text), signature: decodeHex(head.sign ?? '') ?? new Uint8Array(), id: sm2DefaultId })).toBe(true);
    expect(signed.head).toMatchObject({ timestamp: String(now), signType: 'SM2', signVersion: '2', interface: interfacePath });
    expect(signed.head.nonce).toMatch(/^[0-9a-f]{32}$/);
    expect(signed.head.sign).toMatch(/^[0-9A-F]{128}$/);
    expect(check()).toBe('valid');
    expect(decodeHex(signed.head.sign ?? '')).toHaveLength(64);
  });

  it('of version 1 names no interface and says so; it cannot be made from one of version 2, nor the other way round', () => {
    const first = seal({ sign });
    expect(Object.keys(first.head)).not.toContain('interface');
    expect(check({ envelope: first })).toBe('unbound');
    expect(check({ envelope: { ...first, head: { ...first.head, signVersion: '2', interface: interfacePath } } })).toBe('invalid');
    const { interface: _path, signVersion: _version, ...rest } = signed.head;
    expect(check({ envelope: { ...signed, head: rest } })).toBe('invalid');
    expect(check({ envelope: { ...signed, head: { ...rest, signVersion: '3', interface: interfacePath } as JsonObject } })).toBe('invalid');
    expect(check({ envelope: { ...signed, head: { ...rest, interface: interfacePath } } })).toBe('invalid');
  });

  it('is misdirected at every other interface, whatever the head says', () => {
    expect(check({ interfacePath: '/cert/file/by-id' })).toBe('misdirected');
    expect(check({ envelope: { ...signed, head: { ...signed.head, interface: '/cert/file/by-id' } }, interfacePath: '/cert/file/by-id' })).toBe('invalid');
  });

  it('is stale beyond five minutes either way', () => {
    expect(check({ now: now + 300_000 })).toBe('valid');
    expect(check({ now: now + 300_001 })).toBe('stale');
    expect(check({ now: now - 300_001 })).toBe('stale');
    expect(check({ now: now + 1001, maxAgeMs: 1000 })).toBe('stale');
  });

  it('is absent from a strict message', () => {
    expect(check({ envelope: seal() })).toBe('absent');
  });

  it.each([
    ['another account', { accountId: 'zsx' }],
    ['another key', { publicKey: them.publicKey }],
    ['another signer identity', { signerId: encodeUtf8('x') }],
    ['another time', { envelope: { ...signed, head: { ...signed.head, timestamp: String(now + 1) } } }],
    ['another nonce', { envelope: { ...signed, head: { ...signed.head, nonce: '0'.repeat(32) } } }],
    ['other data', { envelope: { ...signed, encryptData: seal().encryptData } }],
    ['no nonce', { envelope: { ...signed, head: { accountId: 'zss', timestamp: String(now), sign: signed.head.sign ?? '' } } }],
    ['a signature that is no hex', { envelope: { ...signed, head: { ...signed.head, sign: 'zz' } } }],
  ])('is invalid for %s', (_, more) => {
    expect(check(more)).toBe('invalid');
  });

  describe('of a reply', () => {
    const reply = sealReply({ accountId: 'zss', status: '0', message: 'ok', payload, theirPublicKey: them.publicKey, random: systemRandom, sign, requestNonce: 'nonce-of-the-request' });
    const checkReply = (more: Partial<Parameters<typeof verifyReplySignature>[0]> = {}) =>
      verifyReplySignature({ envelope: reply, accountId: 'zss', publicKey: us.publicKey, signerId: sm2DefaultId, requestNonce: 'nonce-of-the-request', ...more });

    it('proves signer, time and request', () => {
      expect(checkReply()).toEqual({ state: 'valid', signedAt: now });
      expect(check({ envelope: reply })).toBe('invalid');
    });

    it('is absent from a strict reply', () => {
      expect(checkReply({ envelope: sealReply({ accountId: 'zss', status: '0', message: 'ok', theirPublicKey: them.publicKey, random: systemRandom }) })).toEqual({ state: 'absent' });
    });

    it.each([
      ['another caller', { accountId: 'other' }],
      ['another request', { requestNonce: 'nonce-of-another' }],
      ['another request named in the head', { requestNonce: 'other', envelope: { ...reply, head: { ...reply.head, requestNonce: 'other' } } }],
      ['another status', { envelope: { ...reply, head: { ...reply.head, status: '1' } } }],
      ['a status that is a number', { envelope: { ...reply, head: { ...reply.head, status: 0 } } }],
      ['other words', { envelope: { ...reply, head: { ...reply.head, message: 'ok|' } } }],
      ['other data', { envelope: { ...reply, encryptData: '' } }],
      ['another key', { publicKey: them.publicKey }],
    ])('is invalid for %s', (_, more) => {
      expect(checkReply(more as Partial<Parameters<typeof verifyReplySignature>[0]>)).toEqual({ state: 'invalid' });
    });
  });
});
