// oxlint-disable typescript/no-non-null-assertion -- typed arrays, indexed within their fixed length in the inner loops

/** A picture in grey, row by row, 0 black to 255 white. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** What is left of a picture without its print and its shading: `signal` around zero, `weight` 0 where print was. */
export interface FlatPicture {
  readonly width: number;
  readonly height: number;
  readonly signal: Float32Array;
  readonly weight: Float32Array;
}

const radius = 24;
// How far from the paper's own shade a pixel may be, pass by pass.
const tolerances = [40, 22, 13] as const;

/** Takes the paper's shade out of a picture and leaves out what is printed on it. */
export function flatten({ width, height, values }: GreyPicture): FlatPicture {
  const weight = new Float32Array(values.length).fill(1);
  // The first guess of the paper lies above the mean, because print only darkens.
  let paper = blur(values, weight, width, height);
  for (const [pass, tolerance] of tolerances.entries()) {
    for (let i = 0; i < values.length; i++) {
      const above = values[i]! - paper[i]!;
      weight[i] = above > (pass === 0 ? -4 : -tolerance) && (pass === 0 || above < tolerance) ? 1 : 0;
    }
    paper = blur(values, weight, width, height);
  }
  const signal = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) signal[i] = weight[i]! * (values[i]! - paper[i]!);
  return { width, height, signal, weight };
}

/** The weighted mean over a square around each pixel, by running sums. */
function blur(values: Float32Array, weight: Float32Array, width: number, height: number): Float32Array {
  const sums = boxSums(values, weight, width, height);
  const weights = boxSums(weight, weight, width, height);
  return sums.map((sum, i) => (weights[i]! > 0.5 ? sum / weights[i]! : values[i]!));
}

function boxSums(values: Float32Array, weight: Float32Array, width: number, height: number): Float32Array {
  const isWeight = values === weight;
  const rows = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    let sum = 0;
    const at = (x: number): number => (isWeight ? weight[y * width + x]! : values[y * width + x]! * weight[y * width + x]!);
    for (let x = -radius; x < width; x++) {
      if (x + radius < width) sum += at(x + radius);
      if (x - radius - 1 >= 0) sum -= at(x - radius - 1);
      if (x >= 0) rows[y * width + x] = sum;
    }
  }
  const sums = new Float32Array(values.length);
  const columns = new Float64Array(width);
  for (let y = -radius; y < height; y++) {
    const [enter, leave] = [y + radius, y - radius - 1];
    for (let x = 0; x < width; x++) {
      if (enter < height) columns[x]! += rows[enter * width + x]!;
      if (leave >= 0) columns[x]! -= rows[leave * width + x]!;
      if (y >= 0) sums[y * width + x] = columns[x]!;
    }
  }
  return sums;
}
