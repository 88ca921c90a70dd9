import type { CanvasKit, Picture } from './canvas.ts';
import { openOfdDocument } from './document.ts';
import type { OfdLimits } from './limits.ts';
import { openOfdPackage } from './package.ts';
import { readPage } from './page.ts';
import { createPagePainter, type PlacedSeal } from './page-painter.ts';
import { decodePicture } from './picture-decoder.ts';
import { readPictureFacts } from './picture-size.ts';
import { mayShowSeal, type SignatureReport } from './signature-report.ts';

const sealPixels = 900;

/**
 * Decodes the picture of a seal by what its bytes are: PNG, JPEG, GIF, BMP, TIFF, or an OFD of one page, in which in turn no seal is painted.
 * Null when it is none of them or broken.
 */
export async function decodeSealPicture(bytes: Uint8Array, kit: CanvasKit, limits: OfdLimits): Promise<Picture | null> {
  if (readPictureFacts(bytes)?.kind !== 'ofd') return decodePicture(bytes, kit, limits);
  const opened = openOfdPackage(bytes, limits);
  const document = opened.ok ? openOfdDocument(opened.value) : opened;
  const page = document.ok ? readPage(document.value, 0) : document;
  if (!document.ok || !page.ok) return null;
  const { width, height } = page.value.box;
  const painted = await createPagePainter(document.value, kit).paint({ index: 0, scale: sealPixels / Math.max(width, height) });
  if (!painted.ok) return null;
  const { surface } = painted.value;
  return { drawable: surface.canvas, width: surface.width, height: surface.height };
}

/** The seals of the signatures that were verified and hold, by the ID of the page on which each stands; the others are never painted. */
export async function placeSeals(reports: readonly SignatureReport[], kit: CanvasKit, limits: OfdLimits): Promise<ReadonlyMap<string, readonly PlacedSeal[]>> {
  const placed = new Map<string, PlacedSeal[]>();
  for (const report of reports) {
    if (report.seal === null || report.places.length === 0 || !mayShowSeal(report)) continue;
    const picture = await decodeSealPicture(report.seal.picture.bytes, kit, limits);
    if (picture === null) continue;
    for (const { pageId, boundary, clip } of report.places) placed.set(pageId, [...(placed.get(pageId) ?? []), { picture, boundary, clip }]);
  }
  return placed;
}
