import type { BinaryImage } from './binary-image.ts';
import { sampleGrey, sampleThreshold } from './grey-sampling.ts';

/** A verified finder. */
export interface Finder {
  /** Centre of the 3 × 3 core in pixels. */
  readonly x: number;
  readonly y: number;
  /** Direction in which the outer corner of the L points, radians. */
  readonly angle: number;
  /** 1 dark on light, 0 light on dark. */
  readonly polarity: number;
  /** Share of good rays in the sector of the L, less what their edges are off: 1 is perfect. */
  readonly score: number;
  /** Mean module size in pixels. */
  readonly unit: number;
  /** Module size by direction, `rayCount` entries; 0 where the ray failed. */
  readonly units: Float32Array;
}

/** Rays cast from a centre. */
export const rayCount = 48;

/** A stage that keeps its memory between calls. */
export interface FinderRays {
  /** Measures what lies around a centre; null when it is no finder. `blurred` looks again, with the threshold at every step, at what is nearly one. */
  measure(image: BinaryImage, x: number, y: number, unit: number, polarity: number, blurred: boolean): Finder | null;
}

/** Edges of a finder from the core's centre, in modules: the same on every ray through the L, under any affine map. */
const edgeModules = [1.5, 2.5, 3.5, 4.5, 5.5];
const edgeSquares = edgeModules.reduce((sum, edge) => sum + edge * edge, 0);

/** The L is seen from the core under about 123 degrees. */
const sectorRays = Math.round((rayCount * 118) / 360);

/** Creates the stage. */
export function createFinderRays(): FinderRays {
  const edges = new Float32Array(5);
  const units = new Float32Array(rayCount);
  const errors = new Float32Array(rayCount);
  return {
    measure: (image, x, y, unit, polarity, blurred) => {
      const target: Target = { image, x, y, unit, polarity, exact: false };
      const quick = probe(target, units, errors, edges);
      if (typeof quick !== 'number' || !blurred || quick === 0) return typeof quick === 'number' ? null : quick;
      const exact = probe({ ...target, exact: true }, units, errors, edges);
      return typeof exact === 'number' ? null : exact;
    },
  };
}

interface Target {
  readonly image: BinaryImage;
  readonly x: number;
  readonly y: number;
  readonly unit: number;
  readonly polarity: number;
  readonly exact: boolean;
}

/** A finder, or how many of the first rays looked like one. */
function probe(target: Target, units: Float32Array, errors: Float32Array, edges: Float32Array): Finder | number {
  const { image, unit, polarity, exact } = target;
  const centre = { x: target.x, y: target.y };
  for (let round = 0; round < 3; round++) if (!centreCore(image, centre, unit, polarity, edges, exact)) return 0;
  if (Math.hypot(centre.x - target.x, centre.y - target.y) > 2.5 * unit) return 0;
  // Every third ray first: most candidates end here.
  let early = 0;
  for (let ray = 0; ray < rayCount; ray += 3) if (measureRay(image, centre, ray, unit, polarity, edges, exact) > 0) early++;
  if (early < 3) return early;
  for (let ray = 0; ray < rayCount; ray++) {
    const module = measureRay(image, centre, ray, unit, polarity, edges, exact);
    units[ray] = module;
    errors[ray] = module > 0 ? edgeError(edges, module) : 0;
  }
  return describe(centre, units, errors, polarity) ?? early;
}

/** Least width of a core in any direction, in modules as the scan line saw them. */
const leastCore = 1.3;

/** Moves a centre by the chords through the core; false when there is no edge around it. */
function centreCore(image: BinaryImage, centre: { x: number; y: number }, unit: number, polarity: number, edges: Float32Array, exact: boolean): boolean {
  let shiftX = 0;
  let shiftY = 0;
  let chords = 0;
  const half = rayCount / 2;
  for (let ray = 0; ray < half; ray += 3) {
    const dx = rayX[ray] ?? 0;
    const dy = rayY[ray] ?? 0;
    if (castRay(image, centre.x, centre.y, dx, dy, 4 * unit + 1, unit, polarity, edges, 1, exact) < 1) continue;
    const ahead = edges[0] ?? 0;
    if (castRay(image, centre.x, centre.y, -dx, -dy, 4 * unit + 1, unit, polarity, edges, 1, exact) < 1) continue;
    const difference = ahead - (edges[0] ?? 0);
    // A core is three modules across; a lone dark module of the data is not.
    if (ahead + (edges[0] ?? 0) < leastCore * unit) return false;
    shiftX += difference * dx;
    shiftY += difference * dy;
    chords++;
  }
  if (chords < 5) return false;
  centre.x += shiftX / chords;
  centre.y += shiftY / chords;
  return true;
}

/** Module size along a ray whose five edges have the right ratios, else 0. */
function measureRay(image: BinaryImage, centre: { x: number; y: number }, ray: number, unit: number, polarity: number, edges: Float32Array, exact: boolean): number {
  const found = castRay(image, centre.x, centre.y, rayX[ray] ?? 0, rayY[ray] ?? 0, 13 * unit + 2, unit, polarity, edges, 5, exact);
  if (found < 5) return 0;
  let sum = 0;
  for (let i = 0; i < 5; i++) sum += (edges[i] ?? 0) * (edgeModules[i] ?? 0);
  const module = sum / edgeSquares;
  const tolerance = 0.34 * module + 0.3;
  for (let i = 0; i < 5; i++) if (Math.abs((edges[i] ?? 0) - module * (edgeModules[i] ?? 0)) > tolerance) return 0;
  return module;
}

