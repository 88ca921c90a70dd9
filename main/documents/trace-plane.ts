// oxlint-disable typescript/no-non-null-assertion -- typed arrays, indexed within their fixed length in the inner loops
import type { FlatPicture } from './trace-background.ts';
import type { Frequency } from './trace-spectrum.ts';

/** Where a pixel lies on the marked page: phases of both gratings, in cycles. */
export type PagePlane = (x: number, y: number) => readonly [number, number];

const step = 12;

/**
 * Follows two gratings over a picture and fits the plane that they were printed on, perspective with it; null when they cannot be
 * followed over a region worth reading.
 */
export function fitPlane(picture: FlatPicture, gratings: readonly [Frequency, Frequency]): PagePlane | null {
  const period = 1 / Math.hypot(gratings[0].x, gratings[0].y);
  const [first, second] = gratings.map((frequency) => demodulate(picture, frequency, period));
  if (first === undefined || second === undefined) return null;
  const points = unwrap(first, second, gratings);
  return points.length < 20 ? null : solve(points);
}

/** The local phase and strength of one grating on a coarse grid. */
interface PhaseGrid {
  readonly columns: number;
  readonly rows: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function demodulate({ width, height, signal }: FlatPicture, { x: fx, y: fy }: Frequency, period: number): PhaseGrid {
  const [columns, rows] = [Math.floor(width / step), Math.floor(height / step)];
  const [re, im] = [new Float64Array(columns * rows), new Float64Array(columns * rows)];
  for (let y = 0; y < rows * step; y++) {
    const row = Math.floor(y / step) * columns;
    const [rowCos, rowSin] = [Math.cos(2 * Math.PI * fy * y), -Math.sin(2 * Math.PI * fy * y)];
    const [turnCos, turnSin] = [Math.cos(2 * Math.PI * fx), -Math.sin(2 * Math.PI * fx)];
    let [cos, sin] = [rowCos, rowSin];
    for (let x = 0; x < columns * step; x++) {
      const value = signal[y * width + x]!;
      const cell = row + Math.floor(x / step);
      re[cell]! += value * cos;
      im[cell]! += value * sin;
      [cos, sin] = [cos * turnCos - sin * turnSin, sin * turnCos + cos * turnSin];
    }
  }
  const spread = Math.max(1, (period * 1.6) / step);
  return { columns, rows, re: smooth(re, columns, rows, spread), im: smooth(im, columns, rows, spread) };
}

function smooth(values: Float64Array, columns: number, rows: number, spread: number): Float64Array {
  const reach = Math.ceil(spread * 2.5);
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * spread * spread)));
  const pass = (from: Float64Array, isAcross: boolean): Float64Array => {
    const to = new Float64Array(from.length);
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        let sum = 0;
        for (let k = -reach; k <= reach; k++) {
          const [px, py] = isAcross ? [x + k, y] : [x, y + k];
          if (px >= 0 && px < columns && py >= 0 && py < rows) sum += from[py * columns + px]! * kernel[k + reach]!;
        }
        to[y * columns + x] = sum;
      }
    }
    return to;
  };
  return pass(pass(values, true), false);
}

interface PlanePoint {
  readonly x: number;
  readonly y: number;
  readonly phases: readonly [number, number];
  readonly weight: number;
}

