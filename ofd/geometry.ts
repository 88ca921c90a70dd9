/** A box in millimetres, y down. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** a b c d e f of x' = a·x + c·y + e, y' = b·x + d·y + f: the order of OFD and of Canvas alike. */
export type Matrix = readonly [number, number, number, number, number, number];

/** A point in millimetres. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export const identity: Matrix = [1, 0, 0, 1, 0, 0];

/** The numbers of a list (ST_Array); whatever is no finite number is left out. */
export function parseNumbers(text: string | null): number[] {
  if (text === null) return [];
  return text
    .trim()
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map(Number)
    .filter(isUsable);
}

/** One number, or the fallback where there is none. */
export function parseNumber(text: string | null, fallback: number): number {
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return isUsable(value) ? value : fallback;
}

/** A million kilometres is no length of a page; a canvas counts in 32-bit numbers, and beyond 2^53 even `n + 1` is `n`. */
const greatest = 1e9;

function isUsable(value: number): boolean {
  return Math.abs(value) <= greatest;
}

/** A box (ST_Box): x y width height; null when it is not one. */
export function parseBox(text: string | null): Box | null {
  const [x, y, width, height] = parseNumbers(text);
  if (x === undefined || y === undefined || width === undefined || height === undefined) return null;
  return { x, y, width, height };
}

/** A matrix (CTM); null when it has not six numbers. */
export function parseMatrix(text: string | null): Matrix | null {
  const [a, b, c, d, e, f] = parseNumbers(text);
  if (a === undefined || b === undefined || c === undefined || d === undefined || e === undefined || f === undefined) return null;
  return [a, b, c, d, e, f];
}

/** A point (ST_Pos); null when it is not one. */
export function parsePoint(text: string | null): Point | null {
  const [x, y] = parseNumbers(text);
  return x === undefined || y === undefined ? null : { x, y };
}

/** The matrix that does `first`, then `then`. */
export function combine(first: Matrix, then: Matrix): Matrix {
  const [a, b, c, d, e, f] = first;
  const [A, B, C, D, E, F] = then;
  return [a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F];
}

/** A point moved by a matrix. */
export function applyMatrix([a, b, c, d, e, f]: Matrix, { x, y }: Point): Point {
  return { x: a * x + c * y + e, y: b * x + d * y + f };
}

/** The matrix that undoes this one, or null when it flattens the plane. */
export function invert([a, b, c, d, e, f]: Matrix): Matrix | null {
  const determinant = a * d - b * c;
  if (!Number.isFinite(determinant) || Math.abs(determinant) < 1e-12) return null;
  return [d / determinant, -b / determinant, -c / determinant, a / determinant, (c * f - d * e) / determinant, (b * e - a * f) / determinant];
}

/** By how much a matrix enlarges lengths, on the whole. */
export function scaleOf([a, b, c, d]: Matrix): number {
  return Math.sqrt(Math.abs(a * d - b * c));
}

/** The upright box around a box that was moved by a matrix. */
export function boundsOf(box: Box, matrix: Matrix): Box {
  const corners = [
    { x: box.x, y: box.y },
    { x: box.x + box.width, y: box.y },
    { x: box.x, y: box.y + box.height },
    { x: box.x + box.width, y: box.y + box.height },
  ].map((corner) => applyMatrix(matrix, corner));
  const xs = corners.map(({ x }) => x);
  const ys = corners.map(({ y }) => y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
