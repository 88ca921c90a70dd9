/** A canvas as the PDF library hands it about. */
export interface PdfCanvas {
  canvas: HTMLCanvasElement | null;
  context: CanvasRenderingContext2D | null;
}

/** Device pixels of all canvases of one document at one time, 400 MB: groups inside groups would take a page's worth each. */
const mostPixels = 100_000_000;

/** Makes and counts the canvases that the PDF library draws the parts of a page on; what would be too many throws, and the page is refused. The library creates it by itself. */
export class PdfCanvases {
  #pixels = 0;

  create(width: number, height: number): PdfCanvas {
    const canvas = document.createElement('canvas');
    this.#size(canvas, width, height);
    return { canvas, context: canvas.getContext('2d', { willReadFrequently: true }) };
  }

  reset({ canvas }: PdfCanvas, width: number, height: number): void {
    if (canvas === null) throw new Error('no canvas');
    this.#pixels -= canvas.width * canvas.height;
    this.#size(canvas, width, height);
  }

  destroy(entry: PdfCanvas): void {
    if (entry.canvas === null) throw new Error('no canvas');
    this.#pixels -= entry.canvas.width * entry.canvas.height;
    entry.canvas.width = 0;
    entry.canvas.height = 0;
    entry.canvas = null;
    entry.context = null;
  }

  getNoAlphaContext(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
    return canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  }

  #size(canvas: HTMLCanvasElement, width: number, height: number): void {
    if (!(width > 0 && height > 0)) throw new Error('no size');
    if (this.#pixels + width * height > mostPixels) throw new Error('too many pixels');
    canvas.width = width;
    canvas.height = height;
    this.#pixels += canvas.width * canvas.height;
  }
}
