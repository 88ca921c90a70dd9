import type { GreyImage } from './grey-image.ts';

/** A part of a picture in pixels. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Doubles a region, with its own memory; the result is valid until the next call. */
export interface Enlargement {
  enlarge(image: GreyImage, region: Region): GreyImage;
}

/** Creates the stage. */
export function createEnlargement(): Enlargement {
  let data = new Uint8Array(0);
  return {
    enlarge: (image, region) => {
      const width = region.width * 2;
      const height = region.height * 2;
      if (data.length !== width * height) data = new Uint8Array(width * height);
      for (let y = 0; y < height; y++) enlargeRow(image, region, y, width, data);
      return { width, height, data };
    },
  };
}

/** Catmull–Rom at the quarter points: sharper than bilinear, which matters for thin bars. */
function enlargeRow(image: GreyImage, region: Region, y: number, width: number, data: Uint8Array): void {
  const source = region.top + (y >> 1) - (y & 1 ? 0 : 1);
  const [a, b, c, d] = y & 1 ? nearWeights : farWeights;
  const line = (dy: number) => Math.min(Math.max(source + dy, 0), image.height - 1) * image.width;
  const rows = [line(-1), line(0), line(1), line(2)];
  const mixed = (x: number) => {
    const column = Math.min(Math.max(x, 0), image.width - 1);
    return a * (image.data[(rows[0] ?? 0) + column] ?? 0) + b * (image.data[(rows[1] ?? 0) + column] ?? 0) + c * (image.data[(rows[2] ?? 0) + column] ?? 0) + d * (image.data[(rows[3] ?? 0) + column] ?? 0);
  };
  let p = mixed(region.left - 2);
  let q = mixed(region.left - 1);
  let r = mixed(region.left);
  let s = mixed(region.left + 1);
  for (let x = 0; x < width; x += 2) {
    const t = mixed(region.left + (x >> 1) + 2);
    data[y * width + x] = clamp(farWeights[0] * p + farWeights[1] * q + farWeights[2] * r + farWeights[3] * s);
    data[y * width + x + 1] = clamp(nearWeights[0] * q + nearWeights[1] * r + nearWeights[2] * s + nearWeights[3] * t);
    p = q;
    q = r;
    r = s;
    s = t;
  }
}

/** Catmull–Rom weights a quarter and three quarters of the way between two pixels. */
const nearWeights = [-0.0703125, 0.8671875, 0.2265625, -0.0234375] as const;
const farWeights = [-0.0234375, 0.2265625, 0.8671875, -0.0703125] as const;

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
