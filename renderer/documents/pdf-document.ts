import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist';
// oxlint-disable-next-line import/default -- the bundler answers `?url` with an address
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';

/** Opens a PDF for drawing only: nothing in it is executed, nothing is fetched from outside this window. Rejects when it is damaged. */
export function openPdf(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  GlobalWorkerOptions.workerSrc = workerUrl;
  const resources = new URL('./pdfjs/', document.baseURI).href;
  return getDocument({
    data: new Uint8Array(bytes),
    cMapUrl: `${resources}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${resources}standard_fonts/`,
    wasmUrl: `${resources}wasm/`,
    iccUrl: `${resources}iccs/`,
    enableXfa: false,
    disableAutoFetch: true,
    disableStream: true,
    stopAtErrors: false,
  }).promise;
}

/** The most device pixels a page may take: beyond it a weak machine runs out of memory. */
const mostPixels = 16_000_000;

/** Draws one page at a CSS scale and device pixel ratio onto a canvas, sizing it; replaces whatever was drawn. */
export async function drawPage(pdf: PDFDocumentProxy, number: number, canvas: HTMLCanvasElement, scale: number, ratio: number): Promise<void> {
  const page = await pdf.getPage(number);
  const wanted = page.getViewport({ scale: scale * ratio });
  const shrink = Math.min(1, Math.sqrt(mostPixels / (wanted.width * wanted.height)));
  const viewport = page.getViewport({ scale: scale * ratio * shrink });
  // Drawn apart and copied whole, so that a page never appears piece by piece.
  const sheet = document.createElement('canvas');
  sheet.width = Math.floor(viewport.width);
  sheet.height = Math.floor(viewport.height);
  await page.render({ canvas: sheet, viewport }).promise;
  canvas.width = sheet.width;
  canvas.height = sheet.height;
  canvas.style.width = `${wanted.width / ratio}px`;
  canvas.style.height = `${wanted.height / ratio}px`;
  canvas.getContext('2d')?.drawImage(sheet, 0, 0);
  page.cleanup();
}
