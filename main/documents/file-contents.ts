import { fail, ok, type Result } from '../../domain/failure.ts';
import { type DocumentPermissions, type NamedFont, type OfdDocument, type OfdPackage, listAttachments, listLinks, openOfdDocument, openOfdPackage, readBookmarks, readFields, readPageSize, surveyDocument } from '../../ofd/index.ts';
import { readPdfContents } from './pdf-contents.ts';
import type { SignedFile } from './signature-check.ts';

/** A value that a file states of itself, and where: `custom-data`, `custom-tag`, `attachment`, `form`, `info`. */
export interface StatedField {
  readonly source: string;
  readonly name: string;
  readonly value: string;
}

/** Sides of a page in millimetres, as it is looked at, to a hundredth. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/** A file inside the file; `bytes` is null when it is named and not there, or its size is not known. */
export interface AttachedFile {
  readonly name: string;
  readonly format: string | null;
  readonly bytes: number | null;
}

/** What the file says about its making; dates as written. */
export interface FileProperties {
  readonly id: string | null;
  readonly title: string | null;
  readonly author: string | null;
  readonly subject: string | null;
  readonly created: string | null;
  readonly modified: string | null;
  readonly producer: string | null;
}

/** One document of the package with the versions that it keeps. */
export interface ListedDocument {
  readonly title: string | null;
  /** Null when it cannot be opened; the reason is in `refused`. */
  readonly pages: number | null;
  readonly refused: string | null;
  /** The version that is shown; null for the plain root. */
  readonly version: string | null;
  readonly versions: readonly { readonly id: string; readonly name: string | null; readonly created: string | null; readonly current: boolean }[];
}

/** Something that the file would lead to; nothing is ever followed. Pages count from 1. */
export interface FileLink {
  readonly kind: string;
  readonly onPage: number | null;
  readonly toPage: number | null;
  readonly target: string | null;
}

/** What a file holds beside its signatures; every text in it is hostile. */
export interface FileContents {
  readonly pages: number;
  /** Of the first thousand pages. */
  readonly sizes: readonly (PageSize | null)[];
  readonly documents: readonly ListedDocument[];
  readonly title: string | null;
  readonly producer: string | null;
  readonly properties: FileProperties;
  readonly fields: readonly StatedField[];
  readonly attachments: readonly AttachedFile[];
  readonly fonts: readonly NamedFont[];
  /** What of its format the file makes use of, in plain words. */
  readonly features: readonly string[];
  readonly links: readonly FileLink[];
  readonly bookmarks: readonly string[];
  /** Null where a PDF restricts nothing. */
  readonly permissions: DocumentPermissions | PdfPermissions | null;
  /** Parts that are named and missing or broken, as codes. */
  readonly defects: readonly string[];
}

/** What an encrypted PDF allows whoever opens it without the owner's password (ISO 32000-1, table 22). */
export interface PdfPermissions {
  readonly print: boolean;
  readonly edit: boolean;
  readonly copy: boolean;
  readonly annotate: boolean;
}

/** Says what a file holds; the file's own refusal when it cannot be read. */
export function readContents({ bytes, format, choice }: SignedFile): Promise<Result<FileContents>> {
  return format === 'OFD' ? Promise.resolve(readOfd(bytes, choice)) : readPdfContents(bytes);
}

const mostListed = 1000;
const mostDocuments = 100;

function readOfd(bytes: Uint8Array, choice: SignedFile['choice']): Result<FileContents> {
  const pack = openOfdPackage(bytes);
  if (!pack.ok) return fail('file/damaged', pack.failure.code);
  const opened = openOfdDocument(pack.value, choice);
  if (!opened.ok) return fail('file/damaged', opened.failure.code);
  const document = opened.value;
  const { info, pages, permissions, defects } = document;
  const { id, title, author, subject, creationDate, modificationDate, creator } = info;
  return ok({
    pages: pages.length,
    sizes: pages.slice(0, mostListed).map((_, index) => sizeOf(document, index)),
    documents: Array.from({ length: Math.min(document.documents, mostDocuments) }, (_, index) => listDocument(pack.value, index)),
    title,
    producer: creator,
    properties: { id, title, author, subject, created: creationDate, modified: modificationDate, producer: creator },
    fields: readFields(document),
    attachments: listAttachments(document).slice(0, mostListed).map(({ name, format, entry }) => ({ name, format, bytes: entry === null ? null : pack.value.sizeOf(entry) })),
    ...surveyDocument(document),
    links: listLinks(document).slice(0, mostListed).map(({ kind, onPageId, pageId, target }) => ({ kind, onPage: pageNumber(document, onPageId), toPage: pageNumber(document, pageId), target })),
    bookmarks: readBookmarks(document.root).slice(0, mostListed).map(({ name }) => name),
    permissions,
    defects: defects.slice(0, mostListed).map(({ code, detail }) => (detail === undefined ? code : `${code} ${detail}`)),
  });
}

function sizeOf(document: OfdDocument, index: number): PageSize | null {
  const size = readPageSize(document, index);
  return size.ok ? { width: Math.round(size.value.width * 100) / 100, height: Math.round(size.value.height * 100) / 100 } : null;
}

function pageNumber({ pages }: OfdDocument, pageId: string | null): number | null {
  const index = pageId === null ? -1 : pages.findIndex(({ id }) => id === pageId);
  return index < 0 ? null : index + 1;
}

function listDocument(pack: OfdPackage, index: number): ListedDocument {
  const opened = openOfdDocument(pack, { document: index });
  if (!opened.ok) return { title: null, pages: null, refused: opened.failure.code, version: null, versions: [] };
  const { info, pages, version, versions } = opened.value;
  const listed = versions.slice(0, mostListed).map(({ id, name, creationDate, current }) => ({ id, name, created: creationDate, current }));
  return { title: info.title, pages: pages.length, refused: null, version, versions: listed };
}
