import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScanContent } from '../../domain/scan-content.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const gbk = Uint8Array.of(0xc6, 0xf3, 0xd2, 0xb5, 0x20, 0x31);

describe('the content of a scan', () => {
  it('says which character set was used and why', () => {
    expect(readScanContent(utf8('企业 1'))).toMatchObject({ text: '企业 1', charset: 'utf-8', charsetWhy: 'valid-utf-8' });
    expect(readScanContent(gbk)).toMatchObject({ text: '企业 1', charset: 'gb18030', charsetWhy: 'valid-gb18030' });
    expect(readScanContent(Uint8Array.of(0xff, 0xff, 0xff))).toMatchObject({ text: '', charset: 'none', charsetWhy: 'fits-nothing' });
  });

  it('keeps to a declared character set, even when another would fit', () => {
    expect(readScanContent(gbk, { charset: 'gb18030' })).toMatchObject({ text: '企业 1', charsetWhy: 'declared' });
    expect(readScanContent(gbk, { charset: 'utf-8' })).toMatchObject({ text: '', charset: 'none', charsetWhy: 'fits-nothing' });
    expect(readScanContent(gbk, { charset: 'latin-1' })).toMatchObject({ text: 'Æóòµ 1'.replace('òµ', 'Òµ'), charset: 'latin-1' });
    expect(readScanContent(utf8('企'), { charset: 'gb18030' }).text).not.toBe('企');
  });

  it('takes the AIM identifier of the scanner off, and only that', () => {
    expect(readScanContent(utf8(']Q1ABC'), { takeOffAim: true })).toMatchObject({ text: 'ABC', symbology: ']Q1' });
    expect(readScanContent(utf8(']Q1ABC'))).toMatchObject({ text: ']Q1ABC' });
    expect(readScanContent(utf8(']Q1ABC')).symbology).toBeUndefined();
    expect(readScanContent(utf8(']Q1ABC'), { takeOffAim: false }).text).toBe(']Q1ABC');
    for (const text of [']Q1', ']1QABC', ']Q', 'AB]Q1']) expect(readScanContent(utf8(text), { takeOffAim: true, symbology: 'QRCode' })).toMatchObject({ text, symbology: 'QRCode' });
  });

  it('names the first character that may not be shown as it is', () => {
    expect(readScanContent(utf8('A\u202eB')).unsafe).toEqual({ index: 1, codePoint: 0x202e, kind: 'bidi' });
    expect(readScanContent(utf8('A\u200b')).unsafe).toMatchObject({ kind: 'invisible' });
    expect(readScanContent(utf8('A\u0007')).unsafe).toMatchObject({ kind: 'control' });
    expect(readScanContent(utf8('企业 A')).unsafe).toBeNull();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('auto', 'utf-8', 'gb18030', 'latin-1'), fc.boolean(), (bytes, charset, takeOffAim) => {
        const content = readScanContent(bytes, { charset, takeOffAim });
        expect(content.bytes.length).toBeLessThanOrEqual(bytes.length);
        expect(content.charset === 'none').toBe(content.charsetWhy === 'fits-nothing');
      }),
      { numRuns: 1000 },
    );
  });
});
