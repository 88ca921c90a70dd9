import { describe, expect, test } from 'vitest';
import { createFrameReader, createVideoSession, drawPixels, encodeHanXin, type GreyImage, type GreyPicture, type HanXinSymbol } from '../../hanxin/index.ts';
import { measureLiveBytes } from '../live-memory.ts';

/** A light frame with symbols at given places, softened by a box of `blur` pixels. */
function frame(width: number, height: number, placed: readonly { symbol: HanXinSymbol; moduleSize: number; x: number; y: number }[], blur = 0): GreyImage {
  const data = new Uint8Array(width * height).fill(210);
  for (const { symbol, moduleSize, x, y } of placed) {
    const picture = drawPixels(symbol, { moduleSize });
    for (let row = 0; row < picture.height; row++) data.set(picture.data.subarray(row * picture.width, (row + 1) * picture.width), (y + row) * width + x);
  }
  return blur === 0 ? { width, height, data } : { width, height, data: soften(data, width, height, blur) };
}

function soften(data: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  return data.map((_, i) => {
    const [cx, cy] = [i % width, Math.floor(i / width)];
    let sum = 0;
    let count = 0;
    for (let y = Math.max(0, cy - radius); y <= Math.min(height - 1, cy + radius); y++) {
      for (let x = Math.max(0, cx - radius); x <= Math.min(width - 1, cx + radius); x++, count++) sum += data[y * width + x]!;
    }
    return sum / count;
  });
}

const first = encodeHanXin('第一个符号', { version: 5 })!;
const second = encodeHanXin('second symbol 2', { version: 8 })!;

describe('frames', () => {
  test('several symbols in one frame, each with its corners', () => {
    const { symbols } = createFrameReader().read(frame(700, 500, [{ symbol: first, moduleSize: 4, x: 30, y: 40 }, { symbol: second, moduleSize: 5, x: 350, y: 200 }]));
    expect(symbols.map((symbol) => symbol.text).toSorted()).toEqual(['second symbol 2', '第一个符号']);
    const found = symbols.find((symbol) => symbol.version === 5)!;
    const expected = [[42, 52], [166, 52], [166, 176], [42, 176]];
    found.corners.forEach((corner, i) => {
      expect(Math.hypot(corner.x - expected[i]![0]!, corner.y - expected[i]![1]!)).toBeLessThan(1.5);
    });
    expect(found).toMatchObject({ mirrored: false, inverted: false, level: first.level, mask: first.mask });
    expect(found.fixedScore).toBe(1);
  });

  test('every version from 1 to 84 is found in its own picture', () => {
    const reader = createFrameReader();
    const lost: number[] = [];
    for (let version = 1; version <= 84; version++) {
      const symbol = encodeHanXin(`v${version}`, { version, level: 'L2' })!;
      const { symbols } = reader.read(drawPixels(symbol, { moduleSize: 3, quietZone: 4 }));
      if (symbols.length !== 1 || symbols[0]!.text !== `v${version}`) lost.push(version);
    }
    expect(lost).toEqual([]);
  }, 120_000);

  test('the stage hook sees each stage as a picture of the frame', () => {
    const stages = new Map<string, GreyPicture>();
    const reader = createFrameReader({ onStage: (stage, draw) => stages.set(stage, draw()) });
    const image = frame(300, 280, [{ symbol: first, moduleSize: 4, x: 40, y: 50 }]);
    reader.read(image);
    expect([...stages.keys()]).toEqual(['thresholds', 'binary', 'crossings', 'finders', 'symbols']);
    for (const picture of stages.values()) expect(picture).toMatchObject({ width: 300, height: 280 });
    const binary = stages.get('binary')!.data;
    const dark = drawPixels(first, { moduleSize: 4 });
    for (let y = 14; y < 134; y += 4) expect(binary[(50 + y) * 300 + 40 + y]).toBe(dark.data[y * dark.width + y]);
    expect(stages.get('finders')!.data).not.toEqual(stages.get('symbols')!.data);
  });
});

describe('a video session', () => {
  const empty = frame(400, 300, []);

  test('alternates its looks while nothing is found, and returns to the plain one', () => {
    const session = createVideoSession();
    expect([0, 1, 2, 3, 4].map(() => session.read(empty).strategy)).toEqual(['plain', 'sharpened', 'enlarged', 'smoothed', 'plain']);
    const shown = frame(400, 300, [{ symbol: first, moduleSize: 4, x: 100, y: 60 }]);
    const looks = [0, 1, 2].map(() => session.read(shown));
    expect(looks.map((look) => look.strategy)).toEqual(['sharpened', 'plain', 'plain']);
    for (const look of looks) expect(look.symbols.map((symbol) => symbol.text)).toEqual(['第一个符号']);
    expect(looks.map((look) => look.binary === null)).toEqual([true, false, false]);
  });

  test('an enlarged look gives corners in pixels of the frame', () => {
    const session = createVideoSession();
    session.read(empty);
    session.read(empty);
    const look = session.read(frame(400, 300, [{ symbol: first, moduleSize: 3, x: 120, y: 70 }]));
    expect(look.strategy).toBe('enlarged');
    const [corner] = look.symbols.map((symbol) => symbol.corners[0]);
    expect(Math.hypot(corner!.x - 129, corner!.y - 79)).toBeLessThan(1.5);
  });

  test('a frame of another size, a small one, and a blurred one', () => {
    const session = createVideoSession();
    const frames = [frame(640, 480, [{ symbol: second, moduleSize: 6, x: 90, y: 60 }]), frame(200, 180, [{ symbol: first, moduleSize: 4, x: 20, y: 10 }]), frame(640, 480, [{ symbol: second, moduleSize: 5, x: 200, y: 100 }], 2)];
    expect(frames.map((image) => session.read(image).symbols[0]?.text)).toEqual(['second symbol 2', '第一个符号', 'second symbol 2']);
  });

  test('the heap does not grow with the frames', () => {
    const session = createVideoSession();
    const shown = frame(320, 240, [{ symbol: first, moduleSize: 4, x: 60, y: 40 }]);
    const blank = frame(320, 240, []);
    const read = (count: number): void => {
      for (let i = 0; i < count; i++) session.read(i % 9 === 0 ? shown : blank);
    };
    read(100);
    const before = measureLiveBytes();
    read(400);
    // A tenth of what one picture kept of each frame would take.
    expect(measureLiveBytes() - before).toBeLessThan(40 * blank.data.length);
  }, 120_000);
});
