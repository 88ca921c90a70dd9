import { ok, type Failure, type Result } from '../../domain/failure.ts';
import { openOfdPages } from './ofd-pages.ts';
import { openPdfPages } from './pdf-pages.ts';
import type { SignedFile } from './signature-check.ts';

/** Which pages of a file are wanted as pictures; pages count from 1, null for all. */
export interface RenderInput extends SignedFile {
  readonly dpi: number;
  readonly pages: readonly number[] | null;
  readonly now: number;
}

/** One page as PNG, or why it cannot be had; sides in pixels. */
export type RenderedSheet =
  | { readonly page: number; readonly width: number; readonly height: number; readonly png: Uint8Array }
  | { readonly page: number; readonly failure: Failure };

/** How many pages the file has. */
export interface Rendering {
  readonly pages: number;
}

/** Paints pages of a file one after the other and hands each over; the file's own refusal when it cannot be opened. */
export async function renderPages({ bytes, format, choice, dpi, pages, now }: RenderInput, onSheet: (sheet: RenderedSheet) => void): Promise<Result<Rendering>> {
  const opened = format === 'OFD' ? await openOfdPages(bytes, now, choice) : await openPdfPages(bytes, { showSignatures: true });
  if (!opened.ok) return opened;
  const source = opened.value;
  try {
    for (const page of pages ?? Array.from({ length: source.count }, (_, index) => index + 1)) {
      if (page < 1 || page > source.count) continue;
      const painted = await source.paint(page - 1, dpi);
      if (!painted.ok) {
        onSheet({ page, failure: painted.failure });
        continue;
      }
      const { canvas } = painted.value;
      onSheet({ page, width: canvas.width, height: canvas.height, png: await canvas.encode('png') });
    }
    return ok({ pages: source.count });
  } finally {
    await source.close();
  }
}
