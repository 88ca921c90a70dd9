import { listAttachments } from './attachments.ts';
import type { OfdDocument } from './document.ts';
import { readPage } from './page.ts';
import { textOfObjects } from './page-text.ts';
import { attributeOf, childrenOf, parseXml, textOf, type XmlElement } from './xml.ts';

/** A named value that a document states about itself, and where: CustomDatas of OFD.xml, custom tags on a page, an attached record. */
export interface DocumentField {
  readonly source: 'custom-data' | 'custom-tag' | 'attachment';
  readonly name: string;
  readonly value: string;
}

const mostFields = 1000;
const longestValue = 2000;

/** The fields of a document, tags first, since they name what is seen on the page. Names and values are hostile text. */
export function readFields(document: OfdDocument): readonly DocumentField[] {
  const fields = [...readTags(document), ...readCustomData(document), ...readRecords(document)];
  return fields.slice(0, mostFields).map(({ source, name, value }) => ({ source, name: name.slice(0, 200), value: value.slice(0, longestValue) }));
}

function readCustomData({ info }: OfdDocument): DocumentField[] {
  return info.customData.map(({ name, value }) => ({ source: 'custom-data', name, value }));
}

/** Each tag points to text objects by page and ID (clause 16); their text, joined in order, is the value. */
function readTags(document: OfdDocument): DocumentField[] {
  const list = document.lists.customTags;
  const root = list === null ? null : document.readXml(list);
  if (list === null || root === null || !root.ok) return [];
  const lookUp = createLookUp(document);
  return childrenOf(root.value, 'CustomTag').flatMap((tag) => {
    const location = textOf(tag, 'FileLoc');
    const entry = location === null ? null : document.package.find(location, { entry: list, documentFolder: document.folder });
    const tree = entry === null ? null : document.readXml(entry);
    return tree !== null && tree.ok ? collectTags(tree.value, lookUp) : [];
  });
}

type LookUp = (pageId: string | null, objectId: string) => string;

function createLookUp(document: OfdDocument): LookUp {
  const pages = new Map<string, ReadonlyMap<string, string>>();
  return (pageId, objectId) => {
    if (pageId === null) return '';
    if (!pages.has(pageId)) {
      const page = readPage(document, document.pages.findIndex(({ id }) => id === pageId));
      pages.set(pageId, page.ok ? textOfObjects(page.value) : new Map());
    }
    return pages.get(pageId)?.get(objectId) ?? '';
  };
}

function collectTags(element: XmlElement, lookUp: LookUp): DocumentField[] {
  const references = childrenOf(element, 'ObjectRef');
  const own = references.map((reference) => lookUp(attributeOf(reference, 'PageRef'), reference.text.trim())).join('');
  const field = own === '' ? [] : [{ source: 'custom-tag' as const, name: attributeOf(element, 'Name') ?? element.name, value: own }];
  return [...field, ...element.children.filter(({ name }) => name !== 'ObjectRef').flatMap((child) => collectTags(child, lookUp))];
}

/** The structured record that certificates and invoices carry as an attached XML file: its elements with text. */
function readRecords(document: OfdDocument): DocumentField[] {
  return listAttachments(document).flatMap(({ entry, format, name }) => {
    if (entry === null || !/xml/i.test(`${format ?? ''} ${name} ${entry}`)) return [];
    const bytes = document.package.read(entry);
    const root = bytes.ok ? parseXml(bytes.value, document.package.limits) : bytes;
    return root.ok ? collectLeaves(root.value) : [];
  });
}

function collectLeaves(element: XmlElement): DocumentField[] {
  if (element.children.length > 0) return element.children.flatMap(collectLeaves);
  const value = element.text.trim();
  return value === '' ? [] : [{ source: 'attachment', name: attributeOf(element, 'Name') ?? element.name, value }];
}
