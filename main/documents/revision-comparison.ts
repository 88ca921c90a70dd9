import { createHash } from 'node:crypto';
import { PDFArray, PDFDict, PDFDocument, PDFName, type PDFObject, PDFRawStream, PDFRef, PDFStream } from '@cantoo/pdf-lib';

/** Whether two revisions of a PDF show the same: pages, their content and annotations, forms, layers, actions. */
export type RevisionDifference = 'same' | 'changed' | 'unreadable';

/** Compares an earlier revision (a beginning of the file) with the whole file. Signature fields and certificates' data do not count. */
export async function compareRevisions(before: Uint8Array, after: Uint8Array): Promise<RevisionDifference> {
  try {
    const [earlier, later] = [await fingerprint(before), await fingerprint(after)];
    return earlier === later ? 'same' : 'changed';
  } catch {
    // The library tells everything that is wrong with a file by throwing.
    return 'unreadable';
  }
}

async function fingerprint(bytes: Uint8Array): Promise<string> {
  const pdf = await PDFDocument.load(bytes, { updateMetadata: false });
  const writer = createWriter(pdf);
  // What a page has from the tree above it is drawn like its own.
  const pages = pdf.getPages().map(({ node }) => [node, ...inherited.map((name) => node.getInheritableAttribute(PDFName.of(name)))].map((part) => writer.write(part, 0)).join(' '));
  return [...pages, writer.write(pdf.catalog, 0)].join('\n');
}

/** What may differ: links upwards, and what later signatures bring with them (ISO 32000-1, 12.8; PAdES). */
const passedOver = new Set(['/Parent', '/P', '/Pages', '/DSS', '/Extensions', '/Metadata', '/Version', '/Perms', '/SigFlags', '/PieceInfo', '/LastModified', '/DA', '/DR']);
const inherited = ['Resources', 'MediaBox', 'CropBox', 'Rotate'] as const;
/** Dictionaries whose keys the author chooses (7.8.3, 9.6.5, 12.5.5): a picture may be called /P. Nothing in them is passed over. */
const freelyNamed = new Set(['/XObject', '/Font', '/ExtGState', '/ColorSpace', '/Pattern', '/Shading', '/Properties', '/CharProcs', '/N', '/D', '/R']);
const deepest = 200;
const mostObjects = 200_000;

function createWriter(pdf: PDFDocument) {
  const seen = new Map<string, number>();
  const write = (object: PDFObject | undefined, depth: number, isFree = false): string => {
    if (depth > deepest || seen.size > mostObjects) throw new Error('too deep');
    if (object instanceof PDFRef) {
      const name = `${object.toString()}${isFree ? ' free' : ''}`;
      const known = seen.get(name);
      if (known !== undefined) return `#${known}`;
      seen.set(name, seen.size);
      return write(pdf.context.lookup(object), depth + 1, isFree);
    }
    if (object instanceof PDFStream) return `${writeDictionary(object.dict, depth)}${digestOf(object)}`;
    if (object instanceof PDFDict) return writeDictionary(object, depth, isFree);
    if (object instanceof PDFArray) return `[${writeList(object, depth).join(' ')}]`;
    return object === undefined ? 'null' : object.toString();
  };
  const writeList = (array: PDFArray, depth: number): string[] =>
    array
      .asArray()
      .filter((entry) => !isSignatureField(pdf, entry))
      .map((entry) => write(entry, depth + 1));
  const writeDictionary = (dictionary: PDFDict, depth: number, isFree = false): string => {
    const entries = dictionary
      .entries()
      .filter(([name]) => isFree || !passedOver.has(name.toString()))
      .map(([name, value]): [string, string] => [name.toString(), write(value, depth + 1, !isFree && freelyNamed.has(name.toString()))])
      // A list that held signatures alone, or a form of signatures alone, is as if it were not there.
      .filter(([name, text]) => text !== '[]' && !(name === '/AcroForm' && text === '<<>>'))
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `<<${entries.map(([name, text]) => `${name} ${text}`).join(' ')}>>`;
  };
  return { write };
}

function digestOf(stream: PDFStream): string {
  const bytes = stream instanceof PDFRawStream ? stream.contents : stream.getContents();
  return createHash('sha256').update(bytes).digest('hex');
}

/** A field or widget of a signature, by itself or by its parent. */
function isSignatureField(pdf: PDFDocument, entry: PDFObject): boolean {
  let node = pdf.context.lookup(entry);
  for (let up = 0; up < 8 && node instanceof PDFDict; up++) {
    const type = node.lookup(PDFName.of('FT'));
    if (type !== undefined) return type === PDFName.of('Sig');
    node = node.lookup(PDFName.of('Parent'));
  }
  return false;
}
