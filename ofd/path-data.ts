import type { PathSink } from './canvas.ts';
import { applyMatrix, type Matrix, type Point } from './geometry.ts';

const counts: Readonly<Record<string, number>> = { S: 2, M: 2, L: 2, Q: 4, B: 6, A: 7, C: 0 };

/**
 * Traces AbbreviatedData (GB/T 33190 9.3.1) into a path, each point moved by the matrix. Reading stops at the first word that is neither
 * command nor number; what came before is kept.
 */
export function tracePath(data: string, matrix: Matrix, sink: PathSink): void {
  const words = data.match(/[a-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi) ?? [];
  let command = '';
  let current: Point = { x: 0, y: 0 };
  let start: Point = current;
  let isOpen = false;
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? '';
    if (/^[a-z]$/i.test(word)) {
      command = word.toUpperCase();
      at += 1;
      if (command === 'C') {
        if (isOpen) sink.closePath();
        current = start;
        continue;
      }
    }
    const count = counts[command];
    if (count === undefined || count === 0 || at + count > words.length) return;
    const numbers = words.slice(at, at + count).map(Number);
    if (!numbers.every(Number.isFinite)) return;
    at += count;
    const isMove = command === 'M' || command === 'S';
    // Some writers begin with a line.
    if (!isMove && !isOpen) moveTo(sink, matrix, current);
    isOpen = true;
    current = traceSegment({ command, numbers, current, matrix, sink });
    if (isMove) start = current;
  }
}

interface Segment {
  readonly command: string;
  readonly numbers: readonly number[];
  readonly current: Point;
  readonly matrix: Matrix;
  readonly sink: PathSink;
}

function traceSegment({ command, numbers, current, matrix, sink }: Segment): Point {
  const point = (index: number): Point => ({ x: numbers[index] ?? 0, y: numbers[index + 1] ?? 0 });
  if (command === 'L') {
    const end = applyMatrix(matrix, point(0));
    sink.lineTo(end.x, end.y);
    return point(0);
  }
  if (command === 'Q') {
    const [control, end] = [applyMatrix(matrix, point(0)), applyMatrix(matrix, point(2))];
    sink.quadraticCurveTo(control.x, control.y, end.x, end.y);
    return point(2);
  }
  if (command === 'B') {
    curveTo(sink, matrix, [point(0), point(2), point(4)]);
    return point(4);
  }
  if (command === 'A') {
    const [rx = 0, ry = 0, angle = 0, large = 0, sweep = 0] = numbers;
    const arc = { rx: Math.abs(rx), ry: Math.abs(ry), angle: (angle * Math.PI) / 180, isLarge: large !== 0, isClockwise: sweep !== 0, from: current, to: point(5) };
    for (const curve of arcCurves(arc)) curveTo(sink, matrix, curve);
    return point(5);
  }
  moveTo(sink, matrix, point(0));
  return point(0);
}

function moveTo(sink: PathSink, matrix: Matrix, to: Point): void {
  const { x, y } = applyMatrix(matrix, to);
  sink.moveTo(x, y);
}

type Curve = readonly [Point, Point, Point];

function curveTo(sink: PathSink, matrix: Matrix, curve: Curve): void {
  const [first, second, end] = curve.map((point) => applyMatrix(matrix, point));
  if (first !== undefined && second !== undefined && end !== undefined) sink.bezierCurveTo(first.x, first.y, second.x, second.y, end.x, end.y);
}

interface Arc {
  readonly rx: number;
  readonly ry: number;
  readonly angle: number;
  readonly isLarge: boolean;
  readonly isClockwise: boolean;
  readonly from: Point;
  readonly to: Point;
}

/** The arc as Bézier curves of at most a quarter turn; radii that are too small grow, as in SVG (F.6.6). */
function arcCurves({ rx, ry, angle, isLarge, isClockwise, from, to }: Arc): Curve[] {
  if (rx === 0 || ry === 0) return [[from, to, to]];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const halfX = (from.x - to.x) / 2;
  const halfY = (from.y - to.y) / 2;
  const x = cos * halfX + sin * halfY;
  const y = cos * halfY - sin * halfX;
  const enlargement = Math.max(1, Math.sqrt((x / rx) ** 2 + (y / ry) ** 2));
  const [a, b] = [rx * enlargement, ry * enlargement];
  const denominator = (a * y) ** 2 + (b * x) ** 2;
  if (denominator === 0) return [];
  const factor = (isLarge === isClockwise ? -1 : 1) * Math.sqrt(Math.max(0, ((a * b) ** 2 - denominator) / denominator));
  const centre = { x: (factor * a * y) / b, y: (-factor * b * x) / a };
  const first = Math.atan2((y - centre.y) / b, (x - centre.x) / a);
  let turn = Math.atan2((-y - centre.y) / b, (-x - centre.x) / a) - first;
  if (isClockwise && turn < 0) turn += 2 * Math.PI;
  if (!isClockwise && turn > 0) turn -= 2 * Math.PI;
  const place: Matrix = [a * cos, a * sin, -b * sin, b * cos, cos * centre.x - sin * centre.y + (from.x + to.x) / 2, sin * centre.x + cos * centre.y + (from.y + to.y) / 2];
  const pieces = Math.max(1, Math.ceil(Math.abs(turn) / (Math.PI / 2) - 1e-9));
  const step = turn / pieces;
  const reach = (4 / 3) * Math.tan(step / 4);
  return Array.from({ length: pieces }, (_, index): Curve => {
    const [begin, end] = [first + index * step, first + (index + 1) * step];
    const one = { x: Math.cos(begin) - reach * Math.sin(begin), y: Math.sin(begin) + reach * Math.cos(begin) };
    const other = { x: Math.cos(end) + reach * Math.sin(end), y: Math.sin(end) - reach * Math.cos(end) };
    const last = index === pieces - 1 ? to : applyMatrix(place, { x: Math.cos(end), y: Math.sin(end) });
    return [applyMatrix(place, one), applyMatrix(place, other), last];
  });
}
