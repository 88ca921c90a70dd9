import { describe, expect, test } from 'vitest';
import { createFrameReader, createVideoSession, drawPixels, encodeHanXin, type GreyImage } from '../../hanxin/index.ts';
import { createHostileKinds } from './hostile-inputs.ts';

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
  // `npm run soak -- hanxin` feeds a million.
  test.each(createHostileKinds(1))('$name', ({ share, outcomes, feed }) => {
    const counts = { read: 0, nothing: 0, refused: 0 };
    for (let input = 0; input < 20 * share; input++) counts[feed()] += 1;
    expect(Object.keys(counts).filter((outcome) => counts[outcome as keyof typeof counts] > 0)).toEqual(outcomes);
  });

  test('finder-like patterns everywhere are tried a bounded number of times', () => {
    // The clock is looked at once for every set of finders that is tried.
    let tried = 0;
    const { symbols } = createFrameReader({ now: () => tried++, budget: Infinity }).read(drawTiles());
    expect(tried).toBeGreaterThan(10);
    expect(tried).toBeLessThan(450);
    for (const found of symbols) expect(found.text).toBe('x');
  });

  test('a budget ends the search, but not before the best finders were tried', () => {
    let looks = 0;
    const hurried = createFrameReader({ now: () => 10 * looks++, budget: 5 });
    expect(hurried.read(drawPixels(encodeHanXin('late')!)).symbols.map(({ text }) => text)).toEqual(['late']);
    looks = 0;
    hurried.read(drawTiles());
    expect(looks).toBeGreaterThan(6);
    expect(looks).toBeLessThan(12);
  });
});

/** A frame full of small symbols. */
function drawTiles(): GreyImage {
  const tile = drawPixels(encodeHanXin('x', { version: 1, level: 'L4' })!, { moduleSize: 2, quietZone: 3 });
  const [width, height] = [1276, 696];
  const data = new Uint8Array(width * height).map((_, i) => tile.data[(Math.floor(i / width) % tile.width) * tile.width + ((i % width) % tile.width)]!);
  return { width, height, data };
}
