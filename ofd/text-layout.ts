import { parseNumber } from './geometry.ts';
import type { TextCode, TextObject } from './graphic-object.ts';

/** One glyph's place in the space of its text object, in millimetres; `character` is empty for the further glyphs of one character. */
export interface PlacedSlot {
  readonly x: number;
  readonly y: number;
  readonly character: string;
  /** The number of the glyph in the embedded font, or null when the character says which. */
  readonly glyph: number | null;
  /** The distance to the next one on the line, or null when the glyph's own width decides. */
  readonly advance: number | null;
}

/** How far a character's glyph reaches, in parts of the font size: asked only where the document gives no distances. */
export type AdvanceOf = (character: string, glyph: number | null) => number;

/**
 * Places the glyphs of a text (GB/T 33190 11.3, 11.4). `g n v` in a list of distances stands for n times v; the last distance
 * counts on when there are fewer than glyphs; a missing X or Y continues where the run before stands.
 */
export function layOutText(text: TextObject, advanceOf: AdvanceOf, mostGlyphs: number): PlacedSlot[] {
  const placed: PlacedSlot[] = [];
  let position = 0;
  let [x, y] = [0, 0];
  for (const code of text.codes) {
    x = code.x ?? x;
    y = code.y ?? y;
    const characters = [...code.text];
    const slots = readSlots({ text, characters, position });
    position += characters.length;
    const end = placeRun({ text, code, slots, x, y, advanceOf, placed, mostGlyphs });
    // A run without X of its own goes on behind the one before it.
    if (end === null) return placed;
    [x, y] = end;
  }
  return placed;
}

interface Slot {
  readonly character: string;
  readonly glyph: number | null;
}

/** Characters, or the glyphs that stand for them. */
function readSlots({ text, characters, position }: { readonly text: TextObject; readonly characters: readonly string[]; readonly position: number }): Slot[] {
  if (text.glyphMaps.length === 0) return characters.map((character) => ({ character, glyph: null }));
  const maps = new Map(text.glyphMaps.map((map) => [map.position, map]));
  const slots: Slot[] = [];
  for (let index = 0; index < characters.length; ) {
    const map = maps.get(position + index);
    if (map === undefined || map.glyphs.length === 0) {
      slots.push({ character: characters[index] ?? '', glyph: null });
      index += 1;
      continue;
    }
    const mapped = characters.slice(index, index + map.codeCount);
    for (const [at, glyph] of map.glyphs.entries()) {
      // As many characters as glyphs: one each. Otherwise the first glyph carries the text of all.
      const character = mapped.length === map.glyphs.length ? (mapped[at] ?? '') : at === 0 ? mapped.join('') : '';
      slots.push({ character, glyph });
    }
    index += map.codeCount;
  }
  return slots;
}

interface Run {
  readonly text: TextObject;
  readonly code: TextCode;
  readonly slots: readonly Slot[];
  readonly x: number;
  readonly y: number;
  readonly advanceOf: AdvanceOf;
  readonly placed: PlacedSlot[];
  readonly mostGlyphs: number;
}

/** Where the run ends, or null when there are too many glyphs. */
function placeRun({ text, code, slots, x, y, advanceOf, placed, mostGlyphs }: Run): [number, number] | null {
  const deltaX = readDeltas(code.deltaX, slots.length);
  const deltaY = readDeltas(code.deltaY, slots.length);
  const hasDeltas = deltaX.length > 0 || deltaY.length > 0;
  const angle = (text.readDirection * Math.PI) / 180;
  let [atX, atY] = [x, y];
  for (const [index, { character, glyph }] of slots.entries()) {
    if (placed.length >= mostGlyphs) return null;
    const own = hasDeltas ? 0 : advanceOf(character, glyph) * text.size * text.hScale;
    const stepX = hasDeltas ? (deltaX[index] ?? deltaX.at(-1) ?? 0) : own * Math.cos(angle);
    const stepY = hasDeltas ? (deltaY[index] ?? deltaY.at(-1) ?? 0) : own * Math.sin(angle);
    placed.push({ x: atX, y: atY, character, glyph, advance: hasDeltas && index < slots.length - 1 ? Math.hypot(stepX, stepY) : null });
    atX += stepX;
    atY += stepY;
  }
  return [atX, atY];
}

function readDeltas(list: string | null, most: number): number[] {
  if (list === null) return [];
  const words = list.trim().split(/[\s,]+/);
  const deltas: number[] = [];
  for (let at = 0; at < words.length && deltas.length < most; at++) {
    const word = words[at] ?? '';
    if (word.toLowerCase() !== 'g') {
      deltas.push(parseNumber(word, 0));
      continue;
    }
    const count = Math.min(most - deltas.length, Math.max(0, parseNumber(words[at + 1] ?? null, 0)));
    const value = parseNumber(words[at + 2] ?? null, 0);
    for (let repeat = 0; repeat < count; repeat++) deltas.push(value);
    at += 2;
  }
  return deltas;
}
