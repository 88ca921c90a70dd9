import { type DocumentInfo, type DocumentPermissions, type OutlineEntry, readDocumentInfo, readOutline, readPermissions } from './document-info.ts';
import { type Box, parseBox } from './geometry.ts';
import { folderOf } from './location.ts';
import type { OfdPackage } from './package.ts';
import { createResources, type Resources } from './resources.ts';
import { done, type OfdFailure, type OfdResult, refuse } from './result.ts';
import { type DocumentVersion, readVersions } from './versions.ts';
import { attributeOf, childOf, childrenOf, parseXml, textOf, type XmlElement } from './xml.ts';

/** Where a page is: its ID and the entry with its content. */
export interface PageReference {
  readonly id: string;
  readonly entry: string;
}

/** A document of a package (GB/T 33190 7.3 to 7.5): its parts are read when they are asked for, each once. */
export interface OfdDocument {
  readonly package: OfdPackage;
  /** The entry of the document's root, usually `Doc_0/Document.xml`. */
  readonly entry: string;
  /** The folder of that entry. */
  readonly folder: string;
  /** How many documents the package holds. */
  readonly documents: number;
  /** The versions that the document keeps (clause 19), and the ID of the one that is open; null where it is the plain root. */
  readonly versions: readonly DocumentVersion[];
  readonly version: string | null;
  /** The document's root element. */
  readonly root: XmlElement;
  readonly info: DocumentInfo;
  readonly permissions: DocumentPermissions;
  readonly outline: readonly OutlineEntry[];
  /** The size of pages that give none themselves. */
  readonly pageBox: Box;
  readonly pages: readonly PageReference[];
  readonly templates: ReadonlyMap<string, PageReference & { readonly zOrder: string | null }>;
  readonly resources: Resources;
  /** Entries that list the document's annotations, attachments, custom tags and signatures; null where there are none. */
  readonly lists: DocumentLists;
  /** Parts that the document names and that are missing or broken: noted, never fatal. */
  readonly defects: readonly OfdFailure[];
  /** An XML entry, parsed; the last ones read stay in memory. */
  readXml(entry: string): OfdResult<XmlElement>;
}

/** The entries behind a document. */
export interface DocumentLists {
  readonly annotations: string | null;
  readonly attachments: string | null;
  readonly customTags: string | null;
  readonly signatures: string | null;
}

const standardPage: Box = { x: 0, y: 0, width: 210, height: 297 };
const rootEntry = 'OFD.xml';

/** Which document of a package, from 0, and which of its versions: the current one unless an ID says which. */
export interface DocumentChoice {
  readonly document?: number;
  readonly version?: string;
}

/** Opens one document of a package: the first in its current version, unless it is said which. */
export function openOfdDocument(ofdPackage: OfdPackage, { document: index = 0, version }: DocumentChoice = {}): OfdResult<OfdDocument> {
  const readXml = createXmlReader(ofdPackage);
  const rootName = ofdPackage.find(rootEntry);
  if (rootName === null) return refuse('document/not-ofd', rootEntry);
  const root = readXml(rootName);
  if (!root.ok) return root;
  const bodies = childrenOf(root.value, 'DocBody');
  const body = bodies[index];
  const versions = body === undefined ? [] : readVersions(body, { ofdPackage, readXml, rootEntry: rootName });
  const chosen = version === undefined ? versions.find(({ current, entry }) => current && entry !== null) : versions.find(({ id }) => id === version);
  if (version !== undefined && chosen === undefined) return refuse('document/no-version', version.slice(0, 40));
  const entry = chosen === undefined ? findDocumentRoot(ofdPackage, body) : chosen.entry;
  // GM/T 0099: the document itself lies encrypted beside a list of what is.
  if (entry === null && ofdPackage.find('Encryptions.xml') !== null) return refuse('package/encrypted', 'Encryptions.xml');
  if (body === undefined || entry === null) return refuse('document/not-ofd', 'DocRoot');
  const document = readXml(entry);
  if (!document.ok) return document;
  return assemble({ ofdPackage, readXml, body, entry, document: document.value, documents: bodies.length, versions, version: chosen?.id ?? null });
}

interface Parts {
  readonly ofdPackage: OfdPackage;
  readonly readXml: OfdDocument['readXml'];
  readonly body: XmlElement;
  readonly entry: string;
  readonly document: XmlElement;
  readonly documents: number;
  readonly versions: readonly DocumentVersion[];
  readonly version: string | null;
}

function assemble({ ofdPackage, readXml, body, entry, document, documents, versions, version }: Parts): OfdResult<OfdDocument> {
  const folder = folderOf(entry);
  const defects: OfdFailure[] = [];
  const find = (location: string | null): string | null => {
    if (location === null) return null;
    const found = ofdPackage.find(location, { entry, documentFolder: folder });
    if (found === null) defects.push({ code: 'package/entry-missing', detail: location.slice(0, 80) });
    return found;
  };
  const common = childOf(document, 'CommonData');
  const pages = childrenOf(childOf(document, 'Pages'), 'Page').flatMap((page): PageReference[] => {
    const found = find(attributeOf(page, 'BaseLoc'));
    return found === null ? [] : [{ id: attributeOf(page, 'ID') ?? '', entry: found }];
  });
  if (pages.length === 0) return refuse('document/no-pages');
  const templates = new Map<string, PageReference & { zOrder: string | null }>();
  for (const template of childrenOf(common, 'TemplatePage')) {
    const found = find(attributeOf(template, 'BaseLoc'));
    const id = attributeOf(template, 'ID');
    if (found !== null && id !== null) templates.set(id, { id, entry: found, zOrder: attributeOf(template, 'ZOrder') });
  }
  const files = [...childrenOf(common, 'PublicRes'), ...childrenOf(common, 'DocumentRes')].flatMap((resource) => find(resource.text.trim()) ?? []);
  const resources = createResources({ ofdPackage, readXml, documentFolder: folder, files, defaultColorSpace: textOf(common, 'DefaultCS') });
  return done({
    package: ofdPackage,
    entry,
    folder,
    documents,
    versions,
    version,
    root: document,
    info: readDocumentInfo(body),
    permissions: readPermissions(document),
    outline: readOutline(document),
    pageBox: readArea(childOf(common, 'PageArea')) ?? standardPage,
    pages,
    templates,
    resources,
    lists: {
      annotations: find(textOf(document, 'Annotations')),
      attachments: find(textOf(document, 'Attachments')),
      customTags: find(textOf(document, 'CustomTags')),
      signatures: find(textOf(body, 'Signatures')),
    },
    defects,
    readXml,
  });
}

function findDocumentRoot(ofdPackage: OfdPackage, body: XmlElement | undefined): string | null {
  const location = textOf(body, 'DocRoot');
  return location === null ? null : ofdPackage.find(location);
}

/** The physical box of an area element, when it is one that a page can have. */
export function readArea(area: XmlElement | null): Box | null {
  const box = parseBox(textOf(area, 'PhysicalBox'));
  return box !== null && box.width > 0 && box.height > 0 ? box : null;
}

const keptTrees = 24;

function createXmlReader(ofdPackage: OfdPackage): OfdDocument['readXml'] {
  const kept = new Map<string, OfdResult<XmlElement>>();
  return (entry) => {
    const known = kept.get(entry);
    if (known !== undefined) return known;
    const bytes = ofdPackage.read(entry);
    const tree = bytes.ok ? parseXml(bytes.value, ofdPackage.limits) : bytes;
    kept.set(entry, tree);
    const [oldest] = kept.keys();
    if (kept.size > keptTrees && oldest !== undefined) kept.delete(oldest);
    return tree;
  };
}
