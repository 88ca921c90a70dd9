import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { drawQrModules, drawQrSvg, largestMarkShare, markSide, quietZone } from '../../platform/presenting/qr-picture.ts';

const code = `91310000MA1K35T44M911QYM131000020261121023240${'E6E32439'.repeat(8)}${'BEB846E7'.repeat(16)}`;
const hashed = `${'0A1B2C3D'.repeat(8)}911QYM131000020261121023240${'E6E32439'.repeat(8)}${'BEB846E7'.repeat(16)}`;

describe('the picture of a code', () => {
  beforeAll(async () => {
    const wasm = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
    await prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer }, fireImmediately: true });
  });

  test.each([
    ['a USCC code', code, 61],
    ['a code with a hashed identity', hashed, 65],
  ])('%s: error correction Q, mark below a tenth of the area, on the grid', (_name, text, size) => {
    const modules = drawQrModules(text);
    expect(modules.length).toBe(size);
    const side = markSide(size);
    expect((side * side) / (size * size)).toBeLessThan(largestMarkShare);
    expect((side * side) / (size * size)).toBeGreaterThan(0.05);
    expect((size - side) % 2).toBe(0);
  });

  test.each([
    ['nothing', 0],
    ['the mark', 1],
  ])('is read with %s over its centre', async (_name, marked) => {
    for (const text of [code, hashed]) {
      const results = await readBarcodes(paint(text, { mark: marked === 1 ? markSide(drawQrModules(text).length) : 0 }), { formats: ['QRCode'] });
      expect(results.map((result) => result.text)).toEqual([text]);
    }
  });

  test('a mark of a third of the area cannot be read: the check above can fail', async () => {
    const results = await readBarcodes(paint(code, { mark: 35 }), { formats: ['QRCode'] });
    expect(results.filter((result) => result.isValid)).toEqual([]);
  });

  test('the drawing says exactly the modules, and needs neither style nor script', () => {
    const svg = drawQrSvg(code);
    const modules = drawQrModules(code);
    const dark = new Set<string>();
    for (const [, x, y, width] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
      for (let at = 0; at < Number(width); at++) dark.add(`${Number(x) + at - quietZone} ${Number(y) - quietZone}`);
    const expected = modules.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`${x} ${y}`] : [])));
    expect([...dark].toSorted()).toEqual(expected.toSorted());
    expect(svg).not.toMatch(/style=|<script|<style|href/);
  });
});

/** Paints the modules at 4 pixels each with a grey plate of `mark` modules in the middle, the worst of both colours. */
function paint(text: string, { mark }: { mark: number }): ImageData {
  const modules = drawQrModules(text);
  const scale = 4;
  const side = (modules.length + 2 * quietZone) * scale;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  const from = (modules.length - mark) / 2;
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [column, row] = [Math.floor(x / scale) - quietZone, Math.floor(y / scale) - quietZone];
      const isMarked = Math.min(column, row) >= from && Math.max(column, row) < from + mark;
      const value = isMarked ? 90 : modules[row]?.[column] === true ? 0 : 255;
      data.fill(value, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  return { data, width: side, height: side, colorSpace: 'srgb' } as ImageData;
}
