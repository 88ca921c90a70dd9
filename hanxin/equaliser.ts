import { darkModule, lightModule, type Layout } from './layout.ts';

/**
 * Undoes blur on module values: fits the weights of the neighbourhood (and a bias) by which the modules known from the
 * layout come out as dark (1) and light (-1), then applies them to all. Motion blur of any direction fits the same form.
 */
export interface Equaliser {
  /** Trains on the fixed modules with 3 × 3 weights; false when there is nothing to learn from. */
  equaliseByLayout(soft: Float32Array, layout: Layout, target: Float32Array): boolean;
  /** Trains 5 × 5 weights on the decisions already made in `decided`; false as above. */
  equaliseByDecisions(soft: Float32Array, decided: Float32Array, size: number, target: Float32Array): boolean;
}

/** Creates the stage with its own memory. */
export function createEqualiser(): Equaliser {
  const memory = { matrix: new Float64Array(26 * 27), features: new Float64Array(26), weights: new Float64Array(26) };
  return {
    equaliseByLayout: (soft, layout, target) => {
      const { size, kinds } = layout;
      const wanted = (i: number) => (kinds[i] === darkModule ? 1 : kinds[i] === lightModule ? -1 : 0);
      return train(memory, soft, size, 1, 1, wanted) && apply(memory, soft, size, 1, target);
    },
    equaliseByDecisions: (soft, decided, size, target) => {
      const stride = Math.max(1, Math.floor((size * size) / maxSamples));
      const wanted = (i: number) => {
        const value = decided[i] ?? 0;
        return Math.abs(value) < 0.4 ? 0 : value > 0 ? 1 : -1;
      };
      return train(memory, soft, size, 2, stride, wanted) && apply(memory, soft, size, 2, target);
    },
  };
}

interface Memory {
  readonly matrix: Float64Array;
  readonly features: Float64Array;
  readonly weights: Float64Array;
}

/** Modules that training looks at, at most. */
const maxSamples = 5000;

/** Neighbourhood of a module and a constant; modules outside count as light. */
function collect(memory: Memory, soft: Float32Array, size: number, radius: number, x: number, y: number, light: number): number {
  let n = 0;
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      const inside = x + dx >= 0 && y + dy >= 0 && x + dx < size && y + dy < size;
      memory.features[n++] = inside ? (soft[(y + dy) * size + x + dx] ?? 0) : light;
    }
  }
  memory.features[n++] = 32;
  return n;
}

function meanLight(soft: Float32Array, size: number): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < size * size; i++) {
    const value = soft[i] ?? 0;
    if (value >= 0) continue;
    sum += value;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

function train(memory: Memory, soft: Float32Array, size: number, radius: number, stride: number, wanted: (i: number) => number): boolean {
  const { matrix, features } = memory;
  const n = (2 * radius + 1) ** 2 + 1;
  const light = meanLight(soft, size);
  matrix.fill(0);
  let dark = 0;
  let used = 0;
  for (let i = 0; i < size * size; i += stride) {
    const value = wanted(i);
    if (value === 0) continue;
    collect(memory, soft, size, radius, i % size, Math.floor(i / size), light);
    used++;
    if (value > 0) dark++;
    for (let r = 0; r < n; r++) {
      const factor = features[r] ?? 0;
      for (let c = r; c < n; c++) matrix[r * 27 + c] = (matrix[r * 27 + c] ?? 0) + factor * (features[c] ?? 0);
      matrix[r * 27 + 26] = (matrix[r * 27 + 26] ?? 0) + factor * value;
    }
  }
  if (dark < 20 || used - dark < 20) return false;
  for (let r = 0; r < n; r++) {
    // A little ridge keeps the weights of unseen patterns small.
    matrix[r * 27 + r] = (matrix[r * 27 + r] ?? 0) * 1.02 + used;
    for (let c = 0; c < r; c++) matrix[r * 27 + c] = matrix[c * 27 + r] ?? 0;
  }
  return solveInto(matrix, n, memory.weights);
}

function solveInto(matrix: Float64Array, n: number, weights: Float64Array): boolean {
  for (let column = 0; column < n; column++) {
    const value = matrix[column * 27 + column] ?? 0;
    if (!(Math.abs(value) > 1e-9)) return false;
    for (let r = column + 1; r < n; r++) {
      const factor = (matrix[r * 27 + column] ?? 0) / value;
      if (factor === 0) continue;
      for (let c = column; c < n; c++) matrix[r * 27 + c] = (matrix[r * 27 + c] ?? 0) - factor * (matrix[column * 27 + c] ?? 0);
      matrix[r * 27 + 26] = (matrix[r * 27 + 26] ?? 0) - factor * (matrix[column * 27 + 26] ?? 0);
    }
  }
  for (let r = n - 1; r >= 0; r--) {
    let sum = matrix[r * 27 + 26] ?? 0;
    for (let c = r + 1; c < n; c++) sum -= (matrix[r * 27 + c] ?? 0) * (weights[c] ?? 0);
    weights[r] = sum / (matrix[r * 27 + r] ?? 1);
  }
  return true;
}

function apply(memory: Memory, soft: Float32Array, size: number, radius: number, target: Float32Array): boolean {
  const light = meanLight(soft, size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const n = collect(memory, soft, size, radius, x, y, light);
      let sum = 0;
      for (let k = 0; k < n; k++) sum += (memory.features[k] ?? 0) * (memory.weights[k] ?? 0);
      target[y * size + x] = sum;
    }
  }
  return true;
}
