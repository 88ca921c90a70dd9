import type { CanvasKit } from '../../ofd/canvas.ts';

/** Surfaces that are counted: a worker has no memory limit of its own that a window could set. */
export interface CanvasBudget {
  /** Begins a new answer; what earlier ones made is no longer held. */
  startCount(): void;
  /** Throws `CanvasBudgetError`. */
  readonly createSurface: CanvasKit['createSurface'];
}

/** Thrown where one answer would take more canvases than the worker may hold. */
export class CanvasBudgetError extends Error {}

/** Creates surfaces with `makeCanvas` until those of one answer together have more than `mostPixels`; the one too many is not made. */
export function createCanvasBudget({ mostPixels, makeCanvas }: { readonly mostPixels: number; readonly makeCanvas: (width: number, height: number) => OffscreenCanvas }): CanvasBudget {
  let pixels = 0;
  return {
    startCount: () => void (pixels = 0),
    createSurface: (width, height) => {
      pixels += width * height;
      if (!(pixels <= mostPixels)) throw new CanvasBudgetError('too many pixels');
      const canvas = makeCanvas(width, height);
      const context = canvas.getContext('2d', { willReadFrequently: false });
      if (context === null) throw new Error('no canvas');
      return { canvas, context, width, height };
    },
  };
}
