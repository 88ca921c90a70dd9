import { createCanvas, loadImage } from '@napi-rs/canvas';
import { fail, ok, type Result } from '../../domain/failure.ts';
import type { GreyPicture } from './trace-background.ts';

/** The most that is looked at: beyond it, a page has more pixels than its mark needs. */
const longestSide = 1800;
const mostPixels = 120_000_000;

/** Reads a picture file (PNG, JPEG, WebP) as grey, made smaller where it is large; `scan/unreadable-image` when it is none. */
export async function readGreyPicture(bytes: Uint8Array): Promise<Result<GreyPicture>> {
  try {
    const image = await loadImage(Buffer.from(bytes));
    if (image.width * image.height > mostPixels || image.width === 0 || image.height === 0) return fail('scan/unreadable-image', 'size');
    const scale = Math.min(1, longestSide / Math.max(image.width, image.height));
    const [width, height] = [Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale))];
    const context = createCanvas(width, height).getContext('2d');
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, width, height);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    const values = Float32Array.from({ length: width * height }, (_, i) => 0.3 * (data[4 * i] ?? 0) + 0.59 * (data[4 * i + 1] ?? 0) + 0.11 * (data[4 * i + 2] ?? 0));
    return ok({ width, height, values });
  } catch {
    // The library tells a broken picture by throwing only.
    return fail('scan/unreadable-image');
  }
}
