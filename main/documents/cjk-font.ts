/// <reference path="./subset-font.d.ts" />
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import subsetFont from 'subset-font';
import { readTrueType, type TrueTypeMetrics } from './true-type.ts';

/** One font file that holds some characters of a text. */
export interface FontPart {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly metrics: TrueTypeMetrics;
}

/** The glyph of a character, and in which of the parts it is. */
export interface PlacedGlyph {
  readonly part: number;
  readonly glyph: number;
  readonly codePoint: number;
  /** Thousandths of an em. */
  readonly advance: number;
}

/** A text made ready for setting: a few small fonts, and its lines as glyphs of them. */
export interface FontText {
  readonly parts: readonly FontPart[];
  readonly lines: readonly (readonly PlacedGlyph[])[];
}

/** Sets Chinese text with the bundled Noto Sans SC, regular weight. */
export interface CjkFont {
  /** Characters that the font lacks are set as 〓, the mark that Chinese printers use. */
  setLines(lines: readonly string[]): Promise<FontText>;
}

const family = '@fontsource-variable/noto-sans-sc';
const missingMark = '〓';
const keptTexts = 8;

/** Opens the bundled family, which comes as slices by range of characters; the last few texts stay in memory. */
export function createCjkFont(): CjkFont {
  const folder = path.dirname(createRequire(import.meta.url).resolve(`${family}/unicode.json`));
  const texts = new Map<string, Promise<FontText>>();
  const openIndex = once(async () => parseIndex(await readFile(path.join(folder, 'unicode.json'), 'utf8')));

  const make = async (lines: readonly string[]): Promise<FontText> => {
    const sliceOf = await openIndex();
    const wanted = new Map<string, Set<string>>();
    for (const character of [...lines.join(''), missingMark]) {
      const slice = sliceOf(character.codePointAt(0) ?? 0);
      if (slice !== null) wanted.set(slice, (wanted.get(slice) ?? new Set()).add(character));
    }
    const parts: FontPart[] = [];
    for (const [slice, characters] of wanted) parts.push(await openPart(folder, slice, [...characters].join('')));
    return { parts, lines: lines.map((line) => placeGlyphs(parts, line)) };
  };

  return {
    setLines: (lines) => {
      const key = lines.join('\n');
      const text = texts.get(key) ?? make(lines);
      texts.delete(key);
      texts.set(key, text);
      // A file that could not be read this time may be there the next.
      text.catch(() => texts.delete(key));
      const [oldest] = texts.keys();
      if (texts.size > keptTexts && oldest !== undefined) texts.delete(oldest);
      return text;
    },
  };
}

function parseIndex(json: string): (codePoint: number) => string | null {
  const index: Record<string, string> = JSON.parse(json);
  const ranges = Object.entries(index).flatMap(([key, list]) =>
    list.split(',').map((range) => {
      const [first = '', last = first] = range.replace('U+', '').split('-');
      return { slice: key.replace(/[[\]]/g, ''), first: Number.parseInt(first, 16), last: Number.parseInt(last, 16) };
    }),
  );
  return (codePoint) => ranges.find(({ first, last }) => codePoint >= first && codePoint <= last)?.slice ?? null;
}

async function openPart(folder: string, slice: string, characters: string): Promise<FontPart> {
  const file = await readFile(path.join(folder, 'files', `noto-sans-sc-${slice}-wght-normal.woff2`));
  const bytes = await subsetFont(file, characters, {
    targetFormat: 'truetype',
    variationAxes: { wght: 400 },
    noHinting: true,
    dropTables: ['GSUB', 'GPOS', 'GDEF', 'BASE', 'STAT', 'vhea', 'vmtx'],
  });
  return { name: `NotoSansSC-${slice}`, bytes, metrics: readTrueType(bytes) };
}

function placeGlyphs(parts: readonly FontPart[], line: string): PlacedGlyph[] {
  const place = (character: string): PlacedGlyph | undefined => {
    const codePoint = character.codePointAt(0) ?? 0;
    for (const [part, { metrics }] of parts.entries()) {
      const glyph = metrics.glyphOf(codePoint);
      if (glyph !== 0) return { part, glyph, codePoint, advance: metrics.advanceOf(glyph) };
    }
    return undefined;
  };
  return [...line].flatMap((character) => place(character) ?? place(missingMark) ?? []);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