/** Follows the phases outwards from the strongest point, stronger neighbours first. */
function unwrap(first: PhaseGrid, second: PhaseGrid, [f, g]: readonly [Frequency, Frequency]): PlanePoint[] {
  const { columns, rows } = first;
  const strength = Float64Array.from(first.re, (_, i) => Math.min(Math.hypot(first.re[i]!, first.im[i]!), Math.hypot(second.re[i]!, second.im[i]!)));
  const raw = [first, second].map((grid) => Float64Array.from(grid.re, (re, i) => Math.atan2(grid.im[i]!, re) / (2 * Math.PI)));
  const start = strength.indexOf(Math.max(...strength));
  const least = strength[start]! * 0.12;
  const phases = [new Float64Array(columns * rows), new Float64Array(columns * rows)];
  const isKnown = new Uint8Array(columns * rows);
  const waiting: { cell: number; from: number }[] = [{ cell: start, from: -1 }];
  const points: PlanePoint[] = [];
  while (waiting.length > 0) {
    let best = 0;
    for (let i = 1; i < waiting.length; i++) if (strength[waiting[i]!.cell]! > strength[waiting[best]!.cell]!) best = i;
    const { cell, from } = waiting.splice(best, 1)[0]!;
    if (isKnown[cell] === 1) continue;
    isKnown[cell] = 1;
    for (const [k, phase] of phases.entries()) {
      const value = raw[k]![cell]!;
      phase[cell] = from < 0 ? value : value + Math.round(phase[from]! - value);
    }
    const [column, row] = [cell % columns, Math.floor(cell / columns)];
    const [x, y] = [column * step + (step - 1) / 2, row * step + (step - 1) / 2];
    points.push({ x, y, phases: [phases[0]![cell]! + f.x * x + f.y * y, phases[1]![cell]! + g.x * x + g.y * y], weight: strength[cell]! });
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
      const [nx, ny] = [column + dx, row + dy];
      const next = ny * columns + nx;
      if (nx >= 0 && nx < columns && ny >= 0 && ny < rows && isKnown[next] === 0 && strength[next]! > least) waiting.push({ cell: next, from: cell });
    }
  }
  return points;
}

const rounds = 4;

/** Fits both phases as one projective map by least squares; what lies off the fit is left out of the next. */
function solve(points: readonly PlanePoint[]): PagePlane | null {
  const scale = 1 / Math.max(...points.map(({ x, y }) => Math.max(x, y)));
  let used = points;
  let plane: PagePlane | null = null;
  for (let round = 0; round < rounds; round++) {
    const unknowns = leastSquares(used.flatMap(({ x, y, phases: [p, q], weight }) => {
      const [u, v] = [x * scale, y * scale];
      return [
        { row: [u, v, 1, 0, 0, 0, -u * p, -v * p], value: p, weight },
        { row: [0, 0, 0, u, v, 1, -u * q, -v * q], value: q, weight },
      ];
    }));
    if (unknowns === null) return null;
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = unknowns;
    const fitted: PagePlane = (x, y) => {
      const [u, v] = [x * scale, y * scale];
      const below = g * u + h * v + 1;
      return [(a * u + b * v + c) / below, (d * u + e * v + f) / below];
    };
    plane = fitted;
    const kept = points.filter(({ x, y, phases }) => fitted(x, y).every((phase, k) => Math.abs(phase - phases[k]!) < 0.3 / (round + 1) + 0.05));
    if (kept.length < 20) return plane;
    used = kept;
  }
  return plane;
}

interface Equation {
  readonly row: readonly number[];
  readonly value: number;
  readonly weight: number;
}

/** Solves eight unknowns by the normal equations; null when they are not determined. */
function leastSquares(equations: readonly Equation[]): number[] | null {
  const n = 8;
  const matrix = Array.from({ length: n }, () => new Float64Array(n + 1));
  for (const { row, value, weight } of equations) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) matrix[i]![j]! += weight * row[i]! * row[j]!;
      matrix[i]![n]! += weight * row[i]! * value;
    }
  }
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let k = i + 1; k < n; k++) if (Math.abs(matrix[k]![i]!) > Math.abs(matrix[pivot]![i]!)) pivot = k;
    [matrix[i], matrix[pivot]] = [matrix[pivot]!, matrix[i]!];
    if (Math.abs(matrix[i]![i]!) < 1e-12) return null;
    for (let k = 0; k < n; k++) {
      if (k === i) continue;
      const factor = matrix[k]![i]! / matrix[i]![i]!;
      for (let j = i; j <= n; j++) matrix[k]![j]! -= factor * matrix[i]![j]!;
    }
  }
  return matrix.map((row, i) => row[n]! / row[i]!);
}
