import { PDFArray, PDFDict, PDFDocument, PDFName, type PDFObject, PDFRawStream } from '@cantoo/pdf-lib';
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { ok, type Result } from '../../domain/failure.ts';
import type { AttachedFile, FileContents, FileLink, PageSize, StatedField } from './file-contents.ts';
import { openPdf } from './pdf-pages.ts';

const mostFields = 1000;
/** Pages whose sizes and links are read one by one. */
const mostPages = 1000;
const mostLinks = 1000;
const mostFonts = 500;
const mmPerPoint = 25.4 / 72;

/** Says what a PDF holds beside its signatures. `file/unsupported-format` when it wants a password, `file/damaged` otherwise. */
export async function readPdfContents(bytes: Uint8Array): Promise<Result<FileContents>> {
  const opened = await openPdf(bytes);
  if (!opened.ok) return opened;
  const pdf = opened.value;
  try {
    const facts: Readonly<Record<string, unknown>> = await told(pdf.getMetadata().then(({ info }) => ({ ...info })), {});
    const allowed = await told(pdf.getPermissions(), null);
    const walk = await walkPages(pdf);
    const attachments = await listAttached(pdf);
    const fields = await readForm(pdf);
    const listed = await told(listObjects(bytes), { fonts: [], features: [] });
    const title = textOf(facts['Title']);
    const producer = textOf(facts['Producer']);
    const properties = { id: null, title, author: textOf(facts['Author']), subject: textOf(facts['Subject']), created: textOf(facts['CreationDate']), modified: textOf(facts['ModDate']), producer };
    const outline: readonly unknown[] | null = await told(pdf.getOutline(), null);
    const features = [...listed.features, ...walk.features, ...(attachments.length > 0 ? ['attachments'] : []), ...(fields.length > 0 ? ['form'] : []), ...((outline?.length ?? 0) > 0 ? ['outline'] : [])];
    return ok({
      pages: pdf.numPages,
      sizes: walk.sizes,
      documents: [{ title, pages: pdf.numPages, refused: null, version: null, versions: [] }],
      title,
      producer,
      properties,
      fields,
      attachments,
      fonts: listed.fonts,
      features: [...new Set(features)].toSorted(),
      links: walk.links,
      bookmarks: [],
      permissions: allowed === null ? null : { print: allowed.has(4), edit: allowed.has(8), copy: allowed.has(16), annotate: allowed.has(32) },
      defects: [],
    });
  } finally {
    await pdf.loadingTask.destroy();
  }
}

interface Walk {
  readonly sizes: (PageSize | null)[];
  readonly links: FileLink[];
  readonly features: Set<string>;
}

async function walkPages(pdf: PDFDocumentProxy): Promise<Walk> {
  const walk: Walk = { sizes: [], links: [], features: new Set() };
  for (let number = 1; number <= Math.min(pdf.numPages, mostPages); number++) {
    const page = await told(pdf.getPage(number), null);
    const box = page?.getViewport({ scale: 1 });
    walk.sizes.push(box === undefined ? null : { width: round(box.width), height: round(box.height) });
    if (page === null) continue;
    if (page.rotate !== 0) walk.features.add('rotated pages');
    const annotations: readonly { readonly subtype?: string; readonly url?: string; readonly unsafeUrl?: string; readonly dest?: unknown; readonly action?: string }[] = await told(page.getAnnotations(), []);
    if (annotations.some(({ subtype }) => subtype !== 'Widget')) walk.features.add('annotations');
    for (const { subtype, url, unsafeUrl, dest, action } of annotations) {
      if (subtype !== 'Link' || walk.links.length >= mostLinks) continue;
      const target = unsafeUrl ?? url ?? (typeof dest === 'string' ? dest : (action ?? null));
      walk.links.push({ kind: (unsafeUrl ?? url) === undefined ? 'goto' : 'address', onPage: number, toPage: await pageOf(pdf, dest), target: target?.slice(0, 2000) ?? null });
    }
    page.cleanup();
  }
  return walk;
}

function round(points: number): number {
  return Math.round(points * mmPerPoint * 100) / 100;
}

