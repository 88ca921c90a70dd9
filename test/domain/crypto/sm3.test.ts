import { createHash, createHmac, hkdfSync, pbkdf2Sync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { createHmacSm3, createSm3, hkdfSm3, hmacSm3, pbkdf2Sm3, sm3 } from '../../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../../domain/crypto/utf8.ts';
import { hex, readVectors, type SmFixtures, vectorsAreMissing, type WycheproofGroup } from './shared-vectors.ts';

describe('SM3', () => {
  test.each([
    ['the first example of GB/T 32905', 'abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
    ['the second example of GB/T 32905', 'abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
    ['nothing', '', '1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b'],
    ['a million letters', 'a'.repeat(1_000_000), 'c8aaf89429554029e231941a2acc0ad61ff2a5acd8fadd25847a3a732b3b02c3'],
  ])('digests %s', (_name, text, digest) => {
    expect(encodeHex(sm3(encodeUtf8(text)))).toBe(digest);
  });

  test('agrees with the runtime for every length up to 300', () => {
    for (let length = 0; length <= 300; length++) {
      const data = Uint8Array.from({ length }, (_, i) => i * length + 13);
      expect(encodeHex(sm3(data))).toBe(createHash('sm3').update(data).digest('hex'));
    }
  });

  test('pieces of any size give the digest of the whole', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 12 }), (pieces) => {
      const running = createSm3();
      for (const piece of pieces) running.update(piece);
      expect(running.digest()).toEqual(sm3(new Uint8Array(Buffer.concat(pieces))));
    }));
  });

  test('a clone goes its own way', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 150 }), fc.uint8Array(), fc.uint8Array(), (start, left, right) => {
      const original = createSm3().update(start);
      const copy = original.clone();
      copy.update(right);
      original.update(left);
      expect(original.digest()).toEqual(sm3(new Uint8Array(Buffer.concat([start, left]))));
      expect(copy.digest()).toEqual(sm3(new Uint8Array(Buffer.concat([start, right]))));
    }));
  });

  test('two digests fed in turn do not disturb one another', () => {
    const [one, two] = [createSm3(), createSm3()];
    for (let i = 0; i < 40; i++) {
      one.update(Uint8Array.of(i, i));
      two.update(new Uint8Array(i).fill(i));
    }
    expect(one.digest()).toEqual(sm3(Uint8Array.from({ length: 80 }, (_, i) => i >> 1)));
    expect(two.digest()).toEqual(sm3(new Uint8Array(Buffer.concat(Array.from({ length: 40 }, (_, i) => new Uint8Array(i).fill(i))))));
  });

  test('reads a view into a larger buffer', () => {
    const large = Uint8Array.from({ length: 400 }, (_, i) => i);
    expect(sm3(large.subarray(3, 203))).toEqual(sm3(large.slice(3, 203)));
  });

  test('is over after the digest', () => {
    const done = createSm3();
    done.digest();
    expect(() => done.update(new Uint8Array(1))).toThrow();
  });
});

describe('HMAC, HKDF and PBKDF2 over SM3', () => {
  test('agree with the runtime', () => {
    const bytes = (max: number) => fc.uint8Array({ maxLength: max });
    fc.assert(fc.property(bytes(200), bytes(200), bytes(50), fc.integer({ min: 1, max: 200 }), (key, salt, info, length) => {
      expect(encodeHex(hmacSm3(key, salt))).toBe(createHmac('sm3', key).update(salt).digest('hex'));
      if (key.length <= 64) expect(createHmacSm3(key)(salt)).toEqual(hmacSm3(key, salt));
      expect(encodeHex(hkdfSm3(key, salt, info, length))).toBe(Buffer.from(hkdfSync('sm3', key, salt, info, length)).toString('hex'));
      expect(encodeHex(pbkdf2Sm3(key, salt, 3, length))).toBe(pbkdf2Sync(key, salt, 3, length, 'sm3').toString('hex'));
    }), { numRuns: 200 });
  });
});

describe.skipIf(vectorsAreMissing)('SM3 against the shared vectors (skipped without ../shared/vectors)', () => {
  test('the digests, HMAC and PBKDF2 of other makers', () => {
    const fixtures = readVectors<SmFixtures>('sm-fixtures.json');
    for (const { msg, digest } of fixtures.sm3) expect(encodeHex(sm3(hex(msg)))).toBe(digest);
    for (const { key, msg, mac } of fixtures.hmac) expect(encodeHex(hmacSm3(hex(key), hex(msg)))).toBe(mac);
    for (const { password, salt, c, dkLen, dk } of fixtures.pbkdf2) {
      expect(encodeHex(pbkdf2Sm3(encodeUtf8(password), hex(salt), c, dkLen))).toBe(dk);
    }
    expect([fixtures.sm3.length, fixtures.hmac.length, fixtures.pbkdf2.length]).toEqual([12, 7, 3]);
  });

  test('all 174 Wycheproof cases of HMAC-SM3', () => {
    type Case = { key: string; msg: string; tag: string };
    const { testGroups } = readVectors<{ testGroups: WycheproofGroup<Case>[] }>('wycheproof/hmac_sm3_test.json');
    let cases = 0;
    for (const group of testGroups) {
      for (const { key, msg, tag, result, tcId } of group.tests) {
        const mac = encodeHex(hmacSm3(hex(key), hex(msg)).subarray(0, group.tagSize / 8));
        expect(mac === tag, `case ${tcId}`).toBe(result === 'valid');
        cases++;
      }
    }
    expect(cases).toBe(174);
  });
});
