import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../../domain/crypto/base64.ts';

describe('base64', () => {
  test('agrees with the runtime and comes back', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
    }));
  });

  test('carries the lengths of pictures and documents', () => {
    for (const length of [6143, 6144, 6145, 300_000, 300_001]) {
      const bytes = Uint8Array.from({ length }, (_, i) => i * 7);
      expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
    }
  });

  test('what it accepts has no second spelling', () => {
    const digit = fc.constantFrom(...'ABQgwz019+/=');
    fc.assert(fc.property(fc.array(digit, { maxLength: 12 }), (digits) => {
      const bytes = decodeBase64(digits.join(''));
      if (bytes !== null) expect(encodeBase64(bytes)).toBe(digits.join(''));
    }), { numRuns: 3000 });
  });

  test.each([
    'A', 'AA', 'AAA', 'AAAA=', '=', '====', 'A===', '=AAA', 'AA=A', 'AAAA====', 'AA==AAAA',
    'AB==', 'AAB=', 'AA A', 'AAA\n', 'AA-_', 'AAＡA', ' AAAA', 'AAAA ',
  ])('refuses %j', (text) => {
    expect(decodeBase64(text)).toBeNull();
  });

  test('the empty text is the empty byte string', () => {
    expect(decodeBase64('')).toEqual(new Uint8Array());
    expect(encodeBase64(new Uint8Array())).toBe('');
  });
});
