import { describe, expect, test } from 'vitest';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { openRecord, readRecordKeyId, sealRecord } from '../../../domain/crypto/sealed-record.ts';
import { createSm4Gcm } from '../../../domain/crypto/sm4-gcm.ts';
import { encodeUtf8 } from '../../../domain/crypto/utf8.ts';
import { hex } from './shared-vectors.ts';

const key = hex('0123456789abcdeffedcba9876543210');
const nonce = hex('00001234567800000000abcd');
const aad = encodeUtf8('audit|17|1');
const plaintext = encodeUtf8('{"type":"scan"}');
const sealed = sealRecord({ key, keyId: 0xfffffffe, nonce, plaintext, aad });

describe('a sealed record', () => {
  test('has the agreed layout', () => {
    expect(encodeHex(sealed.subarray(0, 17))).toBe('01fffffffe00001234567800000000abcd');
    expect(sealed.length).toBe(1 + 4 + 12 + plaintext.length + 16);
    expect(readRecordKeyId(sealed)).toBe(0xfffffffe);
  });

  test('opens under its key and associated data, prepared key or not', () => {
    expect(openRecord({ key, sealed, aad })).toEqual(plaintext);
    expect(openRecord({ key: createSm4Gcm(key), sealed, aad })).toEqual(plaintext);
    expect(sealRecord({ key: createSm4Gcm(key), keyId: 0xfffffffe, nonce, plaintext, aad })).toEqual(sealed);
  });

  test('opens when it lies inside a larger buffer', () => {
    const larger = new Uint8Array(sealed.length + 9);
    larger.set(sealed, 5);
    const record = larger.subarray(5, 5 + sealed.length);
    expect(openRecord({ key, sealed: record, aad })).toEqual(plaintext);
    expect(readRecordKeyId(record)).toBe(0xfffffffe);
  });

  test('every flipped bit is refused, header and key id included', () => {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = sealed.slice();
      flipped[bit >> 3] = (sealed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openRecord({ key, sealed: flipped, aad }), `bit ${bit}`).toBeNull();
    }
  });

  test('another record, another key, a cut or the empty input is refused', () => {
    expect(openRecord({ key, sealed, aad: encodeUtf8('audit|18|1') })).toBeNull();
    expect(openRecord({ key: hex('00'.repeat(16)), sealed, aad })).toBeNull();
    for (let length = 0; length < sealed.length; length++) expect(openRecord({ key, sealed: sealed.subarray(0, length), aad })).toBeNull();
    expect(readRecordKeyId(new Uint8Array())).toBeNull();
    expect(readRecordKeyId(Uint8Array.from(sealed, (byte, i) => (i === 0 ? 2 : byte)))).toBeNull();
    expect(readRecordKeyId(sealed.subarray(0, 32))).toBeNull();
  });
});
