import { describe, expect, test } from 'vitest';
import { drawPixels, encodeHanXin } from '../../hanxin/index.ts';
import { createHanXinDecoder } from '../../renderer/camera/han-xin-decoder.ts';

const text = (code: { readonly bytes: Uint8Array }) => new TextDecoder().decode(code.bytes);
const blank = { width: 320, height: 240, values: new Uint8Array(320 * 240).fill(180) };

function draw(content: string, encoding: 'auto' | 'utf-8' = 'auto') {
  const { width, height, data } = drawPixels(encodeHanXin(content, { encoding })!, { moduleSize: 4 });
  return { width, height, values: data };
}

describe('the Han Xin decoder of the camera', () => {
  test('reads frames, whatever the frames before them were', () => {
    const decoder = createHanXinDecoder(() => 0);
    for (let before = 0; before < 5; before++) {
      for (let i = 0; i < before; i++) expect(decoder.readFrame(blank)).toEqual([]);
      const seen = Array.from({ length: 4 }, () => decoder.readFrame(draw('91310000MA1K35T4X6'))).flat();
      expect(seen.length).toBeGreaterThanOrEqual(3);
      expect(new Set(seen.map(text))).toEqual(new Set(['91310000MA1K35T4X6']));
      expect(seen[0]?.symbology).toBe(']h0');
    }
  });

  test('hands on what a declared character set spells, as UTF-8', () => {
    const [code] = createHanXinDecoder(() => 0).readPicture(draw('企业服务码', 'utf-8'), 4);
    expect([code?.symbology, text(code!)]).toEqual([']h1', '企业服务码']);
  });

  test('gives up a picture without a code after the looks it was given', () => {
    const clock = { reads: 0 };
    const decoder = createHanXinDecoder(() => clock.reads++);
    expect(decoder.readPicture(blank, 4)).toEqual([]);
    const four = clock.reads;
    expect(decoder.readPicture(blank, 1)).toEqual([]);
    expect(clock.reads - four).toBeLessThan(four);
  });
});
