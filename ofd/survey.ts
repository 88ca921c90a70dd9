import { isBareCff } from './bare-cff.ts';
import { findDisplayedFiles } from './displayed-files.ts';
import type { OfdDocument } from './document.ts';
import { readPictureFacts } from './picture-size.ts';
import { listSignatures } from './signatures.ts';
import { attributeOf, childOf, textOf, type XmlElement } from './xml.ts';

/** A font that a document names, and whether it brings the outlines along. */
export interface NamedFont {
  readonly name: string;
  readonly embedded: boolean;
}

/** What of the format a document makes use of, in plain words in alphabetical order (`alpha`, `clips`, `seal stamp` …), and the fonts that it names. */
export interface DocumentSurvey {
  readonly features: readonly string[];
  readonly fonts: readonly NamedFont[];
}

const mostFonts = 500;
const mostElements = 2_000_000;

/** By the name of an element. */
const elementFeatures: Readonly<Record<string, string>> = {
  CGTransform: 'glyph index text',
  Clips: 'clips',
  CompositeObject: 'composite',
  Pattern: 'pattern',
  AxialShd: 'axial gradient',
  RadialShd: 'radial gradient',
  GouraudShd: 'gouraud shading',
  LaGouraudShd: 'gouraud shading',
  FontFile: 'embedded fonts',
  Action: 'actions',
  Template: 'template',
};

/** Looks through everything that a document draws; what cannot be read is passed over. */
export function surveyDocument(document: OfdDocument): DocumentSurvey {
  const features = new Set(listed(document));
  const fonts = new Map<string, NamedFont>();
  const budget = { left: mostElements };
  for (const entry of findDisplayedFiles(document)) {
    const bytes = document.package.read(entry);
    if (!bytes.ok) continue;
    const kind = kindOf(bytes.value);
    if (kind !== null) features.add(kind);
    const root = bytes.value[0] === 0x3c || bytes.value[0] === 0xef ? document.readXml(entry) : null;
    if (root?.ok === true) walk(root.value, { features, fonts, budget });
  }
  return { features: [...features].toSorted(), fonts: [...fonts.values()].slice(0, mostFonts) };
}

function listed(document: OfdDocument): string[] {
  const { lists, outline, versions, documents } = document;
  const facts: readonly (readonly [string, boolean])[] = [
    ['annotations', lists.annotations !== null],
    ['attachment', lists.attachments !== null],
    ['custom tags', lists.customTags !== null],
    ['outline', outline.length > 0],
    ['versions', versions.length > 0],
    ['several documents', documents > 1],
    ['bookmarks', childOf(document.root, 'Bookmarks') !== null],
    ['seal stamp', listSignatures(document).some(({ stamps }) => stamps.length > 0)],
    ['integrity list', document.package.find('OFDEntries.xml') !== null],
  ];
  return facts.filter(([, holds]) => holds).map(([name]) => name);
}

/** Pictures and fonts, by their first bytes. */
function kindOf(bytes: Uint8Array): string | null {
  const picture = readPictureFacts(bytes)?.kind ?? null;
  if (picture === 'jpeg2000') return 'jpeg 2000';
  if (picture !== null) return picture === 'ofd' ? null : picture;
  if (bytes[0] === 0x4f && bytes[1] === 0x54 && bytes[2] === 0x54 && bytes[3] === 0x4f) return 'OTF font';
  return isBareCff(bytes) ? 'bare CFF font' : null;
}

interface Findings {
  readonly features: Set<string>;
  readonly fonts: Map<string, NamedFont>;
  readonly budget: { left: number };
}

function walk(root: XmlElement, { features, fonts, budget }: Findings): void {
  const waiting = [root];
  for (let element = waiting.pop(); element !== undefined && budget.left > 0; element = waiting.pop()) {
    budget.left -= 1;
    const named = elementFeatures[element.name];
    if (named !== undefined) features.add(named);
    if (Number(attributeOf(element, 'Alpha') ?? '255') < 255) features.add('alpha');
    if (attributeOf(element, 'DashPattern') !== null) features.add('dash');
    const blend = attributeOf(element, 'BlendMode');
    if (blend !== null && blend !== 'Normal') features.add('blend mode');
    if (element.name === 'ColorSpace' && attributeOf(element, 'Type')?.toUpperCase() === 'CMYK') features.add('CMYK');
    const font = element.name === 'Font' ? attributeOf(element, 'FontName') : null;
    if (font !== null) fonts.set(attributeOf(element, 'ID') ?? font, { name: font.slice(0, 200), embedded: textOf(element, 'FontFile') !== null });
    // One by one: a page may have more children than a call can have arguments.
    for (const child of element.children) waiting.push(child);
  }
}
