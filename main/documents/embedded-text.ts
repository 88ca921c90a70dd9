import { type PDFContext, PDFHexString, PDFName, type PDFRef } from '@cantoo/pdf-lib';
import type { FontPart, FontText, PlacedGlyph } from './cjk-font.ts';

/** A text whose fonts are in a document: resource names by part, and the drawing of its lines. */
export interface EmbeddedText {
  /** Fonts by resource name, for the `Font` entry of a resource dictionary. */
  readonly fonts: Readonly<Record<string, PDFRef>>;
  /** The widest line in em. */
  readonly width: number;
  /** Content stream operators that set one line with its left end at x, y of the current space. */
  drawLine(line: number, place: { readonly x: number; readonly y: number; readonly size: number }): string;
}

/** Embeds the fonts of a text into a document: Type 0, glyph ids as codes, with a map back to Unicode for searching. */
export function embedText(context: PDFContext, text: FontText): EmbeddedText {
  const fonts: Record<string, PDFRef> = {};
  for (const [i, part] of text.parts.entries()) {
    const glyphs = text.lines.flat().filter((glyph) => glyph.part === i);
    if (glyphs.length > 0) fonts[`F${i}`] = embedFont(context, part, glyphs);
  }
  const widthOf = (line: readonly PlacedGlyph[]): number => line.reduce((sum, { advance }) => sum + advance, 0) / 1000;
  return {
    fonts,
    width: Math.max(0, ...text.lines.map(widthOf)),
    drawLine: (line, { x, y, size }) => {
      const shown = splitRuns(text.lines[line] ?? []).map((run) => `/F${run.part} ${size} Tf <${run.glyphs.map(printGlyph).join('')}> Tj`);
      return `BT 1 0 0 1 ${round(x)} ${round(y)} Tm ${shown.join(' ')} ET`;
    },
  };
}

function embedFont(context: PDFContext, part: FontPart, glyphs: readonly PlacedGlyph[]): PDFRef {
  const { metrics } = part;
  // Six letters mark a subset (ISO 32000-1, 9.6.4).
  const name = `COUNTR+${part.name}`;
  const file = context.register(context.flateStream(part.bytes, { Length1: part.bytes.length }));
  const descriptor = context.register(
    context.obj({
      Type: 'FontDescriptor',
      FontName: name,
      Flags: 4,
      FontBBox: [...metrics.box],
      ItalicAngle: 0,
      Ascent: metrics.ascent,
      Descent: metrics.descent,
      CapHeight: metrics.ascent,
      StemV: 80,
      FontFile2: file,
    }),
  );
  const widths = [...new Map(glyphs.map(({ glyph, advance }) => [glyph, advance]))].flatMap(([glyph, advance]) => [glyph, [advance]]);
  const descendant = context.register(
    context.obj({
      Type: 'Font',
      Subtype: 'CIDFontType2',
      BaseFont: name,
      CIDSystemInfo: { Registry: PDFHexString.fromText('Adobe'), Ordering: PDFHexString.fromText('Identity'), Supplement: 0 },
      FontDescriptor: descriptor,
      CIDToGIDMap: 'Identity',
      DW: 1000,
      W: widths,
    }),
  );
  return context.register(
    context.obj({
      Type: 'Font',
      Subtype: 'Type0',
      BaseFont: name,
      Encoding: PDFName.of('Identity-H'),
      DescendantFonts: [descendant],
      ToUnicode: context.register(context.flateStream(printUnicodeMap(glyphs))),
    }),
  );
}

function splitRuns(line: readonly PlacedGlyph[]): { part: number; glyphs: PlacedGlyph[] }[] {
  const runs: { part: number; glyphs: PlacedGlyph[] }[] = [];
  for (const glyph of line) {
    const last = runs.at(-1);
    if (last?.part === glyph.part) last.glyphs.push(glyph);
    else runs.push({ part: glyph.part, glyphs: [glyph] });
  }
  return runs;
}

/** The ToUnicode map (ISO 32000-1, 9.10.3). */
function printUnicodeMap(glyphs: readonly PlacedGlyph[]): string {
  const entries = [...new Map(glyphs.map((glyph) => [glyph.glyph, glyph]))].map(
    ([, glyph]) => `<${printGlyph(glyph)}> <${Buffer.from(String.fromCodePoint(glyph.codePoint), 'utf16le').swap16().toString('hex')}>`,
  );
  const blocks: string[] = [];
  // A block holds at most a hundred entries.
  for (let at = 0; at < entries.length; at += 100) {
    const block = entries.slice(at, at + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return [
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def /CMapType 2 def',
    '1 begincodespacerange <0000> <ffff> endcodespacerange',
    ...blocks,
    'endcmap CMapName currentdict /CMap defineresource pop end end',
  ].join('\n');
}

function printGlyph({ glyph }: PlacedGlyph): string {
  return glyph.toString(16).padStart(4, '0');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
