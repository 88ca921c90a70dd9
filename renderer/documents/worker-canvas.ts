import jbig2Url from 'pdfjs-dist/wasm/jbig2.wasm?url';
import type { CanvasKit, FallbackFonts } from '../../ofd/canvas.ts';

/** What the OFD library needs for painting in a worker: canvases without a screen, and the browser's picture decoders. */
export function createWorkerCanvasKit(fallbackFonts: FallbackFonts): CanvasKit {
  return {
    createSurface: (width, height) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d', { willReadFrequently: false });
      if (context === null) throw new Error('no canvas');
      return { canvas, context, width, height };
    },
    createPath: () => new Path2D(),
    decodePicture: async (bytes) => {
      try {
        const bitmap = await createImageBitmap(new Blob([bytes.slice()]));
        return { drawable: bitmap, width: bitmap.width, height: bitmap.height };
      } catch {
        return null;
      }
    },
    // A file of the program itself.
    jbig2Decoder: async () => {
      const response = await fetch(new URL(jbig2Url, self.location.href));
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
    },
    fallbackFonts,
  };
}
