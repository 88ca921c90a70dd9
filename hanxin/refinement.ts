import type { BinaryImage } from './binary-image.ts';
import { sampleGrey } from './grey-sampling.ts';
import { createHomographyFit, mapX, mapY, pairStride, type Homography } from './homography.ts';
import { darkModule, lightModule, type Layout } from './layout.ts';

/** Moves a homography so that the fixed modules lie where the picture has them. */
export interface Refinement {
  /** Searches up to `reach` modules around each window of fixed modules; changes `homography` only for the better. */
  refine(image: BinaryImage, homography: Homography, layout: Layout, polarity: number, reach: number): void;
}

/** Half the side of a window, in modules. */
const windowReach = 4;
const maxWindows = 450;
const maxFixed = 81;

/** Creates the stage with its own memory. */
export function createRefinement(): Refinement {
  const pairs = new Float64Array(maxWindows * pairStride);
  const trial = new Float64Array(9);
  const fixed = { u: new Float64Array(maxFixed), v: new Float64Array(maxFixed), weight: new Float64Array(maxFixed) };
  const fit = createHomographyFit();
  return {
    refine: (image, homography, layout, polarity, reach) => {
      const count = matchWindows(image, homography, layout, polarity, reach, pairs, fixed);
      if (count < 6 || !fit.fit(pairs, count, trial)) return;
      // Windows that disagree with the rest saw something else.
      let agreeing = 0;
      for (let p = 0; p < count; p++) {
        const at = p * pairStride;
        const u = pairs[at] ?? 0;
        const v = pairs[at + 1] ?? 0;
        const unit = Math.hypot(mapX(trial, u + 1, v) - mapX(trial, u, v), mapY(trial, u + 1, v) - mapY(trial, u, v));
        const off = Math.hypot(mapX(trial, u, v) - (pairs[at + 2] ?? 0), mapY(trial, u, v) - (pairs[at + 3] ?? 0)) / (unit || 1);
        const keep = off < 0.5 ? 1 : 0.02;
        if (keep === 1) agreeing++;
        pairs[at + 4] = (pairs[at + 4] ?? 0) * keep;
      }
      if (agreeing >= 6 && fit.fit(pairs, count, trial)) homography.set(trial);
    },
  };
}

interface FixedModules {
  readonly u: Float64Array;
  readonly v: Float64Array;
  readonly weight: Float64Array;
}

/** One correspondence for each window in which the template is found clearly; returns how many. */
function matchWindows(image: BinaryImage, homography: Homography, layout: Layout, polarity: number, reach: number, pairs: Float64Array, fixed: FixedModules): number {
  const { size } = layout;
  const spacing = size > 110 ? 9 : 5;
  let count = 0;
  for (let cv = 3; cv < size; cv += spacing) {
    for (let cu = 3; cu < size; cu += spacing) {
      const modules = collectFixed(layout, cu, cv, fixed);
      if (modules === 0 || count >= maxWindows) continue;
      if (matchWindow(image, homography, cu + 0.5, cv + 0.5, modules, fixed, polarity, reach, pairs, count * pairStride)) count++;
    }
  }
  return count;
}

/** The fixed modules of a window, dark with positive and light with negative weight, summing to zero. */
function collectFixed(layout: Layout, cu: number, cv: number, fixed: FixedModules): number {
  const { size, kinds } = layout;
  let n = 0;
  let dark = 0;
  for (let v = Math.max(0, cv - windowReach); v <= Math.min(size - 1, cv + windowReach); v++) {
    for (let u = Math.max(0, cu - windowReach); u <= Math.min(size - 1, cu + windowReach); u++) {
      const kind = kinds[v * size + u];
      if (kind !== darkModule && kind !== lightModule) continue;
      fixed.u[n] = u + 0.5;
      fixed.v[n] = v + 0.5;
      fixed.weight[n++] = kind === darkModule ? 1 : 0;
      if (kind === darkModule) dark++;
    }
  }
  if (dark < 4 || n - dark < 4) return 0;
  for (let i = 0; i < n; i++) fixed.weight[i] = fixed.weight[i] === 1 ? 1 / dark : -1 / (n - dark);
  return n;
}

function matchWindow(image: BinaryImage, homography: Homography, cu: number, cv: number, n: number, fixed: FixedModules, polarity: number, reach: number, pairs: Float64Array, at: number): boolean {
  const sign = polarity === 1 ? -1 : 1;
  const x = mapX(homography, cu, cv);
  const y = mapY(homography, cu, cv);
  const ux = mapX(homography, cu + 1, cv) - x;
  const uy = mapY(homography, cu + 1, cv) - y;
  const vx = mapX(homography, cu, cv + 1) - x;
  const vy = mapY(homography, cu, cv + 1) - y;
  const score = (du: number, dv: number): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const a = (fixed.u[i] ?? 0) - cu + du;
      const b = (fixed.v[i] ?? 0) - cv + dv;
      sum += (fixed.weight[i] ?? 0) * sampleGrey(image, x + a * ux + b * vx, y + a * uy + b * vy);
    }
    return sign * sum;
  };
  const step = reach / 3;
  let best = -Infinity;
  let bestU = 0;
  let bestV = 0;
  for (let i = -3; i <= 3; i++) {
    for (let j = -3; j <= 3; j++) {
      const value = score(i * step, j * step);
      if (value <= best) continue;
      best = value;
      bestU = i;
      bestV = j;
    }
  }
  if (best < 8 || Math.abs(bestU) === 3 || Math.abs(bestV) === 3) return false;
  const du = (bestU + peak(score((bestU - 1) * step, bestV * step), best, score((bestU + 1) * step, bestV * step))) * step;
  const dv = (bestV + peak(score(bestU * step, (bestV - 1) * step), best, score(bestU * step, (bestV + 1) * step))) * step;
  pairs[at] = cu;
  pairs[at + 1] = cv;
  pairs[at + 2] = x + du * ux + dv * vx;
  pairs[at + 3] = y + du * uy + dv * vy;
  pairs[at + 4] = best;
  return true;
}

/** Where a parabola through three equidistant values has its top, -0.5..0.5. */
function peak(before: number, middle: number, after: number): number {
  const bend = before - 2 * middle + after;
  return bend >= 0 ? 0 : Math.max(-0.5, Math.min(0.5, (0.5 * (before - after)) / bend));
}
