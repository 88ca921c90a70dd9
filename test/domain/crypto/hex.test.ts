import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeHex, encodeHex, encodeHexUpper } from '../../../domain/crypto/hex.ts';

describe('hexadecimal', () => {
  test('agrees with the runtime and comes back', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(encodeHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
      expect(encodeHexUpper(bytes)).toBe(Buffer.from(bytes).toString('hex').toUpperCase());
      expect(decodeHex(encodeHex(bytes))).toEqual(bytes);
      expect(decodeHex(encodeHexUpper(bytes))).toEqual(bytes);
    }));
  });

  test.each(['0', 'abc', '0g', 'g0', ' 00', '00 ', '0 0', '00\n', '0x00', '٠٠', 'ａａ', '+1', '-1'])('refuses %j', (text) => {
    expect(decodeHex(text)).toBeNull();
  });

  test('refuses junk at the end of a very long text', () => {
    expect(decodeHex(`${'00'.repeat(1_000_000)}zz`)).toBeNull();
    expect(decodeHex('ff'.repeat(1_000_000))?.length).toBe(1_000_000);
  });
});
