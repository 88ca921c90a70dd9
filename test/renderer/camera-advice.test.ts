import { describe, expect, test } from 'vitest';
import { createAimHints, type FrameSight } from '../../renderer/camera/aim-hint.ts';
import { defaultChoice, parseCameraChoice, troubleOf } from '../../renderer/camera/camera-track.ts';
import { measureExposure } from '../../renderer/camera/exposure.ts';

const square = (x: number, y: number, side: number) => [{ x, y }, { x: x + side, y }, { x: x + side, y: y + side }, { x, y: y + side }];
const sight = (part: Partial<FrameSight>): FrameSight => ({ width: 1280, height: 720, codes: 0, unread: [], exposure: 'fine', ...part });

describe('advice for whoever holds the code', () => {
  const after = (frames: readonly FrameSight[]) => {
    const hints = createAimHints();
    return frames.map((frame) => hints.push(frame)).at(-1);
  };
  const often = (frame: FrameSight, times = 45) => Array.from({ length: times }, () => frame);

  test.each([
    ['closer', square(600, 300, 90)],
    ['still', square(400, 200, 300)],
    ['away', square(900, 300, 379)],
    ['away', square(400, 2, 600)],
  ] as const)('%s: %j', (hint, corners) => {
    expect(after(often(sight({ unread: [corners] })))).toBe(hint);
  });

  test('a code that one frame of four sees is enough; a single glimpse is not', () => {
    const seen = sight({ unread: [square(400, 200, 300)] });
    expect(after(Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? seen : sight({}))))).toBe('still');
    expect(after([seen, ...often(sight({}), 20)])).toBeNull();
  });

  test('light is told only when it lasts, and never over a code that is seen', () => {
    expect(after(often(sight({ exposure: 'dark' }), 20))).toBeNull();
    expect(after(often(sight({ exposure: 'dark' })))).toBe('dark');
    expect(after(often(sight({ exposure: 'bright' })))).toBe('bright');
    expect(after(often(sight({ exposure: 'bright', unread: [square(400, 200, 300)] })))).toBe('still');
  });

  test('a code that is read silences everything', () => {
    expect(after([...often(sight({ exposure: 'dark' })), sight({ codes: 1, exposure: 'dark' })])).toBeNull();
    expect(after([...often(sight({ exposure: 'dark' })), sight({ codes: 1 }), ...often(sight({ exposure: 'dark' }), 20)])).toBeNull();
  });
});

describe('exposure of the middle of a frame', () => {
  const frame = (valueAt: (x: number, y: number) => number) => ({ width: 320, height: 180, values: Uint8Array.from({ length: 320 * 180 }, (_, i) => valueAt(i % 320, Math.floor(i / 320))) });
  test.each([
    ['a white wall that is not quite white', () => 235, 'fine'],
    ['nothing but white', () => 255, 'bright'],
    ['a code on a white page', (x: number, y: number) => (((x >> 2) + (y >> 2)) % 2 === 0 ? 20 : 255), 'fine'],
    ['a lamp in the corner', (x: number, y: number) => (x < 80 && y < 40 ? 255 : 120), 'fine'],
    ['night', (x: number) => x % 60, 'dark'],
    ['night with a bright phone', (x: number, y: number) => (x > 130 && x < 190 && y > 60 && y < 120 ? 200 : 10), 'fine'],
  ] as const)('%s is %s', (_what, valueAt, exposure) => {
    expect(measureExposure(frame(valueAt))).toBe(exposure);
  });
  test('a frame of one pixel is no crash', () => {
    expect(['fine', 'dark', 'bright']).toContain(measureExposure({ width: 1, height: 1, values: Uint8Array.of(128) }));
  });
});

describe('what the camera is asked for', () => {
  test('a stored choice is read field by field, whatever it holds', () => {
    for (const stored of [null, undefined, 7, 'x', [], {}]) expect(parseCameraChoice(stored)).toEqual(defaultChoice);
    expect(parseCameraChoice({ deviceId: 'a', resolution: 'high', isMirrored: true })).toEqual({ deviceId: 'a', resolution: 'high', isMirrored: true });
    expect(parseCameraChoice({ deviceId: 'a'.repeat(300), resolution: 'toString', isMirrored: 'yes' })).toEqual(defaultChoice);
  });
  test('each refusal of the browser has its words', () => {
    const names = ['NotFoundError', 'OverconstrainedError', 'NotAllowedError', 'SecurityError', 'NotReadableError', 'AbortError', 'TypeError', ''];
    expect(names.map(troubleOf)).toEqual(['none', 'none', 'denied', 'denied', 'in-use', 'in-use', 'failed', 'failed']);
  });
});
