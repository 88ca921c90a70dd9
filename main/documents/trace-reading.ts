// oxlint-disable typescript/no-non-null-assertion -- typed arrays, indexed within their fixed length in the inner loops
import { decodeTrace, type TraceContent, traceSync, traceTile } from '../../domain/trace-pattern.ts';
import { flatten, type FlatPicture, type GreyPicture } from './trace-background.ts';
import { fitPlane, type PagePlane } from './trace-plane.ts';
import { findGratings } from './trace-spectrum.ts';

const { cells } = traceTile;
const mostPlacements = 6;
// Of the 128 that cells of known sign can reach; chance gives some 45.
const leastScore = 60;

/**
 * Reads the trace mark in a photograph, scan or part of a marked page, whatever its size, turn and (mild) perspective; null when
 * there is none that its own check of 32 bits confirms.
 */
export function readTraceMark(picture: GreyPicture): TraceContent | null {
  for (const part of partsOf(picture)) {
    const content = readPart(flatten(part));
    if (content !== null) return content;
  }
  return null;
}

/** The whole, the whole at half the size, then windows of that: a frame or a pattern of the paper may lead astray in one and not in another. */
function* partsOf(picture: GreyPicture): Generator<GreyPicture> {
  yield picture;
  if (picture.width < leastSide * 2 || picture.height < leastSide * 2) return;
  const half = halve(picture);
  yield half;
  const { width, height } = half;
  const [partWidth, partHeight] = [Math.floor(width * 0.6), Math.floor(height * 0.6)];
  for (const [x, y] of [[0.5, 0.5], [0, 0], [1, 0], [0, 1], [1, 1]] as const)
    yield cut(half, { x: Math.floor((width - partWidth) * x), y: Math.floor((height - partHeight) * y), width: partWidth, height: partHeight });
}

const leastSide = 400;

function halve({ width, height, values }: GreyPicture): GreyPicture {
  const [halfWidth, halfHeight] = [width >> 1, height >> 1];
  const halved = new Float32Array(halfWidth * halfHeight);
  for (let y = 0; y < halfHeight; y++)
    for (let x = 0; x < halfWidth; x++) {
      const at = 2 * y * width + 2 * x;
      halved[y * halfWidth + x] = (values[at]! + values[at + 1]! + values[at + width]! + values[at + width + 1]!) / 4;
    }
  return { width: halfWidth, height: halfHeight, values: halved };
}

function cut({ width: stride, values }: GreyPicture, { x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): GreyPicture {
  const part = new Float32Array(width * height);
  for (let row = 0; row < height; row++) part.set(values.subarray((y + row) * stride + x, (y + row) * stride + x + width), row * width);
  return { width, height, values: part };
}

function readPart(flat: FlatPicture): TraceContent | null {
  for (const gratings of findGratings(flat)) {
    const plane = fitPlane(flat, gratings);
    const content = plane === null ? null : decodeTile(fold(flat, plane));
    if (content !== null) return content;
  }
  return null;
}

/** One cell at one repetition of the tile. */
interface Sight {
  sum: number;
  weight: number;
}

/**
 * The usual shade of each cell over all repetitions of the tile in the picture; positive where it is darker. What else is on the
 * paper may lie in some repetitions of a cell, but not in most: the middle ones count.
 */
function fold({ width, height, signal, weight }: FlatPicture, plane: PagePlane): Float64Array {
  const sights = new Map<number, Sight>();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (weight[i] === 0) continue;
      const [p, q] = plane(x, y);
      // The gratings run along the diagonals of the cells; the second is the first, a quarter turn on.
      const place = (Math.floor(p + q) + offset) * span + Math.floor(p - q) + offset;
      const sight = sights.get(place) ?? { sum: 0, weight: 0 };
      if (sight.weight === 0) sights.set(place, sight);
      sight.sum -= signal[i]!;
      sight.weight += 1;
    }
  }
  // One after another: a page without a mark may have more sights than a call has room for.
  let most = 0;
  for (const sight of sights.values()) most = Math.max(most, sight.weight);
  const shades: number[][] = Array.from({ length: cells * cells }, () => []);
  for (const [place, { sum, weight: seen }] of sights) {
    const [v, u] = [Math.floor(place / span) - offset, (place % span) - offset];
    if (seen > most * 0.4) shades[wrap(v) * cells + wrap(u)]?.push(sum / seen);
  }
  return withoutGratings(Float64Array.from(shades, middleOf));
}

// Cells of a picture counted from far outside it, as one number.
const [span, offset] = [100_000, 50_000] as const;

/** The mean of the middle half. */
function middleOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const cut = Math.floor(sorted.length / 4);
  const middle = sorted.slice(cut, sorted.length - cut);
  return middle.length === 0 ? 0 : middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** Over a whole cell the gratings leave a chequered remainder. */
function withoutGratings(means: Float64Array): Float64Array {
  const parity = (i: number): number => ((Math.floor(i / cells) + i) % 2 === 0 ? 1 : -1);
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  const chequered = means.reduce((sum, value, i) => sum + value * parity(i), 0) / means.length;
  return means.map((value, i) => value - mean - chequered * parity(i));
}

function decodeTile(measured: Float64Array): TraceContent | null {
  const sync = traceSync();
  const tile = withoutExtremes(measured);
  const placements: { score: number; turned: Float64Array; dx: number; dy: number }[] = [];
  let turned = tile;
  for (let turn = 0; turn < 4; turn++) {
    for (let dy = 0; dy < cells; dy++) {
      for (let dx = 0; dx < cells; dx++) placements.push({ score: correlate(sync, turned, dx, dy), turned, dx, dy });
    }
    turned = turnTile(turned);
  }
  for (const { score, turned: placed, dx, dy } of placements.toSorted((a, b) => b.score - a.score).slice(0, mostPlacements)) {
    if (score < leastScore) return null;
    const moved = Float64Array.from(placed, (_, i) => placed[wrap(Math.floor(i / cells) + dy) * cells + wrap((i % cells) + dx)]!);
    const content = decodeTrace(moved);
    if (content !== null) return content;
  }
  return null;
}

/** A cell counts at most one and a half times as much as the middle one, which then is 1. */
function withoutExtremes(tile: Float64Array): Float64Array {
  const middle = tile.map(Math.abs).toSorted()[tile.length >> 1] || 1;
  return tile.map((value) => Math.max(-1.5, Math.min(1.5, value / middle)));
}

function correlate(sync: Int8Array, tile: Float64Array, dx: number, dy: number): number {
  let score = 0;
  for (let i = 0; i < sync.length; i++) {
    if (sync[i] !== 0) score += sync[i]! * tile[wrap(Math.floor(i / cells) + dy) * cells + wrap((i % cells) + dx)]!;
  }
  return score;
}

function turnTile(tile: Float64Array): Float64Array {
  return Float64Array.from(tile, (_, i) => tile[(cells - 1 - (i % cells)) * cells + Math.floor(i / cells)]!);
}

function wrap(value: number): number {
  return ((value % cells) + cells) % cells;
}
