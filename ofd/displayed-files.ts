import type { OfdDocument } from './document.ts';
import type { OfdResult } from './result.ts';
import { attributeOf, type XmlElement } from './xml.ts';

/** What stands in a document without being drawn: a reader of the page does not see it. */
const undrawn: readonly string[] = ['Signatures', 'Attachments', 'CustomTags', 'Extensions', 'CustomDatas', 'Outlines', 'Bookmarks', 'Actions', 'Cover'];
/** Text and packed coordinates, never locations. */
const prose: readonly string[] = ['TextCode', 'AbbreviatedData', 'Glyphs', 'Title', 'Author', 'Subject', 'Abstract', 'Keyword', 'Creator'];

/**
 * The entries that the pages of a document are drawn from: everything that its root leads to by locations, over pages,
 * templates, resources, annotations and media, and OFD.xml. Broken parts are passed over: what cannot be read is not drawn.
 */
export function findDisplayedFiles(document: OfdDocument): ReadonlySet<string> {
  const { package: pack, folder: documentFolder } = document;
  const displayed = new Set([pack.find('OFD.xml') ?? 'OFD.xml']);
  const waiting = [document.entry];
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    if (displayed.has(entry)) continue;
    displayed.add(entry);
    const root = isMarkup(pack.read(entry)) ? document.readXml(entry) : null;
    if (root?.ok !== true) continue;
    const baseLoc = attributeOf(root.value, 'BaseLoc');
    const base = { entry, documentFolder, ...(baseLoc === null ? {} : { baseLoc }) };
    for (const location of locationsIn(root.value)) {
      const found = pack.find(location, base);
      if (found !== null) waiting.push(found);
    }
  }
  return displayed;
}

/** By its beginning, for a page is drawn whatever its entry is called: `<` behind blanks or a mark of byte order. */
function isMarkup(read: OfdResult<Uint8Array>): boolean {
  const first = read.ok ? read.value.find((byte) => ![0x09, 0x0a, 0x0d, 0x20, 0x00, 0xef, 0xbb, 0xbf, 0xfe, 0xff].includes(byte)) : undefined;
  return first === 0x3c;
}

/** Every text and attribute short enough to be a location; most are none, and are found nowhere. */
function locationsIn(root: XmlElement): ReadonlySet<string> {
  const locations = new Set<string>();
  const waiting = [root];
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    if (undrawn.includes(element.name) || prose.includes(element.name)) continue;
    const text = element.text.trim();
    if (text !== '' && text.length < 300 && element.children.length === 0) locations.add(text);
    for (const [name, value] of element.attributes) if (/Loc$|^File/.test(name) && element !== root) locations.add(value.trim());
    waiting.push(...element.children);
  }
  return locations;
}
