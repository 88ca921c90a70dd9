import { type OfdDocument } from './document.ts';
import { type Box, parseBox } from './geometry.ts';
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from './xml.ts';

/** Where a signature puts its picture: on which page, into which box, and which part of it (18.2.3). */
export interface StampPlace {
  readonly id: string | null;
  readonly pageId: string;
  readonly boundary: Box;
  /** The part to be seen, measured from the corner of the boundary: a strip of a riding seal. */
  readonly clip: Box | null;
}

/** One protected entry: as written, and what it means; `entry` is null when nothing in the package has that name. */
export interface SignedReference {
  readonly fileRef: string;
  readonly entry: string | null;
  /** Base64, as written. */
  readonly checkValue: string;
}

/** A signature as its Signature.xml describes it (18.2); nothing here has been verified. */
export interface SignatureDescription {
  readonly id: string;
  readonly type: 'Seal' | 'Sign';
  /** The entry of Signature.xml: its raw bytes are what is signed. As written where nothing in the package has that name. */
  readonly entry: string;
  readonly provider: { readonly name: string | null; readonly company: string | null; readonly version: string | null };
  readonly method: string | null;
  /** As written: `20200425150405Z`, `2020-01-25 15:31:56` … */
  readonly dateTime: string | null;
  readonly checkMethod: string | null;
  readonly references: readonly SignedReference[];
  readonly stamps: readonly StampPlace[];
  /** Entry of the seal file that Seal/BaseLoc names; null when none is named or it is missing. */
  readonly sealEntry: string | null;
  readonly sealLocation: string | null;
  /** Entry with the signature value; null when it is missing. */
  readonly valueEntry: string | null;
}

/** The signatures of a document in their order; a Signature.xml that cannot be read is given with what is known of it. */
export function listSignatures(document: OfdDocument): readonly SignatureDescription[] {
  const list = document.lists.signatures;
  const root = list === null ? null : document.readXml(list);
  if (list === null || root === null || !root.ok) return [];
  return childrenOf(root.value, 'Signature').map((element) => {
    const location = attributeOf(element, 'BaseLoc') ?? '';
    const entry = document.package.find(location, { entry: list, documentFolder: document.folder }) ?? location;
    const signature = document.readXml(entry);
    return describe(document, { entry, element, root: signature.ok ? signature.value : null });
  });
}

function describe(
  { package: ofdPackage, folder }: OfdDocument,
  { entry, element, root }: { readonly entry: string; readonly element: XmlElement; readonly root: XmlElement | null },
): SignatureDescription {
  const info = childOf(root, 'SignedInfo');
  const references = childOf(info, 'References');
  const find = (location: string | null): string | null => (location === null ? null : ofdPackage.find(location, { entry, documentFolder: folder }));
  const sealLocation = textOf(childOf(info, 'Seal'), 'BaseLoc');
  return {
    id: attributeOf(element, 'ID') ?? '',
    type: attributeOf(element, 'Type')?.toLowerCase() === 'sign' ? 'Sign' : 'Seal',
    entry,
    provider: readProvider(childOf(info, 'Provider')),
    method: textOf(info, 'SignatureMethod'),
    dateTime: textOf(info, 'SignatureDateTime'),
    checkMethod: attributeOf(references, 'CheckMethod'),
    references: childrenOf(references, 'Reference').map((reference) => {
      const fileRef = attributeOf(reference, 'FileRef') ?? '';
      return { fileRef, entry: find(fileRef), checkValue: textOf(reference, 'CheckValue') ?? '' };
    }),
    stamps: childrenOf(info, 'StampAnnot').flatMap((stamp): StampPlace[] => {
      const boundary = parseBox(attributeOf(stamp, 'Boundary'));
      const pageId = attributeOf(stamp, 'PageRef');
      if (boundary === null || pageId === null) return [];
      return [{ id: attributeOf(stamp, 'ID'), pageId, boundary, clip: parseBox(attributeOf(stamp, 'Clip')) }];
    }),
    sealEntry: find(sealLocation),
    sealLocation,
    valueEntry: find(textOf(root, 'SignedValue')),
  };
}

/** Attributes by the standard; some writers use child elements. */
function readProvider(provider: XmlElement | null): SignatureDescription['provider'] {
  const read = (name: string): string | null => attributeOf(provider, name) ?? textOf(provider, name);
  return { name: read('ProviderName'), company: read('Company'), version: read('Version') };
}
