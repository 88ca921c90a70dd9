/** Grey levels of a picture, 0 to 255. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly levels: Float32Array;
}

/** Luma of RGBA pixels on white. */
export function toGrey(rgba: ArrayLike<number>, width: number, height: number): Grey {
  const levels = new Float32Array(width * height);
  for (let at = 0; at < levels.length; at++) {
    const alpha = (rgba[at * 4 + 3] ?? 255) / 255;
    const luma = 0.299 * (rgba[at * 4] ?? 0) + 0.587 * (rgba[at * 4 + 1] ?? 0) + 0.114 * (rgba[at * 4 + 2] ?? 0);
    levels[at] = luma * alpha + 255 * (1 - alpha);
  }
  return { width, height, levels };
}

/**
 * Structural similarity (Wang et al. 2004) of two pictures of the same size, the mean over windows of 8 × 8 pixels, every fourth one;
 * windows that are blank in both are left out, or a page of nothing but margins would always be alike. 1 is the same.
 */
export function similarity(one: Grey, other: Grey): number {
  const size = 8;
  let [sum, count] = [0, 0];
  for (let y = 0; y + size <= one.height; y += 4)
    for (let x = 0; x + size <= one.width; x += 4) {
      const value = windowSimilarity(one, other, { x, y, size });
      if (value === null) continue;
      sum += value;
      count += 1;
    }
  return count === 0 ? 1 : sum / count;
}

function windowSimilarity(one: Grey, other: Grey, { x, y, size }: { x: number; y: number; size: number }): number | null {
  let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let row = y; row < y + size; row++)
    for (let column = x; column < x + size; column++) {
      const p = one.levels[row * one.width + column]!;
      const q = other.levels[row * other.width + column]!;
      a += p;
      b += q;
      aa += p * p;
      bb += q * q;
      ab += p * q;
    }
  const n = size * size;
  const [meanA, meanB] = [a / n, b / n];
  const [varA, varB] = [aa / n - meanA ** 2, bb / n - meanB ** 2];
  if (varA < 1 && varB < 1 && Math.abs(meanA - meanB) < 3) return null;
  const covariance = ab / n - meanA * meanB;
  const [c1, c2] = [6.5025, 58.5225];
  return ((2 * meanA * meanB + c1) * (2 * covariance + c2)) / ((meanA ** 2 + meanB ** 2 + c1) * (varA + varB + c2));
}

/** A blur of three by three, so that half a pixel of displacement of thin lines does not count as another page. */
export function soften({ width, height, levels }: Grey): Grey {
  const soft = new Float32Array(levels.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let [sum, count] = [0, 0];
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          if (x + dx < 0 || y + dy < 0 || x + dx >= width || y + dy >= height) continue;
          sum += levels[(y + dy) * width + x + dx]!;
          count += 1;
        }
      soft[y * width + x] = sum / count;
    }
  return { width, height, levels: soft };
}
