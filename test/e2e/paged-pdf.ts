import { PDFDocument } from '@cantoo/pdf-lib';

/** A small PDF of some pages, so that page keys have somewhere to go. */
export async function makePagedPdf(pages = 3): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  for (let page = 1; page <= pages; page += 1) document.addPage([420, 595]).drawText(`Page ${page}`, { x: 60, y: 500, size: 36 });
  return document.save();
}
