import { PDFDocument, PDFHexString, PDFName } from '@cantoo/pdf-lib';
import type { PDFRef } from '@cantoo/pdf-lib';
import type { CjkFont, FontFace } from './cjk-font.ts';
import type { Colour, Drawing, DrawingItem, PathItem, TextItem } from './drawing.ts';

/** What a file says of itself. `date` is YYYY-MM-DD and the only time in it: equal input gives equal bytes. */
export interface FileFacts {
  readonly title: string;
  readonly author: string;
  readonly date: string;
  readonly number: string;
}

/** Millimetres to points. */
const point = 72 / 25.4;

/** Prints a drawing as a PDF of one page with its fonts whole inside and its text searchable. */
export async function encodePdf(drawing: Drawing, fonts: ReadonlyMap<FontFace, CjkFont>, facts: FileFacts): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const moment = new Date(`${facts.date}T00:00:00Z`);
  document.setTitle(facts.title);
  document.setAuthor(facts.author);
  document.setSubject(facts.number);
  document.setProducer('Counter reference platform');
  document.setCreationDate(moment);
  document.setModificationDate(moment);
  const page = document.addPage([drawing.width * point, drawing.height * point]);
  for (const [face, font] of fonts) page.node.setFontDictionary(PDFName.of(face), embedFont(document, font));
  const content = drawing.items.map((item) => printItem(item, drawing.height, fonts)).join('\n');
  page.node.addContentStream(document.context.register(document.context.flateStream(`${number(point)} 0 0 ${number(point)} 0 0 cm\n${content}`)));
  return document.save({ useObjectStreams: false });
}

function printItem(item: DrawingItem, height: number, fonts: ReadonlyMap<FontFace, CjkFont>): string {
  return item.kind === 'path' ? printPath(item, height) : printText(item, height, fonts.get(item.face));
}

function printPath(item: PathItem, height: number): string {
  const operators = { M: 'm', L: 'l', C: 'c', Z: 'h' } as const;
  const steps = item.steps.map(([name, ...values]) =>
    [...values.map((value, i) => number(i % 2 === 0 ? value : height - value)), operators[name]].join(' '));
  const paint = item.fill === undefined ? 'S' : item.stroke === undefined ? 'f' : 'B';
  return [
    ...(item.fill === undefined ? [] : [`${colour(item.fill)} rg`]),
    ...(item.stroke === undefined ? [] : [`${colour(item.stroke)} RG ${number(item.lineWidth ?? 0.35)} w`]),
    ...steps,
    paint,
  ].join('\n');
}

/** Turning clockwise on a page whose y runs down is turning by the negative angle where y runs up. */
function printText(item: TextItem, height: number, font: CjkFont | undefined): string {
  if (font === undefined) return '';
  const turn = (-(item.angle ?? 0) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const stretch = item.stretch ?? 1;
  const matrix = [cos * stretch, sin * stretch, -sin, cos, item.x, height - item.y].map(number).join(' ');
  const codes = [...item.text].map((character) => hex4(font.glyphId(character))).join('');
  return `BT /${item.face} ${number(item.size)} Tf ${number(item.spacing ?? 0)} Tc ${colour(item.colour)} rg ${matrix} Tm <${codes}> Tj ET`;
}

/** A composite font whose codes are glyph ids (ISO 32000-1 9.7), with the map back to characters for search and copy. */
function embedFont(document: PDFDocument, font: CjkFont): PDFRef {
  const { context } = document;
  const name = PDFName.of(font.name);
  const file = context.register(context.flateStream(font.bytes, { Length1: font.bytes.length }));
  const descriptor = context.register(context.obj({
    Type: 'FontDescriptor',
    FontName: name,
    Flags: 4,
    FontBBox: [-200, -300, 1200, 1000],
    ItalicAngle: 0,
    Ascent: font.ascent * 1000,
    Descent: font.descent * 1000,
    CapHeight: 733,
    StemV: font.face.endsWith('700') ? 140 : 80,
    FontFile2: file,
  }));
  const descendant = context.register(context.obj({
    Type: 'Font',
    Subtype: 'CIDFontType2',
    BaseFont: name,
    CIDSystemInfo: { Registry: PDFHexString.fromText('Adobe'), Ordering: PDFHexString.fromText('Identity'), Supplement: 0 },
    FontDescriptor: descriptor,
    CIDToGIDMap: 'Identity',
    DW: 1000,
    W: [1, font.characters.map((character) => Math.round(font.advance(character) * 1000))],
  }));
  return context.register(context.obj({
    Type: 'Font',
    Subtype: 'Type0',
    BaseFont: name,
    Encoding: 'Identity-H',
    DescendantFonts: [descendant],
    ToUnicode: context.register(context.flateStream(printToUnicode(font))),
  }));
}

function printToUnicode(font: CjkFont): string {
  const lines = font.characters.map((character) => `<${hex4(font.glyphId(character))}> <${utf16(character)}>`);
  const blocks: string[] = [];
  // At most 100 lines a block (Adobe Technical Note 5411).
  for (let i = 0; i < lines.length; i += 100) {
    const part = lines.slice(i, i + 100);
    blocks.push(`${part.length} beginbfchar\n${part.join('\n')}\nendbfchar`);
  }
  return [
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def /CMapType 2 def',
    '1 begincodespacerange <0000> <FFFF> endcodespacerange',
    ...blocks,
    'endcmap CMapName currentdict /CMap defineresource pop end end',
  ].join('\n');
}

function utf16(character: string): string {
  return Array.from({ length: character.length }, (_, i) => hex4(character.charCodeAt(i))).join('');
}

function hex4(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0');
}

function colour(value: Colour): string {
  return value.map((channel) => number(channel / 255)).join(' ');
}

function number(value: number): string {
  return String(Math.round(value * 10000) / 10000);
}
