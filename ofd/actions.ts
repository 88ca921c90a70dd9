import type { OfdDocument } from './document.ts';
import { type Bookmark, type Goal, readBookmarks, readGoal } from './document-info.ts';
import { type Box, parseBox } from './geometry.ts';
import { attributeOf, childOf, childrenOf, type XmlElement } from './xml.ts';

/** What an action would do (GB/T 33190 clause 14). Nothing here does it: a reader may offer to go to a page, and says the rest in words. */
export interface DocumentAction extends Goal {
  /** Only `goto` leads to a page. */
  readonly kind: 'goto' | 'attachment' | 'address' | 'sound' | 'movie';
  /** The address, attachment or medium as written: hostile text, never followed. */
  readonly target: string | null;
}

/** An action with where it hangs: at the whole document, at a page, or at an object or annotation of a page. */
export interface DocumentLink extends DocumentAction {
  /** `DO` when the document is opened, `PO` when the page is, `CLICK`; as written. */
  readonly event: string;
  /** The page that it hangs at; null for the document. */
  readonly onPageId: string | null;
  /** Millimetres of the page; null for the whole page or document. */
  readonly place: Box | null;
}

const mostLinks = 2000;
const mostPages = 1000;
const longestTarget = 2000;

/** Reads the actions inside an element's `Actions`; one that is not known is left out. */
export function readActions(element: XmlElement, bookmarks: readonly Bookmark[]): readonly (DocumentAction & { readonly event: string })[] {
  return childrenOf(childOf(element, 'Actions'), 'Action').flatMap((action) => {
    const event = attributeOf(action, 'Event') ?? '';
    return action.children.flatMap((child) => {
      const read = readAction(child, bookmarks);
      return read === null ? [] : [{ ...read, event }];
    });
  });
}

function readAction(element: XmlElement, bookmarks: readonly Bookmark[]): DocumentAction | null {
  const target = (name: string): string | null => attributeOf(element, name)?.slice(0, longestTarget) ?? null;
  switch (element.name) {
    case 'Goto': {
      const named = attributeOf(childOf(element, 'Bookmark'), 'Name');
      return { kind: 'goto', ...readGoal(element, bookmarks), target: named?.slice(0, longestTarget) ?? null };
    }
    case 'GotoA':
      return { kind: 'attachment', pageId: null, spot: null, target: target('AttachID') };
    case 'URI':
      return { kind: 'address', pageId: null, spot: null, target: target('URI') };
    case 'Sound':
      return { kind: 'sound', pageId: null, spot: null, target: target('ResourceID') };
    case 'Movie':
      return { kind: 'movie', pageId: null, spot: null, target: target('ResourceID') };
    default:
      return null;
  }
}

/** Lists what a document would do and where: its own actions, those of its first thousand pages, of their objects and annotations. */
export function listLinks(document: OfdDocument): readonly DocumentLink[] {
  const bookmarks = readBookmarks(document.root);
  const links: DocumentLink[] = readActions(document.root, bookmarks).map((action) => ({ ...action, onPageId: null, place: null }));
  for (const { id, entry } of document.pages.slice(0, mostPages)) {
    const page = document.readXml(entry);
    const trees = [...(page.ok ? [page.value] : []), ...annotationTrees(document, id)];
    for (const tree of trees) {
      collect(tree, { bookmarks, onPageId: id, place: null }, links);
      if (links.length >= mostLinks) return links.slice(0, mostLinks);
    }
  }
  return links;
}

function annotationTrees(document: OfdDocument, pageId: string): XmlElement[] {
  const list = document.lists.annotations;
  const root = list === null ? null : document.readXml(list);
  if (list === null || root?.ok !== true) return [];
  return childrenOf(root.value, 'Page').flatMap((page) => {
    const location = attributeOf(page, 'PageID') === pageId ? childOf(page, 'FileLoc')?.text : undefined;
    const entry = location === undefined ? null : document.package.find(location, { entry: list, documentFolder: document.folder });
    const tree = entry === null ? null : document.readXml(entry);
    return tree?.ok === true ? [tree.value] : [];
  });
}

interface Around {
  readonly bookmarks: readonly Bookmark[];
  readonly onPageId: string;
  readonly place: Box | null;
}

function collect(element: XmlElement, around: Around, links: DocumentLink[]): void {
  const { bookmarks, onPageId } = around;
  const own = parseBox(attributeOf(element, 'Boundary'));
  const place = own === null ? around.place : { ...own, x: own.x + (around.place?.x ?? 0), y: own.y + (around.place?.y ?? 0) };
  if (links.length < mostLinks) for (const action of readActions(element, bookmarks)) links.push({ ...action, onPageId, place });
  for (const child of element.children) if (child.children.length > 0 && child.name !== 'Actions') collect(child, { ...around, place }, links);
}
