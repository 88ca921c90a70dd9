import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createGcm } from '../../../domain/crypto/gcm.ts';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { createSm4Gcm } from '../../../domain/crypto/sm4-gcm.ts';
import { hex, readVectors, type SmFixtures, vectorsAreMissing, type WycheproofGroup } from './shared-vectors.ts';

const key = hex('0123456789abcdeffedcba9876543210');
const nonce = hex('00001234567800000000abcd');
const aad = hex('feedfacedeadbeeffeedfacedeadbeefabaddad2');
const text = hex('aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa');

describe('SM4-GCM', () => {
  test('RFC 8998 appendix A.1', () => {
    const sealed = createSm4Gcm(key).seal(nonce, text, aad);
    expect(encodeHex(sealed)).toBe(
      '17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d' +
      '83de3541e4c2b58177e065a9bf7b62ec',
    );
    expect(createSm4Gcm(key).open(nonce, sealed, aad)).toEqual(text);
  });

  test('what is sealed opens, for any lengths', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(fc.property(bytes(16), bytes(12), fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 100 }), (k, n, plain, extra) => {
      const gcm = createSm4Gcm(k);
      const sealed = gcm.seal(n, plain, extra);
      expect(sealed.length).toBe(plain.length + 16);
      expect(gcm.open(n, sealed, extra)).toEqual(plain);
    }));
  });

  test('any one flipped bit of nonce, text, tag or associated data, and any cut or growth, opens nothing', () => {
    const gcm = createSm4Gcm(key);
    const sealed = gcm.seal(nonce, text, aad);
    for (const flipped of everyBitFlip(sealed)) expect(gcm.open(nonce, flipped, aad)).toBeNull();
    for (const flipped of everyBitFlip(nonce)) expect(gcm.open(flipped, sealed, aad)).toBeNull();
    for (const flipped of everyBitFlip(aad)) expect(gcm.open(nonce, sealed, flipped)).toBeNull();
    for (let length = 0; length < sealed.length; length++) expect(gcm.open(nonce, sealed.subarray(0, length), aad)).toBeNull();
    expect(gcm.open(nonce, new Uint8Array([...sealed, 0]), aad)).toBeNull();
    expect(gcm.open(nonce, sealed, new Uint8Array([...aad, 0]))).toBeNull();
    expect(gcm.open(nonce, sealed, new Uint8Array())).toBeNull();
  });

  test('opening leaves its input as it was', () => {
    const gcm = createSm4Gcm(key);
    const sealed = gcm.seal(nonce, text, aad);
    const before = sealed.slice();
    gcm.open(nonce, sealed, aad);
    expect(sealed).toEqual(before);
  });

  test.each([0, 8, 11, 13, 16])('takes no nonce of %i bytes', (length) => {
    const gcm = createSm4Gcm(key);
    expect(() => gcm.seal(new Uint8Array(length), text, aad)).toThrow(RangeError);
    expect(gcm.open(new Uint8Array(length), gcm.seal(nonce, text, aad), aad)).toBeNull();
  });

  test.each([0, 5, 15, 24, 32])('takes no key of %i bytes', (length) => {
    expect(() => createSm4Gcm(new Uint8Array(length))).toThrow(RangeError);
  });
});

describe('the GCM mode itself', () => {
  test('over AES agrees with the AES-128-GCM of the runtime, 400 lengths', () => {
    for (let length = 0; length < 400; length++) {
      const k = Uint8Array.from({ length: 16 }, (_, i) => i * 11 + length);
      const n = Uint8Array.from({ length: 12 }, (_, i) => i * 17 + length);
      const plain = Uint8Array.from({ length }, (_, i) => i * 3 + length);
      const extra = plain.subarray(0, (length * 7) % 61);
      const cipher = createCipheriv('aes-128-gcm', k, n).setAAD(extra);
      const expected = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
      expect(encodeHex(createGcm(encryptWithAes(k)).seal(n, plain, extra))).toBe(expected.toString('hex'));
    }
  });
});

describe.skipIf(vectorsAreMissing)('SM4-GCM against the shared vectors (skipped without ../shared/vectors)', () => {
  test('80 cases made by a runtime that has SM4-GCM', () => {
    const { sm4gcm } = readVectors<SmFixtures>('sm-fixtures.json');
    for (const c of sm4gcm) {
      const gcm = createSm4Gcm(hex(c.key));
      expect(encodeHex(gcm.seal(hex(c.iv), hex(c.msg), hex(c.aad)))).toBe(c.ct + c.tag);
      expect(gcm.open(hex(c.iv), hex(c.ct + c.tag), hex(c.aad))).toEqual(hex(c.msg));
    }
    expect(sm4gcm.length).toBe(80);
  });

  test('Wycheproof: all 65 cases with a 96-bit nonce are judged rightly, the 39 others are not taken at all', () => {
    type Case = { key: string; iv: string; aad: string; msg: string; ct: string; tag: string };
    const { testGroups } = readVectors<{ testGroups: WycheproofGroup<Case>[] }>('wycheproof/sm4_gcm_test.json');
    const count = { judged: 0, refused: 0, valid: 0 };
    for (const group of testGroups) {
      for (const c of group.tests) {
        const gcm = createSm4Gcm(hex(c.key));
        const opened = gcm.open(hex(c.iv), hex(c.ct + c.tag), hex(c.aad));
        if (group.ivSize !== 96) {
          expect(opened, `case ${c.tcId}`).toBeNull();
          expect(() => gcm.seal(hex(c.iv), hex(c.msg), hex(c.aad)), `case ${c.tcId}`).toThrow(RangeError);
          count.refused++;
          continue;
        }
        const valid = c.result === 'valid';
        expect(opened, `case ${c.tcId}`).toEqual(valid ? hex(c.msg) : null);
        expect(encodeHex(gcm.seal(hex(c.iv), hex(c.msg), hex(c.aad))) === c.ct + c.tag, `case ${c.tcId}`).toBe(valid);
        count.judged++;
        if (valid) count.valid++;
      }
    }
    expect([count.judged, count.refused]).toEqual([65, 39]);
    expect(count.valid).toBeGreaterThan(20);
  });
});

function* everyBitFlip(bytes: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield flipped;
  }
}

function encryptWithAes(k: Uint8Array): (words: Int32Array) => void {
  const cipher = createCipheriv('aes-128-ecb', k, null).setAutoPadding(false);
  return (words) => {
    const block = Buffer.alloc(16);
    words.forEach((word, i) => block.writeInt32BE(word, 4 * i));
    const out = cipher.update(block);
    for (let i = 0; i < 4; i++) words[i] = out.readInt32BE(4 * i);
  };
}
