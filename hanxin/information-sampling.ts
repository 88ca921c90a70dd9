import type { BinaryImage } from './binary-image.ts';
import { sampleGrey, sampleThreshold } from './grey-sampling.ts';
import { mapX, mapY, type Homography } from './homography.ts';
import { decodeInformation, informationBits, informationModules, informationPositions, type StructuralInformation } from './structural-information.ts';

/** Reads what structural information can be read near the corners: each copy alone and both together; distinct answers, best first. */
export function sampleInformation(image: BinaryImage, homography: Homography, size: number, polarity: number): readonly StructuralInformation[] {
  const copies = [0, 1].map((copy) => sampleCopy(image, homography, size, polarity, copy === 1));
  const both = Float32Array.from({ length: informationModules }, (_, i) => (copies[0]?.[i] ?? 0) + (copies[1]?.[i] ?? 0));
  const found: StructuralInformation[] = [];
  for (const soft of [both, ...copies]) {
    const information = decodeInformation(Uint8Array.from(soft, (value) => (value > 0 ? 1 : 0)));
    const isNew = information !== null && !found.some((other) => other.version === information.version && other.level === information.level && other.mask === information.mask);
    if (isNew) found.push(information);
  }
  return found;
}

/** Soft values of a copy (positive is dark). `size` need not be whole: positions count from the nearest corner. */
function sampleCopy(image: BinaryImage, homography: Homography, size: number, polarity: number, second: boolean): Float32Array {
  const soft = new Float32Array(informationModules);
  const sign = polarity === 1 ? 1 : -1;
  for (let i = 0; i < informationBits; i++) {
    const px = firstCopy[2 * i] ?? 0;
    const py = firstCopy[2 * i + 1] ?? 0;
    const fromLeft = px < reference / 2;
    const u = fromLeft ? px + 0.5 : size - (reference - px) + 0.5;
    const v = py + 0.5;
    const mu = second ? size - u : u;
    const mv = second ? size - v : v;
    const x = mapX(homography, mu, mv);
    const y = mapY(homography, mu, mv);
    soft[i] = sign * (sampleThreshold(image, x, y) - sampleGrey(image, x, y));
  }
  return soft;
}

/** Any size serves to tell the left positions from the right. */
const reference = 101;
const firstCopy = informationPositions(reference).first;
