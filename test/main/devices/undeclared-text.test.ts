import { describe, expect, test } from 'vitest';
import { readUndeclaredText } from '../../../main/devices/undeclared-text.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

describe('text of bytes without a declared character set', () => {
  test.each([
    ['ASCII', '51 59 4d 31', 'QYM1'],
    ['UTF-8', 'e4 bc 81 e4 b8 9a', '企业'],
    ['GB 2312', 'c6 f3 d2 b5 b7 fe ce f1 c2 eb', '企业服务码'],
    ['GBK, a rare character in a name', 'b3 c2 95 69', '陈昳'],
    ['GB 18030, four bytes', '99 33 a9 32 b1 b1 be a9', '𬭎北京'],
    ['Shift_JIS, kanji and kana', '8a 4f 91 a4 51 52 83 52 81 5b 83 68', '外側QRコード'],
    ['Shift_JIS, half-width kana with voice marks', 'c3 de bb de b2 dd 51 52', 'ﾃﾞｻﾞｲﾝQR'],
    ['GB 2312 of the same bytes without voice marks', 'c3 c5 bb b7 b2 dd', '门环草'],
  ])('%s', (_what, bytes, text) => {
    expect(readUndeclaredText(hex(bytes))).toBe(text);
  });

  test('every byte string is some text', () => {
    for (let first = 0; first < 256; first++) expect(readUndeclaredText(Uint8Array.of(first, 0xff, 0x80, first)).length).toBeGreaterThan(0);
  });
});
