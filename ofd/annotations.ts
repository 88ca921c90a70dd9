import type { OfdDocument } from './document.ts';
import { type Box, parseBox } from './geometry.ts';
import type { GraphicObject } from './graphic-object.ts';
import { readObjects } from './object-reader.ts';
import { attributeOf, childOf, childrenOf, textOf } from './xml.ts';

/** An annotation of a page (clause 15) with what it looks like. */
export interface Annotation {
  readonly id: string;
  /** `Link`, `Path`, `Highlight`, `Stamp`, `Watermark`, as written. */
  readonly type: string;
  readonly subtype: string | null;
  readonly visible: boolean;
  readonly print: boolean;
  /** Null when the annotation has no appearance. */
  readonly boundary: Box | null;
  readonly objects: readonly GraphicObject[];
  /** The entry that holds it. */
  readonly entry: string;
}

/** The annotations of a page, by the page's ID, in the order in which they are painted. */
export function listAnnotations(document: OfdDocument, pageId: string): readonly Annotation[] {
  const list = document.lists.annotations;
  const root = list === null ? null : document.readXml(list);
  if (list === null || root === null || !root.ok) return [];
  const pages = childrenOf(root.value, 'Page').filter((page) => attributeOf(page, 'PageID') === pageId);
  return pages.flatMap((page) => {
    const location = textOf(page, 'FileLoc');
    const entry = location === null ? null : document.package.find(location, { entry: list, documentFolder: document.folder });
    return entry === null ? [] : readAnnotations(document, entry);
  });
}

function readAnnotations(document: OfdDocument, entry: string): Annotation[] {
  const root = document.readXml(entry);
  if (!root.ok) return [];
  return childrenOf(root.value, 'Annot').map((element) => {
    const appearance = childOf(element, 'Appearance');
    return {
      id: attributeOf(element, 'ID') ?? '',
      type: attributeOf(element, 'Type') ?? '',
      subtype: attributeOf(element, 'Subtype'),
      visible: attributeOf(element, 'Visible')?.toLowerCase() !== 'false',
      print: attributeOf(element, 'Print')?.toLowerCase() !== 'false',
      // An appearance without a place of its own stands where its objects say.
      boundary: appearance === null ? null : (parseBox(attributeOf(appearance, 'Boundary')) ?? { x: 0, y: 0, width: 0, height: 0 }),
      objects: appearance === null ? [] : readObjects(appearance, document.package.limits.depth),
      entry,
    };
  });
}
