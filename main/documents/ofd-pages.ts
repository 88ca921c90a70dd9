import type { Canvas } from '@napi-rs/canvas';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { createPagePainter, type DocumentChoice, openOfdDocument, openOfdPackage, placeSeals, verifyOfdSignatures } from '../../ofd/index.ts';
import { verifyForeignSignature } from './foreign-signature.ts';
import { createNodeCanvasKit } from './ofd-canvas.ts';
import { type PageSource, type PaintedSheet, scaleOf } from './page-source.ts';

const pointsPerMm = 72 / 25.4;

/** Opens an OFD for painting, with the pictures of those seals whose signatures hold; `file/damaged` when it cannot be read. */
export async function openOfdPages(bytes: Uint8Array, now: number, choice?: DocumentChoice): Promise<Result<PageSource>> {
  const pack = openOfdPackage(bytes);
  if (!pack.ok) return fail('file/damaged', pack.failure.code);
  const document = openOfdDocument(pack.value, choice);
  if (!document.ok) return fail('file/damaged', document.failure.code);
  const kit = createNodeCanvasKit();
  const painter = createPagePainter(document.value, kit);
  // Who vouches for the signer does not change what the page looks like.
  const reports = verifyOfdSignatures(document.value, { anchors: [], now, verifyForeign: verifyForeignSignature });
  const seals = await placeSeals(reports, kit, pack.value.limits);
  const paint = async (index: number, dpi: number): Promise<Result<PaintedSheet>> => {
    const pageId = document.value.pages[index]?.id ?? '';
    const painted = await painter.paint({ index, scale: dpi / 25.4, isPrint: true, seals: seals.get(pageId) ?? [] });
    if (!painted.ok) return fail('file/damaged', painted.failure.code);
    const { box } = painted.value.page;
    const [width, height] = [box.width * pointsPerMm, box.height * pointsPerMm];
    if (scaleOf(width, height, dpi) === null) return fail('file/damaged', 'page size');
    // The surface is one that this program's own kit made.
    return ok({ canvas: painted.value.surface.canvas as Canvas, width, height });
  };
  return ok({ count: document.value.pages.length, paint, close: async () => {} });
}
