import type { Canvas } from '@napi-rs/canvas';
import type { Result } from '../../domain/failure.ts';

/** One page painted as it would be printed. */
export interface PaintedSheet {
  readonly canvas: Canvas;
  /** Size of the page in points (1/72 inch), as it is looked at. */
  readonly width: number;
  readonly height: number;
}

/** The pages of a certificate file, painted one by one. */
export interface PageSource {
  readonly count: number;
  /** Paints page `index` (from 0) at `dpi`, less where the page is so large that its picture would not fit the memory. */
  paint(index: number, dpi: number): Promise<Result<PaintedSheet>>;
  close(): Promise<void>;
}

/** Sides of a page that can be printed, in points; the pixels of one picture. */
export const sheetLimits = { side: 14_400, pixels: 36_000_000 } as const;

/** Pixels a point for a page of this size; null when it has no size that can be printed. */
export function scaleOf(width: number, height: number, dpi: number): number | null {
  if (![width, height].every((side) => side > 1 && side <= sheetLimits.side)) return null;
  return Math.min(dpi / 72, Math.sqrt(sheetLimits.pixels / (width * height)));
}
