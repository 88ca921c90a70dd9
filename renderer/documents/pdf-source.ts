import { Util } from 'pdfjs-dist';
import { drawPage, openPdf } from './pdf-document.ts';
import { linksOfPdfPage, listPdfOutline } from './pdf-guide.ts';
import type { SheetSource, SheetText } from './sheet-source.ts';

const pointsToPixels = 96 / 72;

/** Opens a PDF for the viewer; its parts are read in the worker of pdf.js. Rejects with a `SheetError`. */
export async function openPdfSource(bytes: Uint8Array): Promise<SheetSource> {
  const { pdf, inTime, close } = await openPdf(bytes);
  // What is looked at first is read while the viewer makes room for it; who asks for it hears of a failure.
  pdf.getPage(1).catch(() => undefined);
  return {
    pages: pdf.numPages,
    choices: { titles: [null], versions: [], version: null },
    outline: () => inTime(() => listPdfOutline(pdf)),
    links: (page) => inTime(() => linksOfPdfPage(pdf, page, pointsToPixels)),
    fields: () => Promise.resolve([]),
    size: async (page) => {
      const { width, height } = (await inTime(() => pdf.getPage(page))).getViewport({ scale: pointsToPixels });
      return { width, height };
    },
    locate: async (page, { left, top }) => {
      const viewport = (await inTime(() => pdf.getPage(page))).getViewport({ scale: pointsToPixels });
      const [edge = 0, , , head = 0]: number[] = viewport.viewBox;
      const [x = 0, y = 0]: number[] = viewport.convertToViewportPoint(left ?? edge, top ?? head);
      return { x, y };
    },
    draw: (page, ratio) => inTime(() => drawPage(pdf, page, ratio * pointsToPixels)),
    text: async (number) => {
      const page = await inTime(() => pdf.getPage(number));
      const viewport = page.getViewport({ scale: pointsToPixels });
      const { items } = await inTime(() => page.getTextContent());
      return items.flatMap((item): SheetText[] => {
        if (!('str' in item) || item.str.trim() === '') return [];
        const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0]: number[] = Util.transform(viewport.transform, item.transform);
        return [{ text: item.str, x, y, width: item.width * pointsToPixels, size: Math.hypot(c, d), angle: (Math.atan2(b, a) * 180) / Math.PI }];
      });
    },
    close,
  };
}
