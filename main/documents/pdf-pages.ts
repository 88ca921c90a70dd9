import { createRequire } from 'node:module';
import path from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { AnnotationMode, getDocument, type PDFDocumentProxy, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { inflatesWithinLimits } from './inflation-check.ts';
import { type PageSource, type PaintedSheet, scaleOf } from './page-source.ts';

/** Opens a PDF for reading, without anything that acts. `file/unsupported-format` when it wants a password, `file/damaged` otherwise. */
export async function openPdf(bytes: Uint8Array): Promise<Result<PDFDocumentProxy>> {
  if (!inflatesWithinLimits(bytes)) return fail('file/damaged', 'inflates beyond the limit');
  const folder = path.dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  const at = (name: string): string => `${path.join(folder, name)}/`;
  const task = getDocument({
    data: bytes.slice(),
    cMapUrl: at('cmaps'),
    cMapPacked: true,
    standardFontDataUrl: at('standard_fonts'),
    wasmUrl: at('wasm'),
    iccUrl: at('iccs'),
    disableFontFace: true,
    useSystemFonts: false,
    enableXfa: false,
    stopAtErrors: false,
    verbosity: 0,
  });
  try {
    return ok(await task.promise);
  } catch (error) {
    // The library tells everything that is wrong with a file by throwing.
    await task.destroy();
    return error instanceof Error && error.name === 'PasswordException' ? fail('file/unsupported-format', 'encrypted') : fail('file/damaged');
  }
}

/** Opens a PDF for painting with its annotations; the appearances of signatures are left out when `showSignatures` says so. Fails as `openPdf` does. */
export async function openPdfPages(bytes: Uint8Array, { showSignatures }: { readonly showSignatures: boolean }): Promise<Result<PageSource>> {
  const opened = await openPdf(bytes);
  if (!opened.ok) return opened;
  const pdf = opened.value;
  const paint = (index: number, dpi: number): Promise<Result<PaintedSheet>> => paintPage(pdf, { index, dpi, showSignatures });
  return ok({ count: pdf.numPages, paint, close: () => pdf.loadingTask.destroy() });
}

interface Wanted {
  readonly index: number;
  readonly dpi: number;
  readonly showSignatures: boolean;
}

async function paintPage(pdf: PDFDocumentProxy, { index, dpi, showSignatures }: Wanted): Promise<Result<PaintedSheet>> {
  try {
    const page = await pdf.getPage(index + 1);
    const { width, height } = page.getViewport({ scale: 1 });
    const scale = scaleOf(width, height, dpi);
    if (scale === null) return fail('file/damaged', 'page size');
    if (!showSignatures) await hideSignatures(pdf, page);
    const viewport = page.getViewport({ scale });
    const canvas = createCanvas(Math.max(1, Math.round(viewport.width)), Math.max(1, Math.round(viewport.height)));
    // Typed for a window; without one the library takes a canvas of this kind.
    await page.render({ canvas: canvas as never, viewport, annotationMode: AnnotationMode.ENABLE_STORAGE }).promise;
    page.cleanup();
    return ok({ canvas, width, height });
  } catch {
    return fail('file/damaged', 'page');
  }
}

async function hideSignatures(pdf: PDFDocumentProxy, page: PDFPageProxy): Promise<void> {
  const annotations: readonly { readonly id: string; readonly fieldType?: string }[] = await page.getAnnotations();
  for (const { id, fieldType } of annotations) if (fieldType === 'Sig') pdf.annotationStorage.setValue(id, { noView: true, hidden: true });
}
