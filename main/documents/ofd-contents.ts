import { fail, ok, type Result } from '../../domain/failure.ts';
import { type DocumentChoice, listAttachments, listLinks, openOfdDocument, openOfdPackage, type OfdDocument, type OfdPackage, readBookmarks, readFields, readPageSize, surveyDocument } from '../../ofd/index.ts';
import type { FileContents, ListedDocument, PageSize } from './file-contents.ts';

const mostListed = 1000;
const mostDocuments = 100;

/** Says what a document of an OFD package holds beside its signatures; `file/damaged` with the refusal's own code when it cannot be read. */
export function readOfdContents(bytes: Uint8Array, choice?: DocumentChoice): Result<FileContents> {
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
