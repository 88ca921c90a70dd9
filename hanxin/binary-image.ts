import type { GreyImage } from './grey-image.ts';

/** A picture with its local thresholds: a pixel is dark (bit 1) when it is below the threshold of its block. */
export interface BinaryImage {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array | Uint8ClampedArray;
  /** One byte a pixel, `stride` bytes a row: rows start at whole words of four. */
  readonly bits: Uint8Array;
  readonly stride: number;
  /** The same memory as `bits`, four pixels a word. */
  readonly words: Uint32Array;
  /** One threshold for each block of `blockSize` × `blockSize` pixels. */
  readonly thresholds: Uint8Array;
  readonly blocksWide: number;
  /** Least difference in grey between neighbouring runs that noise alone does not make. */
  readonly noise: number;
}

/** Pixels along a block's side, as a shift. */
export const blockShift = 3;
const blockSize = 1 << blockShift;

/** A stage that keeps its memory between pictures of one size; the result is valid until the next call. */
export interface Binarizer {
  binarize(image: GreyImage): BinaryImage;
}

/** Creates the stage. */
export function createBinarizer(): Binarizer {
  let memory = createMemory(0, 0);
  return {
    binarize: (image) => {
      if (memory.width !== image.width || memory.height !== image.height) memory = createMemory(image.width, image.height);
      measureBlocks(image, memory);
      const limit = flatnessLimit(memory);
      spreadLevels(memory, limit);
      smoothLevels(memory);
      applyThresholds(image, memory);
      return { width: image.width, height: image.height, grey: image.data, bits: memory.bits, stride: memory.stride, words: memory.words, thresholds: memory.thresholds, blocksWide: memory.blocksWide, noise: 0.6 * limit };
    },
  };
}

interface Memory {
  readonly width: number;
  readonly height: number;
  readonly blocksWide: number;
  readonly blocksHigh: number;
  readonly bits: Uint8Array;
  readonly stride: number;
  readonly words: Uint32Array;
  readonly thresholds: Uint8Array;
  readonly level: Float32Array;
  readonly weight: Float32Array;
  readonly low: Uint8Array;
  readonly high: Uint8Array;
  readonly rowLevel: Float32Array;
  readonly rowWeight: Float32Array;
  readonly histogram: Uint32Array;
}

function createMemory(width: number, height: number): Memory {
  const blocksWide = Math.ceil(width / blockSize);
  const blocksHigh = Math.ceil(height / blockSize);
  const blocks = blocksWide * blocksHigh;
  const stride = (width + 3) & ~3;
  const bits = new Uint8Array(stride * height);
  return {
    width, height, blocksWide, blocksHigh, bits, stride,
    words: new Uint32Array(bits.buffer),
    thresholds: new Uint8Array(blocks),
    level: new Float32Array(blocks),
    weight: new Float32Array(blocks),
    low: new Uint8Array(blocks),
    high: new Uint8Array(blocks),
    rowLevel: new Float32Array(blocks),
    rowWeight: new Float32Array(blocks),
    histogram: new Uint32Array(256),
  };
}

/** Lowest, highest and middle grey of every block, from every other row. */
function measureBlocks(image: GreyImage, memory: Memory): void {
  const { width, height, blocksWide, blocksHigh, low, high, level } = memory;
  const data = image.data;
  for (let by = 0; by < blocksHigh; by++) {
    const top = by << blockShift;
    const bottom = Math.min(top + blockSize, height);
    for (let bx = 0; bx < blocksWide; bx++) {
      const left = bx << blockShift;
      const right = Math.min(left + blockSize, width);
      let least = 255;
      let most = 0;
      let sum = 0;
      for (let y = top; y < bottom; y += 2) {
        const end = y * width + right;
        for (let i = y * width + left; i < end; i++) {
          const value = data[i] ?? 0;
          sum += value;
          if (value < least) least = value;
          if (value > most) most = value;
        }
      }
      const block = by * blocksWide + bx;
      low[block] = least;
      high[block] = most;
      // The mean resists single bright or dark pixels, the middle resists unequal shares of dark and light.
      level[block] = (sum / (((bottom - top + 1) >> 1) * (right - left)) + (least + most) / 2) / 2;
    }
  }
}

/** Blocks with less range than this hold noise only: follows the quietest fifth and the strongest edges of the picture. */
function flatnessLimit(memory: Memory): number {
  const { low, high, histogram } = memory;
  histogram.fill(0);
  for (let i = 0; i < low.length; i++) {
    const range = (high[i] ?? 0) - (low[i] ?? 0);
    histogram[range] = (histogram[range] ?? 0) + 1;
  }
  const share = (part: number) => {
    let rest = low.length * part;
    let range = 0;
    while (range < 255 && rest > (histogram[range] ?? 0)) rest -= histogram[range++] ?? 0;
    return range;
  };
  return Math.min(mostNoise, Math.max(12, 1.6 * share(0.2), strongShare * share(0.95)));
}

