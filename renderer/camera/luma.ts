import { gammaTable, type LumaPass, lumaPasses } from '../../domain/code-search.ts';

/** One picture as brightness values, one byte a pixel, rows without padding. */
export interface Luma {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array;
}

/** The pass for frame number `frame`, counted from 0. */
export function passOfFrame(frame: number): LumaPass {
  const [first] = lumaPasses;
  return lumaPasses[frame % lumaPasses.length] ?? first;
}

/** Writes a picture through a gamma curve into `target`, which is as long; gamma 1 copies. */
export function bendLuma(values: Uint8Array, gamma: number, target: Uint8Array): void {
  if (gamma === 1) return target.set(values);
  const table = gammaTable(gamma);
  for (let i = 0; i < values.length; i += 1) target[i] = table[values[i] ?? 0] ?? 0;
}

/** Brightness of RGBA pixels (ITU-R BT.601 weights in 1/256). */
export function lumaOfPixels(pixels: Uint8ClampedArray | Uint8Array, width: number, height: number): Luma {
  const values = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < values.length; i += 1, at += 4)
    values[i] = ((pixels[at] ?? 0) * 77 + (pixels[at + 1] ?? 0) * 150 + (pixels[at + 2] ?? 0) * 29) >> 8;
  return { width, height, values };
}

/** The Y plane of a video frame, with whatever padding its rows have taken away. */
export function lumaOfPlane(plane: Uint8Array, stride: number, width: number, height: number): Luma {
  if (stride === width) return { width, height, values: plane.subarray(0, width * height) };
  const values = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) values.set(plane.subarray(row * stride, row * stride + width), row * width);
  return { width, height, values };
}
