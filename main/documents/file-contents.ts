import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { type DocumentPermissions, listAttachments, openOfdDocument, openOfdPackage, readFields } from '../../ofd/index.ts';
import { openPdf } from './pdf-pages.ts';
import type { SignedFile } from './signature-check.ts';

/** A value that a file states of itself, and where: `custom-data`, `custom-tag`, `attachment`, `form`, `info`. */
export interface StatedField {
  readonly source: string;
  readonly name: string;
  readonly value: string;
}

/** What a file holds beside its signatures; every text in it is hostile. */
export interface FileContents {
  readonly pages: number;
  /** Documents in the package; the first is the one that is shown. */
  readonly documents: number;
  readonly title: string | null;
  readonly producer: string | null;
  readonly fields: readonly StatedField[];
  readonly attachments: readonly string[];
  /** Null where a PDF restricts nothing. */
  readonly permissions: DocumentPermissions | PdfPermissions | null;
}

/** What an encrypted PDF allows whoever opens it without the owner's password (ISO 32000-1, table 22). */
export interface PdfPermissions {
  readonly print: boolean;
  readonly edit: boolean;
  readonly copy: boolean;
  readonly annotate: boolean;
}

/** Says what a file holds; the file's own refusal when it cannot be read. */
export function readContents({ bytes, format }: SignedFile): Promise<Result<FileContents>> {
  return format === 'OFD' ? Promise.resolve(readOfd(bytes)) : readPdf(bytes);
}

function readOfd(bytes: Uint8Array): Result<FileContents> {
  const pack = openOfdPackage(bytes);
  const document = pack.ok ? openOfdDocument(pack.value) : pack;
  if (!document.ok) return fail('file/damaged', document.failure.code);
  const { info, pages, permissions, documents } = document.value;
  return ok({
    pages: pages.length,
    documents,
    title: info.title,
    producer: info.creator,
    fields: readFields(document.value),
    attachments: listAttachments(document.value).map(({ name }) => name),
    permissions,
  });
}

const mostFields = 1000;

async function readPdf(bytes: Uint8Array): Promise<Result<FileContents>> {
  const opened = await openPdf(bytes);
  if (!opened.ok) return opened;
  const pdf = opened.value;
  try {
    const facts: Readonly<Record<string, unknown>> = await told(pdf.getMetadata().then(({ info }) => ({ ...info })), {});
    const attachments: ReadonlyMap<string, unknown> | null = await told(pdf.getAttachments(), null);
    const allowed = await told(pdf.getPermissions(), null);
    return ok({
      pages: pdf.numPages,
      documents: 1,
      title: textOf(facts['Title']),
      producer: textOf(facts['Producer']),
      fields: await readForm(pdf),
      attachments: [...(attachments?.keys() ?? [])],
      permissions: allowed === null ? null : { print: allowed.has(4), edit: allowed.has(8), copy: allowed.has(16), annotate: allowed.has(32) },
    });
  } finally {
    await pdf.loadingTask.destroy();
  }
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

/** A part that the library cannot read is left out. */
function told<T>(part: Promise<T>, otherwise: T): Promise<T> {
  return part.catch(() => otherwise);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
