import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { SignedKeyListSchema } from '../../domain/contracts/enterprise.ts';
import { encodeHexUpper } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair, pinSm2PublicKey, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { readKeyList, signKeyList } from '../../domain/key-list.ts';

const platform = generateSm2KeyPair(systemRandom);
const stranger = generateSm2KeyPair(systemRandom);
const signer = pinSm2PublicKey(platform.publicKey)!;
const key = { keyId: 'k1', publicKey: encodeHexUpper(generateSm2KeyPair(systemRandom).publicKey), notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z' };
const list = { platformId: '310000', sequence: 4, signingKeys: [key, { ...key, keyId: 'k0', revokedAt: '2026-05-01T00:00:00Z' }] };
const sign = (privateKey: Uint8Array) => (message: Uint8Array) => signSm2({ privateKey, message, id: sm2DefaultId, random: systemRandom });
const signed = (changes: Partial<typeof list> = {}) => signKeyList({ ...list, ...changes }, sign(platform.privateKey));
const read = (received: ReturnType<typeof signed>, heldSequence = 4) => readKeyList(received, { platformId: '310000', signer, heldSequence });

describe('a list of signing keys', () => {
  test('is taken whole, with what was revoked, as the same or a newer one', () => {
    expect(read(signed())).toEqual({ ok: true, value: list });
    expect(read(signed({ sequence: 5 }))).toMatchObject({ ok: true, value: { sequence: 5 } });
  });

  test('names the keys of as many other platforms as there are provinces, past ones too', () => {
    const theirs = Array.from({ length: 34 }, (_, at) => ({
      platformId: String(100_000 + at),
      name: '企业服务码平台',
      signingKeys: Array.from({ length: 12 }, (_each, year) => ({ ...key, keyId: `${at}-${year}-0123456789abcdef` })),
    }));
    const whole = signKeyList({ ...list, others: theirs }, sign(platform.privateKey));
    expect(v.is(SignedKeyListSchema, whole)).toBe(true);
    expect(read(whole)).toEqual({ ok: true, value: { ...list, others: theirs } });
  });

  test('that is played back after a newer one was held is refused', () => {
    expect(read(signed(), 5)).toEqual({ ok: false, failure: { code: 'remote/forged', detail: 'old key list' } });
  });

  test('that another key signed, that was changed, or that is of another platform is refused', () => {
    const { list: text, signature } = signed();
    const forged = [signKeyList(list, sign(stranger.privateKey)), { list: text.replace('"sequence":4', '"sequence":9'), signature }, { list: text, signature: 'no' }, signed({ platformId: '330000' })];
    for (const each of forged) expect(read(each)).toMatchObject({ ok: false, failure: { code: 'remote/forged' } });
    // The same octets signed for something else, without the heading, are no list.
    const bare = encodeHexUpper(sign(platform.privateKey)(new TextEncoder().encode(text)));
    expect(read({ list: text, signature: bare })).toMatchObject({ ok: false, failure: { code: 'remote/forged' } });
  });

  test('with a key that is none, an upside-down period or no key at all is malformed', () => {
    for (const signingKeys of [[], [{ ...key, publicKey: `04${'0'.repeat(128)}` }], [{ ...key, notAfter: key.notBefore }], [{ ...key, revokedAt: 'yesterday' }]])
      expect(read(signed({ signingKeys }))).toMatchObject({ ok: false, failure: { code: 'remote/malformed' } });
  });
});
