import type { PDFDocumentProxy } from 'pdfjs-dist';
import type { GoalPlace, OutlineLine, SheetLink } from './sheet-source.ts';

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
      lines.push({ kind: 'outline', title: title.trim().slice(0, longest), ...(await findGoal(pdf, dest)), level });
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
    if (address !== null) links.push({ kind: 'address', page: null, goal: null, target: address.slice(0, longest), place });
    else if (annotation.dest !== undefined && annotation.dest !== null) links.push({ kind: 'page', ...(await findGoal(pdf, annotation.dest)), target: null, place });
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

interface PageGoal {
  readonly page: number | null;
  readonly goal: GoalPlace | null;
}

async function findGoal(pdf: PDFDocumentProxy, goal: Goal): Promise<PageGoal> {
  try {
    const explicit: readonly unknown[] | null | undefined = typeof goal === 'string' ? await pdf.getDestination(goal) : goal;
    const page = await numberOf(pdf, explicit?.[0]);
    return { page, goal: page === null ? null : readPlace(explicit ?? []) };
  } catch {
    // A place that is not there.
    return { page: null, goal: null };
  }
}

async function numberOf(pdf: PDFDocumentProxy, page: unknown): Promise<number | null> {
  if (typeof page === 'number') return page >= 0 && page < pdf.numPages ? page + 1 : null;
  return page === null || typeof page !== 'object' ? null : (await pdf.getPageIndex(page as Parameters<PDFDocumentProxy['getPageIndex']>[0])) + 1;
}

/** Of each kind of explicit destination where it states left and top (ISO 32000-1, table 151); any other shows the whole page. */
const stated: Readonly<Record<string, { readonly left?: number; readonly top?: number }>> = { XYZ: { left: 2, top: 3 }, FitH: { top: 2 }, FitBH: { top: 2 }, FitV: { left: 2 }, FitBV: { left: 2 }, FitR: { left: 2, top: 5 } };

/** Points of the page, from below. */
function readPlace(destination: readonly unknown[]): GoalPlace | null {
  const kind = destination[1];
  const name = typeof kind === 'object' && kind !== null && 'name' in kind && typeof kind.name === 'string' ? kind.name : '';
  const at = Object.hasOwn(stated, name) ? stated[name] : undefined;
  const read = (index: number | undefined): number | null => {
    const value = index === undefined ? null : destination[index];
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  };
  const [left, top] = [read(at?.left), read(at?.top)];
  return left === null && top === null ? null : { left, top };
}
