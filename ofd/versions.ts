import type { OfdPackage } from './package.ts';
import type { OfdResult } from './result.ts';
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from './xml.ts';

/** One version that a document keeps (GB/T 33190 clause 19); texts as written, dates too. */
export interface DocumentVersion {
  readonly id: string;
  readonly index: number;
  readonly name: string | null;
  readonly creationDate: string | null;
  /** Whether it is the one to be shown. */
  readonly current: boolean;
  /** The entry of its document root; null when it cannot be found. */
  readonly entry: string | null;
}

/** Where versions are read from. */
export interface VersionsDeps {
  readonly ofdPackage: OfdPackage;
  readonly readXml: (entry: string) => OfdResult<XmlElement>;
  readonly rootEntry: string;
}

const mostVersions = 1000;

/** Reads the list of versions of one DocBody with the file of each; a version whose file is missing or broken is listed without an entry. */
export function readVersions(body: XmlElement, { ofdPackage, readXml, rootEntry }: VersionsDeps): readonly DocumentVersion[] {
  const listed = childrenOf(childOf(body, 'Versions'), 'Version').slice(0, mostVersions);
  return listed.map((version, at) => {
    const file = ofdPackage.find(attributeOf(version, 'BaseLoc') ?? '', { entry: rootEntry });
    const tree = file === null ? null : readXml(file);
    const root = tree?.ok === true ? tree.value : null;
    const location = textOf(root, 'DocRoot');
    return {
      id: attributeOf(version, 'ID') ?? attributeOf(root, 'ID') ?? String(at),
      index: Number(attributeOf(version, 'Index') ?? at) || at,
      name: attributeOf(root, 'Name') ?? attributeOf(root, 'Version'),
      creationDate: attributeOf(root, 'CreationDate'),
      current: attributeOf(version, 'Current')?.toLowerCase() === 'true',
      entry: location === null || file === null ? null : ofdPackage.find(location, { entry: file }),
    };
  });
}
