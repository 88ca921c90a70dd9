import { centreMark } from './centre-mark.ts';
import { quietZoneModules, type Matrix } from './symbol.ts';

/** How a symbol is drawn. */
export interface PictureOptions {
  /** Whole pixels (or SVG units) a module; default 4. */
  readonly moduleSize?: number;
  /** Light modules around the symbol; default and least 3, the standard's quiet zone. */
  readonly quietZone?: number;
  /** Share of the area (0 to below 0.1) left light in the middle for a mark; encode with the same `markShare`. */
  readonly markShare?: number;
}

/** A grey picture, row by row, 0 black to 255 white. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Draws a symbol as grey pixels. Throws a RangeError for options out of range. */
export function drawPixels(symbol: Matrix, options: PictureOptions = {}): GreyPicture {
  const { moduleSize, quietZone, isDark } = plan(symbol, options);
  const width = (symbol.size + 2 * quietZone) * moduleSize;
  const data = new Uint8Array(width * width).fill(255);
  for (let y = 0; y < symbol.size; y++) {
    for (let x = 0; x < symbol.size; x++) {
      if (!isDark(x, y)) continue;
      const left = (x + quietZone) * moduleSize;
      for (let row = 0; row < moduleSize; row++) {
        const at = ((y + quietZone) * moduleSize + row) * width + left;
        data.fill(0, at, at + moduleSize);
      }
    }
  }
  return { width, height: width, data };
}

/** Draws a symbol as an SVG document of one path: runs of dark modules as rectangles. Throws a RangeError for options out of range. */
export function printSvg(symbol: Matrix, options: PictureOptions = {}): string {
  const { moduleSize, quietZone, isDark } = plan(symbol, options);
  const side = symbol.size + 2 * quietZone;
  const runs: string[] = [];
  for (let y = 0; y < symbol.size; y++) {
    let start = -1;
    for (let x = 0; x <= symbol.size; x++) {
      const dark = x < symbol.size && isDark(x, y);
      if (dark && start < 0) start = x;
      if (!dark && start >= 0) {
        runs.push(`M${start + quietZone} ${y + quietZone}h${x - start}v1h-${x - start}z`);
        start = -1;
      }
    }
  }
  const pixels = side * moduleSize;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${pixels}" height="${pixels}" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${runs.join('')}"/></svg>`;
}

function plan(symbol: Matrix, options: PictureOptions): { moduleSize: number; quietZone: number; isDark: (x: number, y: number) => boolean } {
  const moduleSize = options.moduleSize ?? 4;
  const quietZone = options.quietZone ?? quietZoneModules;
  if (!Number.isInteger(moduleSize) || moduleSize < 1 || moduleSize > 100) throw new RangeError('A module is 1 to 100 whole pixels');
  if (!Number.isInteger(quietZone) || quietZone < quietZoneModules || quietZone > 100) throw new RangeError('A quiet zone is 3 to 100 modules');
  const share = options.markShare ?? 0;
  if (!(share >= 0 && share < 0.1)) throw new RangeError('A mark covers 0 to below 0.1 of the area');
  const mark = centreMark(symbol.size, share);
  const end = mark.start + mark.side;
  const underMark = (x: number, y: number) => x >= mark.start && x < end && y >= mark.start && y < end;
  return { moduleSize, quietZone, isDark: (x, y) => symbol.modules[y * symbol.size + x] === 1 && !underMark(x, y) };
}
