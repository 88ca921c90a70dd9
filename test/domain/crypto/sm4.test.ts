import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { createSm4, sm4CbcDecrypt, sm4CbcEncrypt } from '../../../domain/crypto/sm4.ts';
import { hex, readVectors, type SmFixtures, vectorsAreMissing } from './shared-vectors.ts';

const standardKey = hex('0123456789abcdeffedcba9876543210');
const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('SM4', () => {
  test('GB/T 32907 A.1: one block, both ways', () => {
    const sm4 = createSm4(standardKey);
    expect(encodeHex(sm4.encryptBlock(standardKey))).toBe('681edf34d206965e86b3e94f536e4246');
    expect(sm4.decryptBlock(hex('681edf34d206965e86b3e94f536e4246'))).toEqual(standardKey);
  });

  test('GB/T 32907 A.2: a million encryptions of the same block', { timeout: 60_000 }, () => {
    const sm4 = createSm4(standardKey);
    let block: Uint8Array = standardKey;
    for (let round = 0; round < 1_000_000; round++) block = sm4.encryptBlock(block);
    expect(encodeHex(block)).toBe('595298c7c6fd271f0402f804c33d3f66');
  });

  test('agrees with the runtime block by block', () => {
    fc.assert(fc.property(sixteen, sixteen, (key, block) => {
      const cipher = createCipheriv('sm4-ecb', key, null).setAutoPadding(false);
      const expected = new Uint8Array(cipher.update(block));
      const sm4 = createSm4(key);
      expect(sm4.encryptBlock(block)).toEqual(expected);
      expect(sm4.decryptBlock(expected)).toEqual(block);
    }), { numRuns: 500 });
  });

  test.each([0, 5, 15, 17, 24, 32])('takes no key or block of %i bytes', (length) => {
    expect(() => createSm4(new Uint8Array(length))).toThrow(RangeError);
    expect(() => createSm4(standardKey).encryptBlock(new Uint8Array(length))).toThrow(RangeError);
    expect(() => createSm4(standardKey).decryptBlock(new Uint8Array(length))).toThrow(RangeError);
  });
});

describe('SM4-CBC', () => {
  test('agrees with the runtime and comes back', () => {
    fc.assert(fc.property(sixteen, sixteen, fc.uint8Array({ maxLength: 80 }), (key, iv, text) => {
      const cipher = createCipheriv('sm4-cbc', key, iv);
      const expected = new Uint8Array(Buffer.concat([cipher.update(text), cipher.final()]));
      expect(sm4CbcEncrypt(key, iv, text)).toEqual(expected);
      expect(sm4CbcDecrypt(key, iv, expected)).toEqual(text);
    }), { numRuns: 300 });
  });

  test('refuses padding of 0, 17, 32 and unequal bytes, and broken lengths', () => {
    for (const block of ['00'.repeat(16), `${'11'.repeat(15)}11`, '20'.repeat(16), '11'.repeat(32), '20'.repeat(48), `${'00'.repeat(13)}020303`, `${'00'.repeat(15)}02`]) {
      const cipher = createCipheriv('sm4-cbc', standardKey, standardKey).setAutoPadding(false);
      expect(sm4CbcDecrypt(standardKey, standardKey, new Uint8Array(cipher.update(hex(block)))), block).toBeNull();
    }
    for (const length of [0, 1, 15, 17, 31]) expect(sm4CbcDecrypt(standardKey, standardKey, new Uint8Array(length))).toBeNull();
    expect(() => sm4CbcEncrypt(standardKey, new Uint8Array(12), new Uint8Array())).toThrow(RangeError);
    expect(() => sm4CbcDecrypt(standardKey, new Uint8Array(), new Uint8Array(16))).toThrow(RangeError);
  });
});

describe.skipIf(vectorsAreMissing)('SM4 against the shared vectors (skipped without ../shared/vectors)', () => {
  test('CBC and, built from single blocks, CTR of another maker', () => {
    const fixtures = readVectors<SmFixtures>('sm-fixtures.json');
    for (const { key, iv, msg, ct } of fixtures.sm4cbc) {
      expect(encodeHex(sm4CbcEncrypt(hex(key), hex(iv), hex(msg)))).toBe(ct);
      expect(sm4CbcDecrypt(hex(key), hex(iv), hex(ct))).toEqual(hex(msg));
    }
    for (const { key, iv, msg, ct } of fixtures.sm4ctr) expect(encodeHex(counterMode(hex(key), hex(iv), hex(msg)))).toBe(ct);
    expect([fixtures.sm4cbc.length, fixtures.sm4ctr.length]).toEqual([40, 20]);
  });
});

function counterMode(key: Uint8Array, iv: Uint8Array, text: Uint8Array): Uint8Array {
  const sm4 = createSm4(key);
  let counter = BigInt(`0x${encodeHex(iv)}`);
  const out = text.slice();
  for (let at = 0; at < text.length; at += 16, counter++) {
    const stream = sm4.encryptBlock(hex((counter % 2n ** 128n).toString(16).padStart(32, '0')));
    for (let i = at; i < Math.min(at + 16, text.length); i++) out[i] = (text[i] ?? 0) ^ (stream[i - at] ?? 0);
  }
  return out;
}
