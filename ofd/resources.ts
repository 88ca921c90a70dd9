import type { OfdPackage } from './package.ts';
import type { OfdResult } from './result.ts';
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from './xml.ts';

/** A font of the document (CT_Font, GB/T 33190 11.1); `file` is the entry of the embedded one. */
export interface FontResource {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly serif: boolean;
  readonly fixedWidth: boolean;
  readonly file: string | null;
}

/** A picture, film or sound of the document (MultiMedia). */
export interface ImageResource {
  readonly id: string;
  readonly type: 'image' | 'video' | 'audio';
  /** `PNG`, `JPEG`, `TIFF`, `GBIG2` …, upper case, as the document says; null when it does not. */
  readonly format: string | null;
  readonly file: string;
}

/** A colour space (8.3.1); `palette` holds the channels of each entry. */
export interface ColorSpace {
  readonly type: 'GRAY' | 'RGB' | 'CMYK';
  readonly bits: number;
  readonly palette: readonly string[];
}

/** Finds the resources of a document by ID; a page with resources of its own is asked with `extend`. */
export interface Resources {
  font(id: string): FontResource | null;
  image(id: string): ImageResource | null;
  colorSpace(id: string | null): ColorSpace | null;
  drawParam(id: string): XmlElement | null;
  compositeUnit(id: string): XmlElement | null;
  extend(files: readonly string[]): Resources;
}

/** What resources are read from. */
export interface ResourcesDeps {
  readonly ofdPackage: OfdPackage;
  readonly readXml: (entry: string) => OfdResult<XmlElement>;
  readonly documentFolder: string;
  /** Resource files, the more public first. */
  readonly files: readonly string[];
  readonly defaultColorSpace: string | null;
}

interface Located {
  readonly element: XmlElement;
  readonly entry: string;
  readonly baseLoc: string;
}

type Kind = 'Font' | 'MultiMedia' | 'ColorSpace' | 'DrawParam' | 'CompositeGraphicUnit';
const kinds: readonly Kind[] = ['Font', 'MultiMedia', 'ColorSpace', 'DrawParam', 'CompositeGraphicUnit'];

/** Creates the finder; the files are read with the first question. IDs may repeat across kinds in real files. */
export function createResources(deps: ResourcesDeps): Resources {
  const index = new Map<Kind, Map<string, Located>>();
  const find = (kind: Kind, id: string): Located | null => {
    if (index.size === 0) readFiles(deps, index);
    return index.get(kind)?.get(id) ?? null;
  };
  const locate = (location: string | null, { entry, baseLoc }: Located): string | null =>
    location === null ? null : deps.ofdPackage.find(location, { entry, baseLoc, documentFolder: deps.documentFolder });
  return {
    font: (id) => {
      const found = find('Font', id);
      return found === null ? null : readFont(id, found.element, locate(textOf(found.element, 'FontFile'), found));
    },
    image: (id) => {
      const found = find('MultiMedia', id);
      const file = found === null ? null : locate(textOf(found.element, 'MediaFile'), found);
      return file === null ? null : { id, file, type: readMediaType(found?.element), format: attributeOf(found?.element, 'Format')?.toUpperCase() ?? null };
    },
    colorSpace: (id) => {
      const wanted = id ?? deps.defaultColorSpace;
      const found = wanted === null ? null : find('ColorSpace', wanted);
      return found === null ? null : readColorSpace(found.element);
    },
    drawParam: (id) => find('DrawParam', id)?.element ?? null,
    compositeUnit: (id) => find('CompositeGraphicUnit', id)?.element ?? null,
    extend: (files) => (files.length === 0 ? createResources(deps) : createResources({ ...deps, files: [...deps.files, ...files] })),
  };
}

function readFiles({ files, readXml }: ResourcesDeps, index: Map<Kind, Map<string, Located>>): void {
  for (const kind of kinds) index.set(kind, new Map());
  for (const entry of files) {
    const root = readXml(entry);
    if (!root.ok) continue;
    const baseLoc = attributeOf(root.value, 'BaseLoc') ?? '';
    // Fonts/Font, MultiMedias/MultiMedia …: one level of lists between the root and the resources.
    for (const element of root.value.children.flatMap(({ children }) => children)) {
      const kind = kinds.find((one) => one === element.name);
      const id = attributeOf(element, 'ID');
      if (kind !== undefined && id !== null) index.get(kind)?.set(id, { element, entry, baseLoc });
    }
  }
}

function readMediaType(element: XmlElement | undefined): ImageResource['type'] {
  const type = attributeOf(element, 'Type')?.toLowerCase();
  return type === 'video' || type === 'audio' ? type : 'image';
}

function readFont(id: string, element: XmlElement, file: string | null): FontResource {
  const name = attributeOf(element, 'FontName') ?? '';
  const flag = (attribute: string): boolean => attributeOf(element, attribute)?.toLowerCase() === 'true';
  return {
    id,
    name,
    family: attributeOf(element, 'FamilyName') ?? name,
    bold: flag('Bold'),
    italic: flag('Italic'),
    serif: flag('Serif'),
    fixedWidth: flag('FixedWidth'),
    file,
  };
}

function readColorSpace(element: XmlElement): ColorSpace {
  const type = attributeOf(element, 'Type')?.toUpperCase();
  const bits = Number(attributeOf(element, 'BitsPerComponent') ?? '8');
  return {
    type: type === 'GRAY' || type === 'CMYK' ? type : 'RGB',
    bits: Number.isSafeInteger(bits) && bits >= 1 && bits <= 16 ? bits : 8,
    palette: childrenOf(childOf(element, 'Palette'), 'CV').map(({ text }) => text.trim()),
  };
}
