import { describe, expect, test } from 'vitest';
import { centreMark, markLoad } from '../../hanxin/centre-mark.ts';
import { planContent, segmentBits } from '../../hanxin/content.ts';
import { decodeMatrix, drawPixels, encodeHanXin, encodeSegments, printSvg, type Segment } from '../../hanxin/index.ts';
import { symbolLayout } from '../../hanxin/layout.ts';
import { protectData } from '../../hanxin/codewords.ts';
import { createBitWriter } from '../../hanxin/bit-writer.ts';
import { writeSegment } from '../../hanxin/segment-writer.ts';
import { encodeInformation } from '../../hanxin/structural-information.ts';
import { dataCapacity, levels, totalCodewords } from '../../hanxin/symbol.ts';
import { uriSets } from '../../hanxin/uri-mode.table.ts';
import { annexF, figure1, figuresK } from './standard-symbols.ts';

const ascii = (text: string) => new TextEncoder().encode(text);

describe('symbols printed in ISO/IEC 20830', () => {
  test('Figure 1: "Hanxin Code symbol", version 2', () => {
    const symbol = encodeHanXin('Hanxin Code symbol', { version: 2, level: figure1.level, mask: figure1.mask })!;
    expect(lines(symbol)).toEqual(figure1.rows);
  });

  test('Annex K: "1234567890" with every mask', () => {
    figuresK.forEach((rows, mask) => {
      expect(lines(encodeHanXin('1234567890', { version: 1, level: 'L1', mask: mask as 0 | 1 | 2 | 3 })!)).toEqual(rows);
    });
  });

  test('Annex F: the three examples in their printed segments, and back', () => {
    for (const example of annexF) {
      const bytes = Uint8Array.from(example.hex.match(/../g)!, (pair) => Number.parseInt(pair, 16));
      let at = 0;
      const segments = example.segments.map(([mode, length]): Segment => ({ mode, bytes: bytes.slice(at, (at += length)) }));
      expect(at).toBe(bytes.length);
      const symbol = encodeSegments(segments, example)!;
      const read = decodeMatrix(symbol)!;
      expect(read).toMatchObject({ text: example.text, version: example.version, level: example.level, mask: example.mask, corrected: 0, symbologyIdentifier: ']h0' });
      expect(read.segments).toEqual(example.segments.map(([mode, length]) => ({ mode, length })));
      expect(read.bytes).toEqual(bytes);
      const shortest = planContent(example.text, 'gb18030')!;
      expect(segmentBits(shortest)).toBeLessThanOrEqual(segmentBits(segments));
    }
  });

  test('Annex F example 1: the printed codewords', () => {
    const writer = createBitWriter();
    writeSegment(writer, { mode: 'numeric', bytes: ascii('1234567890') });
    expect([...protectData(writer.bytes(), 1, 'L1')].map((byte) => byte.toString(16))).toEqual(
      '11 ed c8 c5 40 f f4 0 0 0 0 0 0 0 0 0 0 0 0 0 0 eb b4 68 1d'.split(' '),
    );
    expect(encodeInformation({ version: 1, level: 'L1', mask: 1 }).slice(0, 28).join('')).toBe('0001010100010101001111001011');
  });
});

describe('tables', () => {
  test('every version: data modules hold the codewords and leave 1, 3, 5 or 7 over; every level has the same total', () => {
    for (let version = 1; version <= 84; version++) {
      const layout = symbolLayout(version);
      expect([1, 3, 5, 7]).toContain(layout.dataModules.length - 8 * totalCodewords(version));
      for (const level of levels) expect(protectData(new Uint8Array(0), version, level).length).toBe(totalCodewords(version));
    }
    expect([dataCapacity(1, 'L1'), dataCapacity(84, 'L1'), dataCapacity(84, 'L4')]).toEqual([21, 3264, 1554]);
  });

  test('URI sets have 62, 62 and 125 entries', () => {
    expect(uriSets.map((set) => set.length)).toEqual([62, 62, 125]);
  });

  test('structural information has the check values of the notes', () => {
    const word = (version: number, level: 'L1' | 'L2' | 'L3' | 'L4', mask: 0 | 1 | 2 | 3) => Number.parseInt(encodeInformation({ version, level, mask }).slice(0, 28).join(''), 2).toString(16);
    expect([word(1, 'L1', 0), word(1, 'L2', 1), word(10, 'L3', 2), word(84, 'L4', 3)]).toEqual(['1508f4c', '15546a4', '1ea67ae', '68f8d87']);
  });
});

