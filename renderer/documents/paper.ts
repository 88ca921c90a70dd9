import { drawPage, openPdf } from './pdf-document.ts';
import { printContent } from './printing.ts';

/** Dots per CSS inch on paper: 200 dpi keeps small print and seals sharp without exhausting a 4 GB machine. */
const printRatio = 200 / 96;
const pointsToPixels = 96 / 72;

/** Prints a PDF page by page through the window's own print; resolves when the print dialogue has closed. */
export async function printPdf(bytes: Uint8Array): Promise<void> {
  const { pdf, inTime, close } = await openPdf(bytes);
  try {
    const sheets = document.createElement('div');
    for (let number = 1; number <= pdf.numPages; number += 1) {
      const { width, height } = (await inTime(() => pdf.getPage(number))).getViewport({ scale: pointsToPixels });
      const canvas = await inTime(() => drawPage(pdf, number, pointsToPixels * printRatio));
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
      // Each sheet lies as its page does.
      canvas.className = canvas.width > canvas.height ? 'sheet-across' : 'sheet-upright';
      sheets.append(canvas);
    }
    printContent(sheets);
  } finally {
    close();
  }
}