async function pageOf(pdf: PDFDocumentProxy, dest: unknown): Promise<number | null> {
  const place: unknown = typeof dest === 'string' ? await told(pdf.getDestination(dest), null) : dest;
  const page: unknown = Array.isArray(place) ? place[0] : null;
  if (typeof page === 'number') return page + 1;
  if (typeof page !== 'object' || page === null || !('num' in page) || !('gen' in page) || typeof page.num !== 'number' || typeof page.gen !== 'number') return null;
  const index = await told(pdf.getPageIndex({ num: page.num, gen: page.gen }), null);
  return index === null ? null : index + 1;
}

async function listAttached(pdf: PDFDocumentProxy): Promise<AttachedFile[]> {
  const attachments: ReadonlyMap<string, unknown> | null = await told(pdf.getAttachments(), null);
  const listed: AttachedFile[] = [];
  for (const name of [...(attachments?.keys() ?? [])].slice(0, mostFields)) {
    const content: unknown = await told(pdf.getAttachmentContent(name), null);
    listed.push({ name, format: null, bytes: content instanceof Uint8Array ? content.length : null });
  }
  return listed;
}

/** Form fields with a value; of several widgets of one name the first. */
async function readForm(pdf: PDFDocumentProxy): Promise<StatedField[]> {
  const form: ReadonlyMap<string, readonly object[]> = (await told(pdf.getFieldObjects(), null)) ?? new Map();
  const fields = [...form].flatMap(([name, widgets]): StatedField[] => {
    const value = widgets.map((widget) => ('value' in widget ? textOf(widget.value) : null)).find((text) => text !== null);
    return value === undefined ? [] : [{ source: 'form', name: name.slice(0, 200), value: (value ?? '').slice(0, 2000) }];
  });
  return fields.slice(0, mostFields);
}

/** What the objects of the file say by themselves, whether a page uses them or not. */
async function listObjects(bytes: Uint8Array): Promise<Pick<FileContents, 'fonts'> & { readonly features: readonly string[] }> {
  const pdf = await PDFDocument.load(bytes, { updateMetadata: false, ignoreEncryption: true });
  const fonts = new Map<string, { readonly name: string; readonly embedded: boolean }>();
  const features = new Set<string>();
  if (pdf.isEncrypted) features.add('encrypted');
  for (const [, object] of pdf.context.enumerateIndirectObjects()) {
    const dictionary = object instanceof PDFRawStream ? object.dict : object instanceof PDFDict ? object : null;
    if (dictionary === null) continue;
    const filters = namesIn(dictionary.get(PDFName.of('Filter')));
    for (const [filter, feature] of pictureFilters) if (filters.includes(filter)) features.add(feature);
    const [action] = namesIn(dictionary.get(PDFName.of('S')));
    if (action === 'JavaScript') features.add('JavaScript');
    if (namesIn(dictionary.get(PDFName.of('Type')))[0] !== 'Font' || fonts.size >= mostFonts) continue;
    const [name] = namesIn(dictionary.get(PDFName.of('BaseFont')));
    const descriptor = dictionary.lookup(PDFName.of('FontDescriptor'));
    // A composite font's outlines hang at the one below it.
    if (name === undefined || namesIn(dictionary.get(PDFName.of('Subtype')))[0] === 'Type0') continue;
    const embedded = descriptor instanceof PDFDict && ['FontFile', 'FontFile2', 'FontFile3'].some((key) => descriptor.has(PDFName.of(key)));
    fonts.set(name, { name, embedded });
  }
  return { fonts: [...fonts.values()], features: [...features] };
}

const pictureFilters = [['DCTDecode', 'jpeg'], ['JPXDecode', 'jpeg 2000'], ['JBIG2Decode', 'JBIG2'], ['CCITTFaxDecode', 'fax']] as const;

function namesIn(object: PDFObject | undefined): string[] {
  if (object instanceof PDFName) return [object.decodeText()];
  return object instanceof PDFArray ? object.asArray().flatMap((entry) => (entry instanceof PDFName ? [entry.decodeText()] : [])) : [];
}

/** A part that the library cannot read is left out. */
function told<T>(part: Promise<T>, otherwise: T): Promise<T> {
  return part.catch(() => otherwise);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
