import { blockShift, type BinaryImage } from './binary-image.ts';

/** Grey at a point in continuous pixel coordinates (pixel centres at .5), bilinear, clamped to the picture. */
export function sampleGrey(image: BinaryImage, x: number, y: number): number {
  const { width, height, grey } = image;
  const px = x - 0.5;
  const py = y - 0.5;
  const cx = px < 0 ? 0 : px > width - 1.001 ? Math.max(0, width - 1.001) : px;
  const cy = py < 0 ? 0 : py > height - 1.001 ? Math.max(0, height - 1.001) : py;
  const x0 = cx | 0;
  const y0 = cy | 0;
  const fx = cx - x0;
  const fy = cy - y0;
  const i = y0 * width + x0;
  const right = x0 + 1 < width ? 1 : 0;
  const down = y0 + 1 < height ? width : 0;
  const a = grey[i] ?? 0;
  const b = grey[i + right] ?? 0;
  const c = grey[i + down] ?? 0;
  const d = grey[i + down + right] ?? 0;
  const top = a + (b - a) * fx;
  return top + (c + (d - c) * fx - top) * fy;
}

/** The threshold that holds at a point, bilinear between the centres of blocks. */
export function sampleThreshold(image: BinaryImage, x: number, y: number): number {
  const { width, height, thresholds, blocksWide } = image;
  const blocksHigh = ((height - 1) >> blockShift) + 1;
  const size = 1 << blockShift;
  const bx = Math.min(Math.max(x / size - 0.5, 0), ((width - 1) >> blockShift) - 0.001);
  const by = Math.min(Math.max(y / size - 0.5, 0), blocksHigh - 1.001);
  const x0 = Math.max(0, bx | 0);
  const y0 = Math.max(0, by | 0);
  const fx = Math.max(0, bx - x0);
  const fy = Math.max(0, by - y0);
  const i = y0 * blocksWide + x0;
  const right = x0 + 1 < blocksWide ? 1 : 0;
  const down = y0 + 1 < blocksHigh ? blocksWide : 0;
  const a = thresholds[i] ?? 0;
  const top = a + ((thresholds[i + right] ?? 0) - a) * fx;
  const c = thresholds[i + down] ?? 0;
  return top + (c + ((thresholds[i + down + right] ?? 0) - c) * fx - top) * fy;
}
