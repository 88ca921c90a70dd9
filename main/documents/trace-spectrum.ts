// oxlint-disable typescript/no-non-null-assertion -- typed arrays, indexed within their fixed length in the inner loops
import type { FlatPicture } from './trace-background.ts';

/** A spatial frequency in cycles a pixel. */
export interface Frequency {
  readonly x: number;
  readonly y: number;
}

const side = 256;
// A cell between 5 and 33 pixels wide.
const [lowest, highest] = [0.021, 0.145] as const;
const mostCandidates = 6;

/** Where two gratings of like frequency stand across each other: candidates for the mark's own, best first. */
export function findGratings(picture: FlatPicture): readonly (readonly [Frequency, Frequency])[] {
  const power = meanPower(picture);
  const noise = ringMedian(power);
  const at = (u: number, v: number): number => power[((v + side) % side) * side + ((u + side) % side)]!;
  const found: { score: number; pair: readonly [Frequency, Frequency]; u: number; v: number }[] = [];
  const reach = Math.ceil(highest * side);
  for (let v = 0; v <= reach; v++) {
    for (let u = -reach; u <= reach; u++) {
      const length = Math.hypot(u, v) / side;
      if (length < lowest || length > highest || u <= 0 || v < 0) continue;
      const first = at(u, v);
      if (first < 3 * noise || !isPeak(at, u, v)) continue;
      const across = strongest(at, -v, u);
      const score = Math.min(first, across.power) / noise;
      found.push({ score, u, v, pair: [refine(at, u, v), refine(at, across.u, across.v)] });
    }
  }
  return found.toSorted((a, b) => b.score - a.score).slice(0, mostCandidates).map(({ pair }) => pair);
}

type PowerAt = (u: number, v: number) => number;

function isPeak(at: PowerAt, u: number, v: number): boolean {
  for (let dv = -1; dv <= 1; dv++) for (let du = -1; du <= 1; du++) if (at(u + du, v + dv) > at(u, v)) return false;
  return true;
}

/** The strongest place near where the second grating should be; perspective moves it a little. */
function strongest(at: PowerAt, u: number, v: number): { u: number; v: number; power: number } {
  const reach = Math.max(2, Math.round(Math.hypot(u, v) * 0.15));
  let best = { u, v, power: 0 };
  for (let dv = -reach; dv <= reach; dv++) {
    for (let du = -reach; du <= reach; du++) {
      const power = at(u + du, v + dv);
      if (power > best.power) best = { u: u + du, v: v + dv, power };
    }
  }
  return best;
}

function refine(at: PowerAt, u: number, v: number): Frequency {
  let [sum, x, y] = [0, 0, 0];
  for (let dv = -1; dv <= 1; dv++) {
    for (let du = -1; du <= 1; du++) {
      const power = at(u + du, v + dv);
      sum += power;
      x += power * (u + du);
      y += power * (v + dv);
    }
  }
  return sum === 0 ? { x: u / side, y: v / side } : { x: x / sum / side, y: y / sum / side };
}

/** The mean power over windows, each of the same weight whatever its contrast; in a small picture they overlap. */
function meanPower({ width, height, signal }: FlatPicture): Float64Array {
  const total = new Float64Array(side * side);
  const hann = Float64Array.from({ length: side }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / side));
  const stride = Math.min(width, height) < 4 * side ? side / 2 : side;
  for (let top = 0; top === 0 || top + side <= height; top += stride) {
    for (let left = 0; left === 0 || left + side <= width; left += stride) {
      const re = new Float64Array(side * side);
      let energy = 0;
      for (let y = 0; y < side && top + y < height; y++) {
        for (let x = 0; x < side && left + x < width; x++) {
          const value = signal[(top + y) * width + left + x]! * hann[x]! * hann[y]!;
          re[y * side + x] = value;
          energy += value * value;
        }
      }
      if (energy === 0) continue;
      const im = new Float64Array(side * side);
      transform(re, im);
      for (let i = 0; i < total.length; i++) total[i]! += (re[i]! * re[i]! + im[i]! * im[i]!) / energy;
    }
  }
  return total;
}

function ringMedian(power: Float64Array): number {
  const ring: number[] = [];
  for (let v = -32; v < 32; v++) {
    for (let u = -32; u < 32; u++) {
      const length = Math.hypot(u, v) / side;
      if (length >= lowest && length <= highest) ring.push(power[((v + side) % side) * side + ((u + side) % side)]!);
    }
  }
  ring.sort((a, b) => a - b);
  return ring[ring.length >> 1] || 1e-9;
}

/** The Fourier transform in two dimensions, in place. */
function transform(re: Float64Array, im: Float64Array): void {
  for (let row = 0; row < side; row++) transformLine(re, im, row * side, 1);
  for (let column = 0; column < side; column++) transformLine(re, im, column, side);
}

const turns = {
  cos: Float64Array.from({ length: side }, (_, k) => Math.cos((2 * Math.PI * k) / side)),
  sin: Float64Array.from({ length: side }, (_, k) => -Math.sin((2 * Math.PI * k) / side)),
};

function transformLine(re: Float64Array, im: Float64Array, start: number, step: number): void {
  for (let i = 1, j = 0; i < side; i++) {
    let bit = side >> 1;
    for (; (j & bit) !== 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      const [a, b] = [start + i * step, start + j * step];
      [re[a], re[b]] = [re[b]!, re[a]!];
      [im[a], im[b]] = [im[b]!, im[a]!];
    }
  }
  for (let size = 2; size <= side; size *= 2) {
    for (let k = 0; k < size / 2; k++) {
      const [cos, sin] = [turns.cos[(k * side) / size]!, turns.sin[(k * side) / size]!];
      for (let i = k; i < side; i += size) {
        const [a, b] = [start + i * step, start + (i + size / 2) * step];
        const [x, y] = [re[b]! * cos - im[b]! * sin, re[b]! * sin + im[b]! * cos];
        re[b] = re[a]! - x;
        im[b] = im[a]! - y;
        re[a]! += x;
        im[a]! += y;
      }
    }
  }
}
