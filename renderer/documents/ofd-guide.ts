import { listLinks, type OfdDocument, openOfdDocument, type OutlineEntry, readBookmarks, readPage } from '../../ofd/index.ts';
import type { DocumentChoices, OutlineLine, SheetLink } from './sheet-source.ts';

const mostLines = 2000;
const mostDocuments = 50;
const longest = 200;

/** The outline from top to bottom, then the named places of the document. */
export function listOutline(document: OfdDocument): readonly OutlineLine[] {
  const lines: OutlineLine[] = [];
  const add = (entries: readonly OutlineEntry[], level: number): void => {
    for (const { title, pageId, spot, children } of entries) {
      if (lines.length >= mostLines) return;
      lines.push({ kind: 'outline', title: title.slice(0, longest), page: numberOf(document, pageId), goal: spot, level });
      add(children, level + 1);
    }
  };
  add(document.outline, 0);
  const marks = readBookmarks(document.root).map(({ name, pageId, spot }): OutlineLine => ({ kind: 'bookmark', title: name, page: numberOf(document, pageId), goal: spot, level: 0 }));
  return [...lines, ...marks].slice(0, mostLines);
}

/** What leads elsewhere on one page (from 0); places in `scale` to the millimetre. */
export function linksOfPage(document: OfdDocument, index: number, scale: number): readonly SheetLink[] {
  const page = readPage(document, index);
  if (!page.ok) return [];
  const { id, box } = page.value;
  // One page alone is read, not the thousand before it.
  const links = listLinks({ ...document, pages: document.pages.slice(index, index + 1) });
  return links
    .filter(({ onPageId }) => onPageId === id)
    .map(({ kind, pageId, spot, target, place }) => ({
      kind: kind === 'goto' ? 'page' : kind,
      page: numberOf(document, pageId),
      goal: spot,
      target: target?.slice(0, longest) ?? null,
      place: place === null ? null : { x: (place.x - box.x) * scale, y: (place.y - box.y) * scale, width: place.width * scale, height: place.height * scale },
    }));
}

/** The documents of the package by their titles, and the versions of this one that can be opened. */
export function listChoices(document: OfdDocument): DocumentChoices {
  const count = Math.min(document.documents, mostDocuments);
  const titleOf = (index: number): string | null => {
    const opened = openOfdDocument(document.package, { document: index });
    return opened.ok ? (opened.value.info.title?.slice(0, longest) ?? null) : null;
  };
  const versions = document.versions.filter(({ entry }) => entry !== null).slice(0, mostLines);
  return {
    titles: count > 1 ? Array.from({ length: count }, (_, index) => titleOf(index)) : [document.info.title],
    versions: versions.map(({ id, name, creationDate, current }) => ({ id, name, created: creationDate, isCurrent: current })),
    version: document.version,
  };
}

function numberOf({ pages }: OfdDocument, pageId: string | null): number | null {
  const index = pageId === null ? -1 : pages.findIndex(({ id }) => id === pageId);
  return index < 0 ? null : index + 1;
}