/** Mean distance of the edges from where they belong, in modules. */
function edgeError(edges: Float32Array, module: number): number {
  let sum = 0;
  for (let i = 0; i < 5; i++) sum += Math.abs((edges[i] ?? 0) / module - (edgeModules[i] ?? 0));
  return sum / 5;
}

/** Distances of the first `wanted` changes between dark and light along a ray, to a fraction of a pixel; returns how many. */
function castRay(image: BinaryImage, x: number, y: number, dx: number, dy: number, reach: number, unit: number, polarity: number, edges: Float32Array, wanted: number, exact: boolean): number {
  const step = unit < 4 ? 0.5 : unit / 8;
  const sign = polarity === 1 ? 1 : -1;
  // The threshold changes slowly: a straight line between the centre and the outer edge will do.
  const threshold = sampleThreshold(image, x, y);
  const previous = sign * (threshold - sampleGrey(image, x, y));
  if (previous <= 0) return 0;
  const end = Math.min(reach, roomAlong(x, dx, image.width), roomAlong(y, dy, image.height));
  if (exact) return castExact(image, x, y, dx, dy, end, unit, step, sign, previous, edges, wanted);
  const slope = (sampleThreshold(image, x + 6 * unit * dx, y + 6 * unit * dy) - threshold) / (6 * unit);
  return castQuick(image, x, y, dx, dy, end, threshold, slope, step, sign, previous, edges, wanted);
}

/** How far a ray may go before its samples leave the picture. */
function roomAlong(from: number, direction: number, size: number): number {
  return direction > 0 ? (size - 0.51 - from) / direction : direction < 0 ? (0.5 - from) / direction : Infinity;
}

/** Bilinear samples without a look at the borders: the ray ends before them. */
function castQuick(image: BinaryImage, x: number, y: number, dx: number, dy: number, end: number, threshold: number, slope: number, step: number, sign: number, first: number, edges: Float32Array, wanted: number): number {
  const { grey, width } = image;
  let previous = first;
  let inside = 1;
  let found = 0;
  for (let t = step; t <= end; t += step) {
    const px = x - 0.5 + dx * t;
    const py = y - 0.5 + dy * t;
    const x0 = px | 0;
    const y0 = py | 0;
    const fx = px - x0;
    const i = y0 * width + x0;
    const a = grey[i] ?? 0;
    const c = grey[i + width] ?? 0;
    const top = a + ((grey[i + 1] ?? 0) - a) * fx;
    const bottom = c + ((grey[i + width + 1] ?? 0) - c) * fx;
    const value = sign * (threshold + slope * t - top - (bottom - top) * (py - y0));
    if (value * inside < 0) {
      edges[found++] = t - step + (step * previous) / (previous - value);
      if (found === wanted) return found;
      inside = -inside;
    }
    previous = value;
  }
  return found;
}

/** The threshold at every step, and a mean across the ray. */
function castExact(image: BinaryImage, x: number, y: number, dx: number, dy: number, end: number, unit: number, step: number, sign: number, first: number, edges: Float32Array, wanted: number): number {
  const aside = unit < 3.5 ? 0 : 0.3 * unit;
  let previous = first;
  let inside = 1;
  let found = 0;
  for (let t = step; t <= end; t += step) {
    const px = x + dx * t;
    const py = y + dy * t;
    const value = sign * (sampleThreshold(image, px, py) - sampleAcross(image, px, py, dx * aside, dy * aside));
    if (value * inside < 0) {
      edges[found++] = t - step + (step * previous) / (previous - value);
      if (found === wanted) return found;
      inside = -inside;
    }
    previous = value;
  }
  return found;
}

/** Mean of three points across a ray: half the noise, and straight edges stay where they are. */
function sampleAcross(image: BinaryImage, x: number, y: number, dx: number, dy: number): number {
  return (sampleGrey(image, x, y) + sampleGrey(image, x - dy, y + dx) + sampleGrey(image, x + dy, y - dx)) / 3;
}

/** How much being off counts against the share of good rays. */
const errorWeight = 2;

/** Finds the sector with most good rays; its middle, weighted by distance, is the direction of the L. */
function describe(centre: { x: number; y: number }, units: Float32Array, errors: Float32Array, polarity: number): Finder | null {
  let best = 0;
  let start = 0;
  for (let first = 0; first < rayCount; first++) {
    let good = 0;
    for (let k = 0; k < sectorRays; k++) if ((units[(first + k) % rayCount] ?? 0) > 0) good++;
    if (good > best) {
      best = good;
      start = first;
    }
  }
  if (best < 0.55 * sectorRays) return null;
  let sum = 0;
  let error = 0;
  let x = 0;
  let y = 0;
  const kept = new Float32Array(rayCount);
  for (let k = 0; k < sectorRays; k++) {
    const ray = (start + k) % rayCount;
    const unit = units[ray] ?? 0;
    if (unit === 0) continue;
    kept[ray] = unit;
    sum += unit;
    error += errors[ray] ?? 0;
    x += (rayX[ray] ?? 0) * unit;
    y += (rayY[ray] ?? 0) * unit;
  }
  return { x: centre.x, y: centre.y, angle: Math.atan2(y, x), polarity, score: best / sectorRays - errorWeight * (error / best), unit: sum / best, units: kept };
}

const rayX = Float32Array.from({ length: rayCount }, (_, ray) => Math.cos((2 * Math.PI * ray) / rayCount));
const rayY = Float32Array.from({ length: rayCount }, (_, ray) => Math.sin((2 * Math.PI * ray) / rayCount));
