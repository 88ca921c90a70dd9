import type { PathSink } from './canvas.ts';
import { combine, type Matrix } from './geometry.ts';
import type { TextObject } from './graphic-object.ts';
import type { OutlineFont } from './outline-font.ts';
import type { PaintScope } from './paint-scope.ts';
import { layOutText, type PlacedSlot } from './text-layout.ts';

/** The way from a glyph in parts of the em, y up, to the space of the text object. */
export function glyphMatrix(text: TextObject, slot: PlacedSlot, isSlanted: boolean): Matrix {
  const angle = (text.charDirection * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const upright: Matrix = [text.size * text.hScale, 0, isSlanted ? text.size * 0.2126 : 0, -text.size, 0, 0];
  return combine(upright, [cos, sin, -sin, cos, slot.x, slot.y]);
}

/** Places the glyphs of a text whose font is embedded. */
export function layOutOutlined(text: TextObject, font: OutlineFont, mostGlyphs: number): PlacedSlot[] {
  const advanceOf = (character: string, glyph: number | null): number => {
    const number = glyph ?? font.glyphOf(character);
    return number === null ? 1 : font.advanceOf(number);
  };
  return layOutText(text, advanceOf, mostGlyphs);
}

/** Traces a text as outlines, moved by a matrix; false when its font is not embedded or lacks a letter. */
export function traceText(text: TextObject, scope: PaintScope, matrix: Matrix, sink: PathSink): boolean {
  const font = scope.assets.font(text.font, scope.resources);
  if (font === null) return false;
  for (const slot of layOutOutlined(text, font, scope.limits.glyphs)) {
    const glyph = slot.glyph ?? font.glyphOf(slot.character);
    if (glyph === null) {
      if (slot.character.trim() !== '') return false;
      continue;
    }
    font.trace(glyph, combine(glyphMatrix(text, slot, text.italic), matrix), sink);
  }
  return true;
}
