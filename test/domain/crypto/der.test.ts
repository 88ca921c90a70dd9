import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDerReader, derTag, encodeDer, encodeDerUnsigned } from '../../../domain/crypto/der.ts';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { hex } from './shared-vectors.ts';

describe('DER', () => {
  test('writes the shortest length', () => {
    const head = (length: number) => encodeHex(encodeDer(derTag.octetString, new Uint8Array(length)).subarray(0, 6));
    expect(encodeHex(encodeDer(derTag.octetString))).toBe('0400');
    expect(head(127)).toMatch(/^047f00/);
    expect(head(128)).toMatch(/^048180/);
    expect(head(255)).toMatch(/^0481ff/);
    expect(head(256)).toMatch(/^04820100/);
    expect(head(65_536)).toMatch(/^0483010000/);
  });

  test('any content of any length comes back', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 70_000]) {
      const content = new Uint8Array(length).fill(5);
      const reader = createDerReader(encodeDer(derTag.octetString, content));
      expect(reader.read(derTag.octetString)).toEqual(content);
      expect(reader.isAtEnd()).toBe(true);
    }
  });

  test('unsigned integers have one spelling', () => {
    expect(encodeHex(encodeDerUnsigned(hex('0000')))).toBe('020100');
    expect(encodeHex(encodeDerUnsigned(hex('')))).toBe('020100');
    expect(encodeHex(encodeDerUnsigned(hex('007f')))).toBe('02017f');
    expect(encodeHex(encodeDerUnsigned(hex('80')))).toBe('02020080');
    fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(31), (value, zeros) => {
      value.fill(0, 0, zeros);
      expect(createDerReader(encodeDerUnsigned(value)).readUnsigned(32)).toEqual(value);
    }));
  });

  test.each([
    ['an empty integer', '0200'],
    ['a negative integer', '0180'.replace('01', '0201')],
    ['a padded integer', '0202007f'],
    ['a padded zero', '02020000'],
    ['an integer too wide', `0281c9${'01'.repeat(201)}`],
    ['another tag', '04017f'],
    ['an indefinite length', '02807f0000'],
    ['a long length for a short content', '0281017f'],
    ['a padded length', '028200017f'],
    ['a padded length of a long content', `02820080${'01'.repeat(128)}`],
    ['a length beyond the end', '02027f'],
    ['a length of five bytes', '02850000000001'],
    ['a huge length', '0284ffffffff7f'],
    ['a length that is cut', '0282'],
    ['a tag alone', '02'],
    ['nothing', ''],
  ])('refuses %s', (_name, text) => {
    expect(createDerReader(hex(text)).readUnsigned(200)).toBeNull();
  });

  test('a refused element is not passed over', () => {
    const reader = createDerReader(hex('04017f'));
    expect(reader.read(derTag.integer)).toBeNull();
    expect(reader.read(derTag.octetString)).toEqual(hex('7f'));
  });

  test('never throws, whatever comes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const reader = createDerReader(bytes);
      reader.read(derTag.sequence);
      reader.readUnsigned(32);
      expect(typeof reader.isAtEnd()).toBe('boolean');
    }));
  });
});
