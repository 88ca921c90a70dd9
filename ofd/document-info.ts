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

/** One entry of the outline, with the entries below it. */
export interface OutlineEntry {
  readonly title: string;
  /** The ID of the page that it leads to. */
  readonly pageId: string | null;
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

/** Reads the outline; actions other than going to a page are not read, so that they can never run. */
export function readOutline(document: XmlElement): readonly OutlineEntry[] {
  return childrenOf(childOf(document, 'Outlines'), 'OutlineElem').map(readOutlineEntry);
}

function readOutlineEntry(element: XmlElement): OutlineEntry {
  const actions = childrenOf(childOf(element, 'Actions'), 'Action');
  const goal = actions.map((action) => childOf(childOf(action, 'Goto'), 'Dest')).find((dest) => dest !== null);
  return {
    title: (attributeOf(element, 'Title') ?? '').trim(),
    pageId: attributeOf(goal, 'PageID'),
    children: childrenOf(element, 'OutlineElem').map(readOutlineEntry),
  };
}
