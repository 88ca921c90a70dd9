import { getDocument, type PDFDocumentLoadingTask, type PDFDocumentProxy, PDFWorker } from 'pdfjs-dist';
// oxlint-disable-next-line import/default -- the bundler answers `?url` with an address
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { PdfCanvases } from './pdf-canvases.ts';
import { makePracticePage } from './practice-page.ts';
import { SheetError } from './sheet-source.ts';
import { createSpareWorker } from './spare-worker.ts';

/** An open PDF, read in a worker of its own. */
export interface OpenedPdf {
  readonly pdf: PDFDocumentProxy;
  /** Waits for an answer, and ends the worker when it does not come. Rejects with a `SheetError`; after one that took too long everything does. */
  inTime<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

/** How long a file may take for one answer before its worker is ended. A worker has no limit of memory: this is the one there is. */
const patienceMs = 9000;
const lastWordsMs = 2000;
/** Pixels of one picture inside a page. */
const mostImagePixels = 40_000_000;

const spare = createSpareWorker({ start: () => new Worker(workerUrl, { type: 'module' }), practise });

/** Makes the worker of the PDF to come ready. */
export const preparePdf = spare.prepare;

/** Opens a PDF for drawing only: nothing in it is executed, nothing is fetched from outside this window. Rejects with a `SheetError`. */
export async function openPdf(bytes: Uint8Array): Promise<OpenedPdf> {
  // The library would ask its own worker to end, which one that hangs never hears.
  const port = spare.take();
  const task = startReading(bytes, port);
  let isLate = false;
  const end = (): void => {
    isLate = true;
    port.terminate();
  };
  const inTime = <T>(work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (isLate) return reject(new SheetError('too-slow'));
      const deadline = setTimeout(() => {
        end();
        reject(new SheetError('too-slow'));
      }, patienceMs);
      work()
        .then(resolve, () => reject(new SheetError('damaged')))
        .finally(() => clearTimeout(deadline));
    });
  const close = (): void => {
    // Given the time, the library takes its fonts out of the window as well.
    const late = setTimeout(end, lastWordsMs);
    void task.destroy().finally(() => {
      clearTimeout(late);
      end();
    });
  };
  try {
    return { pdf: await inTime(() => task.promise), inTime, close };
  } catch (error) {
    close();
    throw error;
  }
}

function startReading(bytes: Uint8Array, port: Worker): PDFDocumentLoadingTask {
  const resources = new URL('./pdfjs/', document.baseURI).href;
  return getDocument({
    data: new Uint8Array(bytes),
    worker: PDFWorker.create({ port }),
    CanvasFactory: PdfCanvases,
    maxImageSize: mostImagePixels,
    cMapUrl: `${resources}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${resources}standard_fonts/`,
    wasmUrl: `${resources}wasm/`,
    iccUrl: `${resources}iccs/`,
    enableXfa: false,
    disableAutoFetch: true,
    disableStream: true,
    stopAtErrors: false,
  });
}

/** Reads a page of our own: what a worker has done once it does in half the time. */
async function practise(port: Worker): Promise<void> {
  const task = startReading(makePracticePage(), port);
  const page = await (await task.promise).getPage(1);
  await page.getOperatorList();
  await page.getTextContent();
  await task.destroy();
}

/** The most device pixels a page may take: beyond it a weak machine runs out of memory. */
const mostPixels = 16_000_000;

/** Draws one page on a canvas of its own, so many device pixels to the point; fewer where it would be too large. */
export async function drawPage(pdf: PDFDocumentProxy, number: number, scale: number): Promise<HTMLCanvasElement> {
  const page = await pdf.getPage(number);
  const wanted = page.getViewport({ scale });
  const shrink = Math.min(1, Math.sqrt(mostPixels / (wanted.width * wanted.height)));
  const viewport = page.getViewport({ scale: scale * shrink });
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  await page.render({ canvas, viewport }).promise;
  page.cleanup();
  return canvas;
}
