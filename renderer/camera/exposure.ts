import type { Luma } from './luma.ts';

/** Whether the place where the code is held is lit so that it can be read. */
export type Exposure = 'fine' | 'bright' | 'dark';

/** A look at every so many pixels is enough, and costs nothing beside decoding. */
const stepX = 8;
const stepY = 6;
/** A white page around a code is no glare: half of it may be white. */
const mostWhite = 0.55;
const white = 250;
/** Grey that a twentieth of the pixels must exceed. */
const leastLight = 70;

/** Judges the middle of a frame, where the aim is. */
export function measureExposure({ width, height, values }: Luma): Exposure {
  const counts = new Uint32Array(256);
  let seen = 0;
  for (let y = Math.floor(height * 0.14); y < height * 0.86; y += stepY) {
    for (let x = Math.floor(width * 0.28); x < width * 0.72; x += stepX) {
      const value = values[y * width + x] ?? 0;
      counts[value] = (counts[value] ?? 0) + 1;
      seen += 1;
    }
  }
  const above = (least: number): number => counts.subarray(least).reduce((sum, count) => sum + count, 0) / Math.max(1, seen);
  if (above(white) > mostWhite) return 'bright';
  return above(leastLight) < 0.05 ? 'dark' : 'fine';
}
