import { describe, expect, test } from 'vitest';
import { createFrameReader, createVideoSession, decodeMatrix, drawPixels, encodeHanXin, symbolSize, type GreyImage } from '../../hanxin/index.ts';
import { readPayload } from '../../hanxin/payload.ts';

/** A small repeatable source of numbers below a bound. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('argument errors are the only exceptions', () => {
  const data = new Uint8Array(100);
  test.each([
    [0, 10], [10, 0], [-1, 10], [1.5, 10], [Number.NaN, 10], [10, Infinity], [1e9, 1], [8193, 1], [11, 10], ['10' as unknown as number, 10],
  ])('a picture of %s × %s in 100 bytes', (width, height) => {
    expect(() => createFrameReader().read({ width, height, data })).toThrow(RangeError);
    expect(() => createVideoSession().read({ width, height, data })).toThrow(RangeError);
  });

  test('data that are no bytes', () => {
    for (const wrong of [null, undefined, 'pixels', new Float32Array(100), Array.from({ length: 100 }, () => 0)]) {
      expect(() => createFrameReader().read({ width: 10, height: 10, data: wrong as unknown as Uint8Array })).toThrow(RangeError);
    }
  });
});

describe('hostile inputs', () => {
  test('100,000 random bit streams: no exception, at most 64 KiB each', () => {
    const random = generator(1);
    for (let run = 0; run < 100_000; run++) {
      const bytes = new Uint8Array(1 + random(48)).map(() => random(256));
      // Half of them begin with an indicator that exists.
      if (run % 2 === 0) bytes[0] = ((1 + random(9)) << 4) | random(16);
      expect((readPayload(bytes)?.bytes.length ?? 0) <= 65_536).toBe(true);
    }
  });

  test('30,000 random and spoilt matrices: no exception, nothing wrong read', () => {
    const random = generator(2);
    const text = '防伪 0123456789 anti-forgery';
    const symbols = [4, 5, 6, 8].flatMap((version) => (['L1', 'L3'] as const).map((level) => encodeHanXin(text, { version, level }))).filter((symbol) => symbol !== null);
    let read = 0;
    for (let run = 0; run < 30_000; run++) {
      const symbol = symbols[random(symbols.length)]!;
      const modules = symbol.modules.slice();
      const flips = random(run % 3 === 0 ? modules.length : 60);
      for (let i = 0; i < flips; i++) modules[random(modules.length)]! ^= 1;
      const found = decodeMatrix({ size: symbol.size, modules });
      if (found === null) continue;
      read++;
      if (found.text !== text) expect.fail(`wrong text: ${found.text}`);
    }
    expect(read).toBeGreaterThan(1000);
    for (let run = 0; run < 3000; run++) {
      const size = symbolSize(1 + random(84));
      expect(decodeMatrix({ size, modules: new Uint8Array(size * size).map(() => random(2)) })).toBeNull();
    }
  }, 120_000);

  test('pictures of odd shapes: one pixel, one line, one column, all black, all white, noise', () => {
    const random = generator(3);
    const reader = createFrameReader();
    const shapes = [[1, 1], [1, 500], [500, 1], [2, 2], [7, 9], [8, 8], [9, 8], [8192, 1], [1, 8192], [33, 31], [640, 3]] as const;
    for (const [width, height] of shapes) {
      for (const fill of [() => 0, () => 255, () => 128, () => random(256), () => 255 * random(2)]) {
        expect(reader.read({ width, height, data: new Uint8Array(width * height).map(fill) }).symbols).toEqual([]);
      }
    }
  });

  test('1,000 mutated pictures of a symbol: no exception, the right text or none', () => {
    const random = generator(4);
    const symbol = encodeHanXin('只此一文', { version: 4, level: 'L3' })!;
    const clean = drawPixels(symbol, { moduleSize: 3 });
    const reader = createFrameReader();
    let read = 0;
    for (let run = 0; run < 1000; run++) {
      const { symbols } = reader.read(mutate(clean, random));
      for (const found of symbols) expect(found.text).toBe('只此一文');
      read += symbols.length;
    }
    expect(read).toBeGreaterThan(300);
  }, 120_000);

  test('finder-like patterns everywhere take bounded time', () => {
    const symbol = encodeHanXin('x', { version: 1, level: 'L4' })!;
    const tile = drawPixels(symbol, { moduleSize: 2, quietZone: 3 });
    const width = 1276;
    const height = 696;
    const data = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[y * width + x] = tile.data[(y % tile.width) * tile.width + (x % tile.width)]!;
    const start = performance.now();
    const { symbols } = createFrameReader().read({ width, height, data });
    expect(performance.now() - start).toBeLessThan(3000);
    for (const found of symbols) expect(found.text).toBe('x');
  });

  test('a budget ends the search', () => {
    let time = 0;
    const reader = createFrameReader({ now: () => (time += 10), budget: 5 });
    const symbol = encodeHanXin('late')!;
    expect(reader.read(drawPixels(symbol)).symbols).toEqual([]);
    expect(reader.read(drawPixels(symbol)).finders.length).toBe(4);
  });
});

/** Cuts, bands, noise, shifts and truncations of a picture. */
function mutate(clean: GreyImage, random: (below: number) => number): GreyImage {
  const { width, height } = clean;
  const data = clean.data.slice();
  for (let step = random(4); step >= 0; step--) {
    const kind = random(5);
    if (kind === 0) for (let i = random(3000); i > 0; i--) data[random(data.length)] = random(256);
    if (kind === 1) data.fill(random(256), random(data.length), random(data.length));
    if (kind === 2) data.copyWithin(random(data.length), random(data.length));
    if (kind === 3) for (let i = 0; i < data.length; i++) data[i] = 255 - data[i]!;
    if (kind === 4) for (let y = random(height); y < height; y++) data.copyWithin(y * width, y * width + random(3), (y + 1) * width);
  }
  return { width, height, data };
}
