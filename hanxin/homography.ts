/** A projective map from module coordinates to pixels: nine numbers, row by row. */
export type Homography = Float64Array;

/** Numbers a correspondence has: module x, module y, pixel x, pixel y, weight. */
export const pairStride = 5;

/** Creates the fit with its own memory. */
export function createHomographyFit(): { fit(pairs: Float64Array, count: number, target: Homography): boolean } {
  const matrix = new Float64Array(8 * 9);
  const row = new Float64Array(9);
  return {
    /** Least squares through `count` correspondences (four: exactly); false when they are degenerate. */
    fit: (pairs, count, target) => {
      const scale = normalisation(pairs, count);
      matrix.fill(0);
      for (let p = 0; p < count; p++) addPair(matrix, row, pairs, p * pairStride, scale);
      if (!solve(matrix)) return false;
      denormalise(matrix, scale, target);
      return target.every(Number.isFinite);
    },
  };
}

/** Pixel x of a module coordinate. */
export function mapX(h: Homography, u: number, v: number): number {
  return ((h[0] ?? 0) * u + (h[1] ?? 0) * v + (h[2] ?? 0)) / ((h[6] ?? 0) * u + (h[7] ?? 0) * v + (h[8] ?? 0));
}

/** Pixel y of a module coordinate. */
export function mapY(h: Homography, u: number, v: number): number {
  return ((h[3] ?? 0) * u + (h[4] ?? 0) * v + (h[5] ?? 0)) / ((h[6] ?? 0) * u + (h[7] ?? 0) * v + (h[8] ?? 0));
}

interface Scale {
  readonly u: number;
  readonly v: number;
  readonly x: number;
  readonly y: number;
  readonly module: number;
  readonly pixel: number;
}

/** Middle and spread of both sides: keeps the equations well conditioned. */
function normalisation(pairs: Float64Array, count: number): Scale {
  let u = 0, v = 0, x = 0, y = 0;
  for (let p = 0; p < count; p++) {
    u += pairs[p * pairStride] ?? 0;
    v += pairs[p * pairStride + 1] ?? 0;
    x += pairs[p * pairStride + 2] ?? 0;
    y += pairs[p * pairStride + 3] ?? 0;
  }
  u /= count;
  v /= count;
  x /= count;
  y /= count;
  let module = 0, pixel = 0;
  for (let p = 0; p < count; p++) {
    module += Math.hypot((pairs[p * pairStride] ?? 0) - u, (pairs[p * pairStride + 1] ?? 0) - v);
    pixel += Math.hypot((pairs[p * pairStride + 2] ?? 0) - x, (pairs[p * pairStride + 3] ?? 0) - y);
  }
  return { u, v, x, y, module: count / (module || 1), pixel: count / (pixel || 1) };
}

/** Adds the two equations of a correspondence to the normal equations. */
function addPair(matrix: Float64Array, row: Float64Array, pairs: Float64Array, at: number, scale: Scale): void {
  const u = ((pairs[at] ?? 0) - scale.u) * scale.module;
  const v = ((pairs[at + 1] ?? 0) - scale.v) * scale.module;
  const x = ((pairs[at + 2] ?? 0) - scale.x) * scale.pixel;
  const y = ((pairs[at + 3] ?? 0) - scale.y) * scale.pixel;
  const weight = pairs[at + 4] ?? 1;
  row.set([u, v, 1, 0, 0, 0, -u * x, -v * x, x]);
  accumulate(matrix, row, weight);
  row.set([0, 0, 0, u, v, 1, -u * y, -v * y, y]);
  accumulate(matrix, row, weight);
}

function accumulate(matrix: Float64Array, row: Float64Array, weight: number): void {
  for (let i = 0; i < 8; i++) {
    const factor = weight * (row[i] ?? 0);
    if (factor === 0) continue;
    for (let j = 0; j < 9; j++) matrix[i * 9 + j] = (matrix[i * 9 + j] ?? 0) + factor * (row[j] ?? 0);
  }
}

/** Gauss–Jordan with pivoting; the solution ends in column 8. */
function solve(matrix: Float64Array): boolean {
  for (let column = 0; column < 8; column++) {
    let pivot = column;
    for (let r = column + 1; r < 8; r++) if (Math.abs(matrix[r * 9 + column] ?? 0) > Math.abs(matrix[pivot * 9 + column] ?? 0)) pivot = r;
    const value = matrix[pivot * 9 + column] ?? 0;
    if (!(Math.abs(value) > 1e-12)) return false;
    for (let j = column; j < 9; j++) {
      const swapped = matrix[pivot * 9 + j] ?? 0;
      matrix[pivot * 9 + j] = matrix[column * 9 + j] ?? 0;
      matrix[column * 9 + j] = swapped / value;
    }
    for (let r = 0; r < 8; r++) {
      const factor = matrix[r * 9 + column] ?? 0;
      if (r === column || factor === 0) continue;
      for (let j = column; j < 9; j++) matrix[r * 9 + j] = (matrix[r * 9 + j] ?? 0) - factor * (matrix[column * 9 + j] ?? 0);
    }
  }
  return true;
}

/** target = (pixel scale)^-1 × solution × (module scale). */
function denormalise(matrix: Float64Array, scale: Scale, target: Homography): void {
  const s = (i: number) => (i < 8 ? (matrix[i * 9 + 8] ?? 0) : 1);
  const m = scale.module;
  for (let r = 0; r < 3; r++) {
    const a = s(3 * r) * m;
    const b = s(3 * r + 1) * m;
    target[3 * r] = a;
    target[3 * r + 1] = b;
    target[3 * r + 2] = s(3 * r + 2) - a * scale.u - b * scale.v;
  }
  for (let j = 0; j < 3; j++) {
    const bottom = target[6 + j] ?? 0;
    target[j] = (target[j] ?? 0) / scale.pixel + scale.x * bottom;
    target[3 + j] = (target[3 + j] ?? 0) / scale.pixel + scale.y * bottom;
  }
}
