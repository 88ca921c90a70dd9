import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../../domain/crypto/utf8.ts';

describe('UTF-8', () => {
  test('well-formed text comes back, byte order mark included', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(decodeUtf8(encodeUtf8(text))).toBe(text);
    }));
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe('\ufeffA');
    expect(encodeUtf8('统一😀')).toEqual(new Uint8Array(Buffer.from('统一😀')));
  });

  test.each([
    ['a lone continuation byte', [0x80]],
    ['a truncated sequence', [0xe4, 0xbb]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['a code point beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['GBK bytes', [0xc6, 0xf3, 0xd2, 0xb5]],
  ])('refuses %s', (_name, bytes) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toBeNull();
  });
});
