import type { BinaryImage } from './binary-image.ts';
import { sampleGrey, sampleThreshold } from './grey-sampling.ts';
import { mapX, mapY, type Homography } from './homography.ts';

/** Fills `soft` with one value a module: positive is dark, in grey levels from the local threshold. */
export function sampleModules(image: BinaryImage, homography: Homography, size: number, polarity: number, soft: Float32Array): void {
  const sign = polarity === 1 ? 1 : -1;
  const spread = sampleSpread(homography, size);
  for (let v = 0; v < size; v++) {
    for (let u = 0; u < size; u++) {
      const x = mapX(homography, u + 0.5, v + 0.5);
      const y = mapY(homography, u + 0.5, v + 0.5);
      let grey = sampleGrey(image, x, y);
      if (spread > 0) {
        grey = 0.4 * grey + 0.15 * (sampleGrey(image, x - spread, y) + sampleGrey(image, x + spread, y) + sampleGrey(image, x, y - spread) + sampleGrey(image, x, y + spread));
      }
      soft[v * size + u] = sign * (sampleThreshold(image, x, y) - grey);
    }
  }
}

/** Pixels from the module's centre at which four more samples are taken; 0 for small modules. */
function sampleSpread(homography: Homography, size: number): number {
  const middle = size / 2;
  const dx = mapX(homography, middle + 1, middle) - mapX(homography, middle, middle);
  const dy = mapY(homography, middle + 1, middle) - mapY(homography, middle, middle);
  const unit = Math.hypot(dx, dy);
  return unit < 2.2 ? 0 : unit * 0.22;
}