const mostNoise = 24;
const strongShare = 0.15;

/** Gives flat blocks the level of the textured blocks near them (a large dark core is flat inside), for some blocks' distance. */
function spreadLevels(memory: Memory, limit: number): void {
  const { blocksWide, blocksHigh, low, high, level, weight } = memory;
  for (let i = 0; i < weight.length; i++) {
    const range = (high[i] ?? 0) - (low[i] ?? 0);
    weight[i] = range >= limit ? range : 0;
    if (weight[i] === 0) borrowLevel(memory, i, limit);
  }
  const inherit = (block: number, neighbour: number) => {
    const passed = (weight[neighbour] ?? 0) * 0.5;
    if (passed > 1 && passed > (weight[block] ?? 0)) {
      weight[block] = passed;
      level[block] = level[neighbour] ?? 0;
    }
  };
  for (let by = 0; by < blocksHigh; by++) {
    for (let bx = 0; bx < blocksWide; bx++) {
      const block = by * blocksWide + bx;
      if (bx > 0) inherit(block, block - 1);
      if (by > 0) inherit(block, block - blocksWide);
    }
  }
  for (let by = blocksHigh - 1; by >= 0; by--) {
    for (let bx = blocksWide - 1; bx >= 0; bx--) {
      const block = by * blocksWide + bx;
      if (bx + 1 < blocksWide) inherit(block, block + 1);
      if (by + 1 < blocksHigh) inherit(block, block + blocksWide);
    }
  }
}

/** A flat block between edges (modules may lie exactly on blocks) takes the middle of what its neighbours span. */
function borrowLevel(memory: Memory, block: number, limit: number): void {
  const { blocksWide, blocksHigh, low, high, level, weight } = memory;
  const bx = block % blocksWide;
  const by = (block - bx) / blocksWide;
  let least = 255;
  let most = 0;
  for (let y = Math.max(0, by - 1); y <= Math.min(blocksHigh - 1, by + 1); y++) {
    for (let x = Math.max(0, bx - 1); x <= Math.min(blocksWide - 1, bx + 1); x++) {
      least = Math.min(least, low[y * blocksWide + x] ?? 255);
      most = Math.max(most, high[y * blocksWide + x] ?? 0);
    }
  }
  const spans = most - least >= 2 * limit;
  level[block] = spans ? (least + most) / 2 : 0;
  weight[block] = spans ? 0.5 * (most - least) : 0;
}

/** Weighted mean over 5 × 5 blocks, columns after rows. */
function smoothLevels(memory: Memory): void {
  const { blocksWide, blocksHigh, level, weight, rowLevel, rowWeight, thresholds, low } = memory;
  for (let by = 0; by < blocksHigh; by++) {
    for (let bx = 0; bx < blocksWide; bx++) {
      let sum = 0;
      let total = 0;
      for (let x = Math.max(0, bx - 2); x <= Math.min(blocksWide - 1, bx + 2); x++) {
        const block = by * blocksWide + x;
        sum += (level[block] ?? 0) * (weight[block] ?? 0);
        total += weight[block] ?? 0;
      }
      rowLevel[by * blocksWide + bx] = sum;
      rowWeight[by * blocksWide + bx] = total;
    }
  }
  for (let by = 0; by < blocksHigh; by++) {
    for (let bx = 0; bx < blocksWide; bx++) {
      let sum = 0;
      let total = 0;
      for (let y = Math.max(0, by - 2); y <= Math.min(blocksHigh - 1, by + 2); y++) {
        sum += rowLevel[y * blocksWide + bx] ?? 0;
        total += rowWeight[y * blocksWide + bx] ?? 0;
      }
      const block = by * blocksWide + bx;
      // Far from any texture everything counts as light.
      thresholds[block] = total > 0 ? Math.round(sum / total) : (low[block] ?? 0);
    }
  }
}

function applyThresholds(image: GreyImage, memory: Memory): void {
  const { width, height, blocksWide, bits, stride, thresholds } = memory;
  const data = image.data;
  for (let y = 0; y < height; y++) {
    const row = (y >> blockShift) * blocksWide;
    const from = y * width;
    const to = y * stride;
    let x = 0;
    for (let bx = 0; bx < blocksWide; bx++) {
      const threshold = thresholds[row + bx] ?? 0;
      const end = Math.min((bx + 1) << blockShift, width);
      // The sign bit of the difference: noise would make a comparison guess wrong every other time.
      for (; x < end; x++) bits[to + x] = ((data[from + x] ?? 0) - threshold) >>> 31;
    }
  }
}
