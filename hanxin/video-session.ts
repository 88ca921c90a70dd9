import type { BinaryImage } from './binary-image.ts';
import { createEnlargement, type Region } from './enlargement.ts';
import { createFrameReader, type FrameReader, type FrameReaderOptions } from './frame-reader.ts';
import { checkImage, type GreyImage } from './grey-image.ts';
import { createSharpening } from './sharpening.ts';
import type { FoundSymbol, Point } from './symbol-reader.ts';

/** How a frame was looked at. */
export type Strategy = 'plain' | 'sharpened' | 'enlarged' | 'smoothed';

/** What one frame of a video gave. */
export interface VideoResult {
  readonly symbols: readonly FoundSymbol[];
  readonly strategy: Strategy;
  /** The frame as dark and light, for other readers; null unless the strategy was `plain`. Valid until the next frame. */
  readonly binary: BinaryImage | null;
}

/** Reads a video: one look a frame, each within one frame's time. */
export interface VideoSession {
  /** The symbols of a frame. Throws a RangeError for a picture that is none. */
  read(image: GreyImage): VideoResult;
}

/**
 * Creates a session. While frames give nothing the looks alternate: plain, sharpened (against blur), an enlarged region
 * around the finders last seen (against small modules), smoothed (against noise); a symbol brings back the plain look.
 */
export function createVideoSession(options: FrameReaderOptions = {}): VideoSession {
  const looks = createLooks(options);
  let next: Strategy = 'plain';
  let region: Region | null = null;
  return {
    read: (image) => {
      checkImage(image);
      const strategy = next;
      const look = looks[strategy](image, region);
      const seen = look.points.length >= 2 ? around(look.points, look.unit, image) : null;
      if (seen !== null) region = seen;
      next = look.symbols.length > 0 ? 'plain' : (order[strategy] ?? 'plain');
      return { symbols: look.symbols, strategy, binary: strategy === 'plain' ? look.binary : null };
    },
  };
}

const order: Readonly<Record<Strategy, Strategy>> = { plain: 'sharpened', sharpened: 'enlarged', enlarged: 'smoothed', smoothed: 'plain' };

interface Look {
  readonly symbols: readonly FoundSymbol[];
  readonly binary: BinaryImage;
  /** Finders, in pixels of the frame. */
  readonly points: readonly Point[];
  /** Largest module size, in pixels of the frame. */
  readonly unit: number;
}

/** Longest side of an enlarged region before enlarging. */
const longestRegion = 480;

function createLooks(options: FrameReaderOptions): Readonly<Record<Strategy, (image: GreyImage, region: Region | null) => Look>> {
  const reader = createFrameReader(options);
  const regionReader = createFrameReader(options);
  const sharpening = createSharpening();
  const regionSharpening = createSharpening();
  const enlargement = createEnlargement();
  return {
    plain: (image) => look(reader, image, 0, 0, 1),
    sharpened: (image) => look(reader, sharpening.sharpen(image, 2, 1.2), 0, 0, 1),
    // A negative amount of all the difference leaves the mean.
    smoothed: (image) => look(reader, sharpening.sharpen(image, 1, -1), 0, 0, 1),
    enlarged: (image, near) => {
      const region = near ?? middle(image);
      return look(regionReader, regionSharpening.sharpen(enlargement.enlarge(image, region), 4, 1.2), region.left, region.top, 2);
    },
  };
}

function look(reader: FrameReader, image: GreyImage, left: number, top: number, scale: number): Look {
  const result = reader.read(image);
  const back = (point: Point): Point => ({ x: left + point.x / scale, y: top + point.y / scale });
  const symbols = result.symbols.map((symbol): FoundSymbol => {
    const [a, b, c, d] = symbol.corners;
    return { ...symbol, corners: [back(a), back(b), back(c), back(d)] };
  });
  return { symbols, binary: result.binary, points: result.finders.map(back), unit: Math.max(0, ...result.finders.map((finder) => finder.unit)) / scale };
}

/** The region around points, with room for the rest of a symbol; null when that is too large to gain from enlarging. */
function around(points: readonly Point[], unit: number, image: GreyImage): Region | null {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const left = Math.min(...xs);
  const right = Math.max(...xs);
  const top = Math.min(...ys);
  const bottom = Math.max(...ys);
  const room = 12 * unit;
  const short = Math.max(right - left, bottom - top);
  // With two finders of four on one side, the symbol reaches as far again across.
  const grow = (size: number) => room + Math.max(0, short - size);
  return clip(left - grow(right - left), top - grow(bottom - top), right + grow(right - left), bottom + grow(bottom - top), image);
}

function middle(image: GreyImage): Region {
  const half = longestRegion / 2;
  const x = image.width / 2;
  const y = image.height / 2;
  return clip(x - half, y - half, x + half, y + half, image) ?? { left: 0, top: 0, width: Math.min(image.width, longestRegion), height: Math.min(image.height, longestRegion) };
}

function clip(left: number, top: number, right: number, bottom: number, image: GreyImage): Region | null {
  const x = Math.max(0, Math.floor(left));
  const y = Math.max(0, Math.floor(top));
  const width = Math.min(image.width, Math.ceil(right)) - x;
  const height = Math.min(image.height, Math.ceil(bottom)) - y;
  return width < 1 || height < 1 || width > longestRegion || height > longestRegion ? null : { left: x, top: y, width, height };
}
