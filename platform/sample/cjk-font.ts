/// <reference path="./subset-font.d.ts" />
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import subsetFont from 'subset-font';
import { isComposite, readTrueType, writeTrueType } from './true-type.ts';
import type { TrueTypeGlyph, TrueTypeReader } from './true-type.ts';

/** A face of the two families that the program brings along. */
export type FontFace = 'serif-400' | 'serif-700' | 'sans-400' | 'sans-700';

/** A font made for one text: complete file bytes, glyph ids and advances (in em) by character. */
export interface CjkFont {
  readonly face: FontFace;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly ascent: number;
  readonly descent: number;
  /** In the order of glyph ids: the first has id 1. */
  readonly characters: readonly string[];
  glyphId(character: string): number;
  advance(character: string): number;
}

/** Makes fonts that hold exactly the characters of a text; the decompressed slices stay in memory. */
export interface FontLibrary {
  load(face: FontFace, text: string): Promise<CjkFont>;
}

/** The mark that Chinese printers set where the face has no glyph (〓). */
const missingMark = '〓';

/** Opens the bundled families, which come as slices by range of characters and variable in weight. */
export function createFontLibrary(): FontLibrary {
  const slices = new Map<string, Promise<TrueTypeReader>>();
  const indexes = new Map<string, readonly SliceRange[]>();

  const indexOf = async (family: string): Promise<readonly SliceRange[]> => {
    const known = indexes.get(family);
    if (known !== undefined) return known;
    const index = parseIndex(await readFile(join(packageFolder(family), 'unicode.json'), 'utf8'));
    indexes.set(family, index);
    return index;
  };

  const slice = (family: string, weight: number, name: string): Promise<TrueTypeReader> => {
    const key = `${family} ${weight} ${name}`;
    const known = slices.get(key) ?? openSlice(family, weight, name);
    slices.set(key, known);
    return known;
  };

  return {
    async load(face, text) {
      const [family = 'serif', weightText] = face.split('-');
      const weight = Number(weightText);
      const index = await indexOf(family);
      const wanted = [...new Set(text)].sort();
      const found: [string, TrueTypeGlyph][] = [];
      const missing: string[] = [];
      for (const character of wanted) {
        const glyph = await findGlyph(index, character, (name) => slice(family, weight, name));
        if (glyph === null) missing.push(character);
        else found.push([character, glyph]);
      }
      if (missing.length > 0) {
        const mark = await findGlyph(index, missingMark, (name) => slice(family, weight, name));
        for (const character of missing) if (mark !== null) found.push([character, mark]);
      }
      return createCjkFont(face, weight, found);
    },
  };
}

interface SliceRange {
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

function packageFolder(family: string): string {
  return dirname(createRequire(import.meta.url).resolve(`@fontsource-variable/noto-${family}-sc/unicode.json`));
}

function parseIndex(json: string): SliceRange[] {
  const index: Record<string, string> = JSON.parse(json);
  return Object.entries(index).flatMap(([key, ranges]) =>
    ranges.split(',').map((range) => {
      const [first = '', last = first] = range.replace('U+', '').split('-');
      return { name: key.replace(/[[\]]/g, ''), first: Number.parseInt(first, 16), last: Number.parseInt(last, 16) };
    }),
  );
}

async function openSlice(family: string, weight: number, name: string): Promise<TrueTypeReader> {
  const file = join(packageFolder(family), 'files', `noto-${family}-sc-${name}-wght-normal.woff2`);
  return readTrueType(
    await subsetFont(await readFile(file), '', {
      keepAllGlyphs: true,
      targetFormat: 'truetype',
      variationAxes: { wght: weight },
      noHinting: true,
      dropTables: ['GSUB', 'GPOS', 'GDEF', 'BASE', 'STAT', 'vhea', 'vmtx'],
    }),
  );
}

async function findGlyph(
  index: readonly SliceRange[],
  character: string,
  open: (name: string) => Promise<TrueTypeReader>,
): Promise<TrueTypeGlyph | null> {
  const code = character.codePointAt(0) ?? 0;
  for (const { name, first, last } of index) {
    if (code < first || code > last) continue;
    const glyph = (await open(name)).glyphOf(code);
    if (glyph !== null && !isComposite(glyph)) return glyph;
  }
  return null;
}

/** Metrics of both families, in thousandths of an em. */
const vertical = { unitsPerEm: 1000, ascent: 880, descent: -120 };

function createCjkFont(face: FontFace, weight: number, found: readonly (readonly [string, TrueTypeGlyph])[]): CjkFont {
  const ids = new Map(found.map(([character], i) => [character, i + 1]));
  const advances = new Map(found.map(([character, glyph]) => [character, glyph.advance / vertical.unitsPerEm]));
  const name = `Counter-${face}`;
  return {
    face,
    name,
    ascent: vertical.ascent / vertical.unitsPerEm,
    descent: vertical.descent / vertical.unitsPerEm,
    bytes: writeTrueType({ ...vertical, name, weight, glyphs: found.map(([c, glyph]) => [c.codePointAt(0) ?? 0, glyph]) }),
    characters: found.map(([character]) => character),
    glyphId: (character) => ids.get(character) ?? 0,
    advance: (character) => advances.get(character) ?? 1,
  };
}
