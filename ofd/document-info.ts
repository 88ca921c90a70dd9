import { parseNumber } from './geometry.ts';
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from './xml.ts';

/** A named value that a maker of documents added (CustomData). */
export interface CustomData {
  readonly name: string;
  readonly value: string;
}

/** What the package says about a document (DocInfo, GB/T 33190 7.4); dates as written. */
export interface DocumentInfo {
  readonly id: string | null;
  readonly title: string | null;
  readonly author: string | null;
  readonly subject: string | null;
  readonly creationDate: string | null;
  readonly modificationDate: string | null;
  readonly creator: string | null;
  readonly customData: readonly CustomData[];
}

/** What the author allows (Permissions, 7.5); what the document does not say is allowed. */
export interface DocumentPermissions {
  readonly edit: boolean;
  readonly annotate: boolean;
  readonly export: boolean;
  readonly sign: boolean;
  readonly watermark: boolean;
  readonly printScreen: boolean;
  readonly print: boolean;
  /** How often it may be printed; null for as often as wanted. */
  readonly copies: number | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
}

/** A place on a page that a destination names (CT_Dest), in millimetres of the page; what it leaves open is null. */
export interface Spot {
  readonly left: number | null;
  readonly top: number | null;
}

/** Where something leads: the ID of the page, null where there is none, and the place on it, null for the page as a whole. */
export interface Goal {
  readonly pageId: string | null;
  readonly spot: Spot | null;
}

/** One entry of the outline, with the entries below it. */
export interface OutlineEntry extends Goal {
  readonly title: string;
  readonly children: readonly OutlineEntry[];
}

/** Reads DocInfo of one DocBody. */
export function readDocumentInfo(body: XmlElement): DocumentInfo {
  const info = childOf(body, 'DocInfo');
  return {
    id: textOf(info, 'DocID'),
    title: textOf(info, 'Title'),
    author: textOf(info, 'Author'),
    subject: textOf(info, 'Subject'),
    creationDate: textOf(info, 'CreationDate'),
    modificationDate: textOf(info, 'ModDate'),
    creator: textOf(info, 'Creator'),
    customData: childrenOf(childOf(info, 'CustomDatas'), 'CustomData').map((data) => ({ name: attributeOf(data, 'Name') ?? '', value: data.text.trim() })),
  };
}

/** Reads Permissions of a document. */
export function readPermissions(document: XmlElement): DocumentPermissions {
  const permissions = childOf(document, 'Permissions');
  const print = childOf(permissions, 'Print');
  const period = childOf(permissions, 'ValidPeriod');
  const allows = (name: string): boolean => textOf(permissions, name)?.toLowerCase() !== 'false';
  const copies = Number(attributeOf(print, 'Copies') ?? '-1');
  return {
    edit: allows('Edit'),
    annotate: allows('Annot'),
    export: allows('Export'),
    sign: allows('Signature'),
    watermark: allows('Watermark'),
    printScreen: allows('PrintScreen'),
    print: attributeOf(print, 'Printable')?.toLowerCase() !== 'false',
    copies: Number.isSafeInteger(copies) && copies >= 0 ? copies : null,
    validFrom: attributeOf(period, 'StartDate'),
    validTo: attributeOf(period, 'EndDate'),
  };
}

/** A place of the document that is called by a name (Bookmark). */
export interface Bookmark extends Goal {
  readonly name: string;
}

const mostMarks = 2000;

/** Reads Bookmarks of a document's root. */
export function readBookmarks(document: XmlElement): readonly Bookmark[] {
  const marks = childrenOf(childOf(document, 'Bookmarks'), 'Bookmark').slice(0, mostMarks);
  return marks.map((mark) => ({ name: (attributeOf(mark, 'Name') ?? '').slice(0, 200), ...readDestination(childOf(mark, 'Dest')) }));
}

/** Where a `Goto` leads, itself or by the name of a bookmark. */
export function readGoal(goto: XmlElement | null, bookmarks: readonly Bookmark[]): Goal {
  const own = readDestination(childOf(goto, 'Dest'));
  if (own.pageId !== null) return own;
  const named = attributeOf(childOf(goto, 'Bookmark'), 'Name');
  const { pageId, spot } = bookmarks.find(({ name }) => name === named) ?? own;
  return { pageId, spot };
}

/** Of each kind of destination what it places; any other shows the whole page. */
const placing: Readonly<Record<string, readonly ('left' | 'top')[]>> = { XYZ: ['left', 'top'], FitR: ['left', 'top'], FitH: ['top'], FitV: ['left'] };

function readDestination(destination: XmlElement | null): Goal {
  const places = placing[attributeOf(destination, 'Type') ?? ''] ?? [];
  const read = (side: 'left' | 'top', name: string): number | null => {
    const value = places.includes(side) ? parseNumber(attributeOf(destination, name), Number.NaN) : Number.NaN;
    return Number.isNaN(value) ? null : value;
  };
  const [left, top] = [read('left', 'Left'), read('top', 'Top')];
  return { pageId: attributeOf(destination, 'PageID'), spot: left === null && top === null ? null : { left, top } };
}

/** Reads the outline; actions other than going to a page are not read, so that they can never run. */
export function readOutline(document: XmlElement): readonly OutlineEntry[] {
  const bookmarks = readBookmarks(document);
  return childrenOf(childOf(document, 'Outlines'), 'OutlineElem').map((element) => readOutlineEntry(element, bookmarks));
}

function readOutlineEntry(element: XmlElement, bookmarks: readonly Bookmark[]): OutlineEntry {
  const actions = childrenOf(childOf(element, 'Actions'), 'Action');
  const goto = actions.map((action) => childOf(action, 'Goto')).find((found) => found !== null);
  return {
    title: (attributeOf(element, 'Title') ?? '').trim(),
    ...readGoal(goto ?? null, bookmarks),
    children: childrenOf(element, 'OutlineElem').map((child) => readOutlineEntry(child, bookmarks)),
  };
}
