import jbig2Url from 'pdfjs-dist/wasm/jbig2.wasm?url';
import openjpegUrl from 'pdfjs-dist/wasm/openjpeg.wasm?url';
import type { CanvasKit, FallbackFonts } from '../../ofd/canvas.ts';

/** All canvases of one answer together: half a gigabyte, several pages at the finest zoom. */
const mostPixels = 128_000_000;

/** A canvas kit that counts: a worker has no memory limit of its own that a window could set. */
export interface CountedCanvasKit extends CanvasKit {
  /** Begins a new answer; what earlier ones made is no longer held. */
  startCount(): void;
}

/** Thrown where one answer would take more canvases than the worker may hold. */
export class CanvasBudgetError extends Error {}

/** What the OFD library needs for painting in a worker: canvases without a screen, and the browser's picture decoders. Throws `CanvasBudgetError`. */
export function createWorkerCanvasKit(fallbackFonts: FallbackFonts): CountedCanvasKit {
  let pixels = 0;
  return {
    startCount: () => void (pixels = 0),
    createSurface: (width, height) => {
      pixels += width * height;
      if (pixels > mostPixels) throw new CanvasBudgetError('too many pixels');
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d', { willReadFrequently: false });
      if (context === null) throw new Error('no canvas');
      return { canvas, context, width, height };
    },
    createPath: (data) => (data === undefined ? new Path2D() : new Path2D(data)),
    decodePicture: async (bytes) => {
      try {
        const bitmap = await createImageBitmap(new Blob([bytes.slice()]));
        return { drawable: bitmap, width: bitmap.width, height: bitmap.height };
      } catch {
        return null;
      }
    },
    // A file of the program itself.
    wasmDecoder: async (name) => {
      const response = await fetch(new URL(name === 'jbig2' ? jbig2Url : openjpegUrl, self.location.href));
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
    },
    fallbackFonts,
  };
}