describe('choices', () => {
  test('the largest contents of the standard fit, one more does not', () => {
    expect(encodeHanXin('1'.repeat(7827))).toMatchObject({ version: 84, level: 'L1' });
    expect(encodeHanXin('1'.repeat(7828))).toBeNull();
    expect(encodeHanXin('A'.repeat(4350))).toMatchObject({ version: 84, level: 'L1' });
    expect(encodeHanXin('A'.repeat(4351))).toBeNull();
    expect(encodeHanXin(new Uint8Array(3261).fill(0x80))).toMatchObject({ version: 84 });
    expect(encodeHanXin(new Uint8Array(3262).fill(0x80))).toBeNull();
    expect(encodeHanXin('啊'.repeat(2174))).toMatchObject({ version: 84 });
    expect(encodeHanXin('啊'.repeat(2175))).toBeNull();
  });

  test('the smallest version, then the highest level that is free', () => {
    expect(encodeHanXin('12345')).toMatchObject({ version: 1, level: 'L4' });
    expect(encodeHanXin('12345', { level: 'L2' })).toMatchObject({ version: 1, level: 'L2' });
    expect(encodeHanXin('12345', { version: 40 })).toMatchObject({ version: 40, level: 'L4' });
    expect(encodeHanXin('12345678901234567890', { version: 1, level: 'L4' })).toBeNull();
  });

  test('segments are at least as short as any single mode', () => {
    const samples = ['12345678', 'ABC123456789xyz', '汉字abc汉字', '123汉456字', '\u0000\u001c\u001d', '丂丄丅丆', '啊亍啊亍啊亍'];
    for (const text of samples) expect(segmentBits(planContent(text, 'auto')!), text).toBeLessThanOrEqual(segmentBits([{ mode: 'binary', bytes: ascii(text) }]) + 12);
    expect(segmentBits(planContent('12345678', 'auto')!)).toBe(4 + 30 + 10);
    expect(segmentBits(planContent('啊亍啊亍', 'auto')!)).toBe(Math.min(4 + 12 * 4 + 36 + 12, 4 + 15 * 4 + 15));
  });

  test('a mark in the middle stays within the correcting power, and covering it is corrected', () => {
    for (const text of ['http://example.cn/1', '服务码'.repeat(40), 'x'.repeat(700)]) {
      for (const markShare of [0.03, 0.06, 0.09]) {
        const symbol = encodeHanXin(text, { markShare })!;
        const mark = centreMark(symbol.size, markShare);
        expect(markLoad(symbolLayout(symbol.version), symbol.level, mark)).toBeLessThanOrEqual(0.7);
        const covered = symbol.modules.map((module, i) => {
          const [x, y] = [i % symbol.size, Math.floor(i / symbol.size)];
          return x >= mark.start && x < mark.start + mark.side && y >= mark.start && y < mark.start + mark.side ? module ^ 1 : module;
        });
        expect(decodeMatrix({ size: symbol.size, modules: covered })).toMatchObject({ text });
      }
    }
  });

  test('options out of range are argument errors', () => {
    for (const options of [{ version: 0 }, { version: 85 }, { version: 1.5 }, { markShare: 0.1 }, { markShare: Number.NaN }, { mask: 4 as 0 }, { level: 'L5' as 'L1' }]) {
      expect(() => encodeHanXin('1', options)).toThrow(RangeError);
    }
    expect(() => encodeHanXin('\ud800')).toThrow(RangeError);
  });
});

describe('pictures', () => {
  const symbol = encodeHanXin('图', { version: 1 })!;

  test('pixels: quiet zone, module size, and every module', () => {
    const picture = drawPixels(symbol, { moduleSize: 3 });
    expect(picture).toMatchObject({ width: 87, height: 87 });
    for (let y = 0; y < 29; y++) {
      for (let x = 0; x < 29; x++) {
        const inside = x >= 3 && y >= 3 && x < 26 && y < 26;
        const dark = inside && symbol.modules[(y - 3) * 23 + x - 3] === 1;
        for (const [dx, dy] of [[0, 0], [2, 2]] as const) expect(picture.data[(y * 3 + dy) * 87 + x * 3 + dx]).toBe(dark ? 0 : 255);
      }
    }
  });

  test('SVG: as many dark units as dark modules, and a light middle for a mark', () => {
    const dark = (svg: string) => [...svg.matchAll(/h(\d+)v1h-/g)].reduce((sum, [, run]) => sum + Number(run), 0);
    expect(dark(printSvg(symbol))).toBe(symbol.modules.reduce((sum, module) => sum + module, 0));
    expect(dark(printSvg(symbol, { markShare: 0.05 }))).toBeLessThan(dark(printSvg(symbol)));
    expect(printSvg(symbol)).toMatch(/viewBox="0 0 29 29"/);
  });

  test('sizes out of range are argument errors', () => {
    for (const options of [{ moduleSize: 0 }, { moduleSize: 1.5 }, { quietZone: 2 }, { quietZone: Number.NaN }, { markShare: 0.2 }]) {
      expect(() => drawPixels(symbol, options)).toThrow(RangeError);
      expect(() => printSvg(symbol, options)).toThrow(RangeError);
    }
  });
});

function lines(symbol: { size: number; modules: Uint8Array }): string[] {
  return Array.from({ length: symbol.size }, (_, y) => symbol.modules.subarray(y * symbol.size, (y + 1) * symbol.size).join(''));
}
