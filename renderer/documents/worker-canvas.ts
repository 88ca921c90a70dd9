import jbig2Url from 'pdfjs-dist/wasm/jbig2.wasm?url';
import openjpegUrl from 'pdfjs-dist/wasm/openjpeg.wasm?url';
import type { CanvasKit, FallbackFonts } from '../../ofd/canvas.ts';
import { type CanvasBudget, createCanvasBudget } from './canvas-budget.ts';

/** All canvases of one answer together: half a gigabyte, several pages at the finest zoom. */
const mostPixels = 128_000_000;

/** What the OFD library needs for painting in a worker: canvases without a screen, counted, and the browser's picture decoders. */
export function createWorkerCanvasKit(fallbackFonts: FallbackFonts): CanvasKit & CanvasBudget {
  return {
    ...createCanvasBudget({ mostPixels, makeCanvas: (width, height) => new OffscreenCanvas(width, height) }),
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
