import type { PDFDocumentProxy } from 'pdfjs-dist';
import type { OutlineLine, SheetLink } from './sheet-source.ts';

const mostLines = 2000;
const longest = 200;

type Goal = Parameters<PDFDocumentProxy['getDestination']>[0] | readonly unknown[] | null | undefined;
interface Entry {
  readonly title: string;
  readonly dest: Goal;
  readonly items: readonly Entry[];
}

/** The outline of a PDF from top to bottom. */
export async function listPdfOutline(pdf: PDFDocumentProxy): Promise<readonly OutlineLine[]> {
  const lines: OutlineLine[] = [];
  const add = async (entries: readonly Entry[], level: number): Promise<void> => {
    for (const { title, dest, items } of entries) {
      if (lines.length >= mostLines) return;
      lines.push({ kind: 'outline', title: title.trim().slice(0, longest), page: await numberOf(pdf, dest), level });
      await add(items, level + 1);
    }
  };
  await add((await pdf.getOutline() as readonly Entry[] | null) ?? [], 0);
  return lines;
}

/** What leads elsewhere on one page; places in `scale` to the point. */
export async function linksOfPdfPage(pdf: PDFDocumentProxy, number: number, scale: number): Promise<readonly SheetLink[]> {
  const page = await pdf.getPage(number);
  const viewport = page.getViewport({ scale });
  const links: SheetLink[] = [];
  for (const annotation of (await page.getAnnotations()) as readonly LinkAnnotation[]) {
    if (annotation.subtype !== 'Link' || links.length >= mostLines) continue;
    const [left = 0, bottom = 0, right = 0, top = 0] = annotation.rect;
    const [x1 = 0, y1 = 0]: number[] = viewport.convertToViewportPoint(left, bottom);
    const [x2 = 0, y2 = 0]: number[] = viewport.convertToViewportPoint(right, top);
    const place = { x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) };
    const address = annotation.unsafeUrl ?? annotation.url ?? null;
    if (address !== null) links.push({ kind: 'address', page: null, target: address.slice(0, longest), place });
    else if (annotation.dest !== undefined && annotation.dest !== null) links.push({ kind: 'page', page: await numberOf(pdf, annotation.dest), target: null, place });
  }
  return links;
}

interface LinkAnnotation {
  readonly subtype?: string;
  readonly rect: readonly number[];
  readonly url?: string;
  readonly unsafeUrl?: string;
  readonly dest?: Goal;
}

async function numberOf(pdf: PDFDocumentProxy, goal: Goal): Promise<number | null> {
  try {
    const explicit = typeof goal === 'string' ? await pdf.getDestination(goal) : goal;
    const page: unknown = explicit?.[0];
    if (typeof page === 'number') return page >= 0 && page < pdf.numPages ? page + 1 : null;
    return page === null || typeof page !== 'object' ? null : (await pdf.getPageIndex(page as Parameters<PDFDocumentProxy['getPageIndex']>[0])) + 1;
  } catch {
    // A place that is not there.
    return null;
  }
}
