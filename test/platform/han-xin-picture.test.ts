import { describe, expect, test } from 'vitest';
import { createFrameReader, drawPixels, encodeHanXin } from '../../hanxin/index.ts';
import { drawHanXinSvg, hanXinMarkShare, hanXinMarkSide, hanXinQuietZone } from '../../platform/presenting/han-xin-picture.ts';

const code = `91310000MA1K35T44M911QYM131000020261121023240${'E6E32439'.repeat(8)}${'BEB846E7'.repeat(16)}`;
const hashed = `${'0A1B2C3D'.repeat(8)}911QYM131000020261121023240${'E6E32439'.repeat(8)}${'BEB846E7'.repeat(16)}`;
const reader = createFrameReader();
const scale = 4;

/** The drawing's modules as pixels, with a plate of `side` modules of middle grey where the mark is. */
function paint(svg: string, side: number) {
  const size = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
  const width = size * scale;
  const data = new Uint8Array(width * width).fill(255);
  const fill = (x: number, y: number, w: number, h: number, value: number) => {
    for (let row = y * scale; row < (y + h) * scale; row++) data.fill(value, row * width + x * scale, row * width + (x + w) * scale);
  };
  for (const [, x, y, w] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) fill(Number(x), Number(y), Number(w), 1, 0);
  if (side > 0) fill((size - side) / 2, (size - side) / 2, side, side, 90);
  return { width, height: width, data };
}

describe('the Han Xin picture of a code', () => {
  test.each([['a USCC code', code], ['a code with a hashed identity', hashed]])('%s: read with the mark over its middle', (_name, text) => {
    const symbol = encodeHanXin(text, { markShare: hanXinMarkShare })!;
    const side = hanXinMarkSide(symbol.size);
    expect((side * side) / symbol.size ** 2).toBeLessThan(0.1);
    expect((side * side) / symbol.size ** 2).toBeGreaterThan(0.05);
    for (const covered of [0, side]) {
      const { symbols } = reader.read(paint(drawHanXinSvg(text), covered));
      expect(symbols.map((found) => found.text)).toEqual([text]);
      // Dirt and glare find some correcting power left.
      expect(symbols[0]!.load).toBeLessThan(0.8);
    }
  });

  test('a mark of a third of the area cannot be read: the check above can fail', () => {
    expect(reader.read(paint(drawHanXinSvg(code), 33)).symbols).toEqual([]);
  });

  test('says exactly the modules outside the mark, and needs neither style nor script', () => {
    const symbol = encodeHanXin(code, { markShare: hanXinMarkShare })!;
    const svg = drawHanXinSvg(code);
    const wanted = drawPixels(symbol, { moduleSize: scale, quietZone: hanXinQuietZone, markShare: hanXinMarkShare });
    expect(Buffer.from(paint(svg, 0).data).equals(Buffer.from(wanted.data))).toBe(true);
    expect(svg).not.toMatch(/style=|<script|<style|href| width="\d+" height="\d+" viewBox/);
    const plate = [...svg.matchAll(/<rect x="[\d.]+" y="[\d.]+" width="(\d+)"/g)].map(([, width]) => Number(width));
    expect(Math.max(...plate)).toBe(hanXinMarkSide(symbol.size));
  });
});
