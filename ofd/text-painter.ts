import type { Context, FontRequest } from './canvas.ts';
import { type DrawStyle, resolveStyle } from './draw-style.ts';
import { fillArea, isPlain, plainColor, strokePaint } from './fill-painter.ts';
import { combine, type Matrix, scaleOf } from './geometry.ts';
import type { TextObject } from './graphic-object.ts';
import { boundsInObject } from './object-space.ts';
import type { OutlineFont } from './outline-font.ts';
import { type PaintScope, useMatrix } from './paint-scope.ts';
import { useLineStyle } from './path-painter.ts';
import { layOutText, type PlacedSlot } from './text-layout.ts';
import { glyphMatrix, traceText } from './text-outline.ts';

/** Fonts that stand in are drawn at this size and scaled, so that small type is not rounded to whole pixels. */
const drawnSize = 100;

/** Which font stands in for a text. */
export function fallbackRequest(text: TextObject, { resources }: Pick<PaintScope, 'resources'>): FontRequest {
  const font = resources.font(text.font);
  return { font, weight: font?.bold === true ? Math.max(700, text.weight) : text.weight };
}

/** Paints a text (GB/T 33190 clause 11) whose space the matrix leads from. It is not cut at its boundary: many writers give boxes that are too small. */
export function paintText(text: TextObject, scope: PaintScope, matrix: Matrix): void {
  const { context, resources, assets, limits } = scope;
  if (text.size <= 0) return;
  const style = resolveStyle(text, scope.layerParam, resources);
  const font = assets.font(text.font, resources);
  if (style.fillColor !== null && text.fill && !isPlain(style.fillColor) && paintSpecialText(text, scope, matrix, style)) return;
  const request = fallbackRequest(text, scope);
  const pen: Pen = { text, scope, matrix, style, font, request, isSlanted: text.italic && resources.font(text.font)?.italic !== true };
  if (text.fill) context.fillStyle = plainColor(style.fillColor, scope);
  if (text.stroke) context.strokeStyle = strokePaint(style.strokeColor, scope);
  for (const slot of layOutText(text, (character, glyph) => advanceOf(pen, character, glyph), limits.glyphs)) {
    const glyph = font === null ? null : (slot.glyph ?? font.glyphOf(slot.character));
    const path = glyph === null ? null : (font?.pathOf(glyph) ?? null);
    if (path !== null) paintOutline(pen, slot, path);
    else if (slot.character.trim() !== '') paintFallback(pen, slot);
  }
}

interface Pen {
  readonly text: TextObject;
  readonly scope: PaintScope;
  readonly matrix: Matrix;
  readonly style: DrawStyle;
  readonly font: OutlineFont | null;
  readonly request: FontRequest;
  readonly isSlanted: boolean;
}

function advanceOf({ font, scope: { context }, request, scope }: Pen, character: string, glyph: number | null): number {
  const number = font === null ? null : (glyph ?? font.glyphOf(character));
  if (font !== null && number !== null) return font.advanceOf(number);
  useFallbackFont(context, request, character, scope);
  return context.measureText(character).width / drawnSize;
}

function paintOutline(pen: Pen, slot: PlacedSlot, path: object): void {
  const { text, scope, matrix, style, request, isSlanted } = pen;
  const { context } = scope;
  const place = combine(glyphMatrix(text, slot, isSlanted), matrix);
  useMatrix(context, place);
  if (text.fill) context.fill(path);
  // A bold weight of a font that is not bold: a line around the letters.
  const isEmboldened = text.fill && request.weight >= 600 && request.font?.bold !== true;
  if (!isEmboldened && !text.stroke) return;
  useLineStyle({ ...style, lineWidth: isEmboldened ? 0.03 : style.lineWidth / text.size, dashPattern: [] }, scope, scaleOf(place));
  if (isEmboldened) context.strokeStyle = plainColor(style.fillColor, scope);
  context.stroke(path);
}

function useFallbackFont(context: Context, request: FontRequest, character: string, { kit }: PaintScope): void {
  const font = `${request.weight >= 600 ? 'bold ' : ''}${drawnSize}px ${kit.fallbackFonts.familyOf(request, character)}`;
  if (context.font !== font) context.font = font;
  if ('fontVariationSettings' in context) context.fontVariationSettings = `"wght" ${request.weight >= 600 ? 700 : 400}`;
}

function paintFallback(pen: Pen, slot: PlacedSlot): void {
  const { text, scope, matrix, style, request, isSlanted } = pen;
  const { context } = scope;
  useFallbackFont(context, request, slot.character, scope);
  const narrow = narrowing(context, text, slot);
  const [a, b, c, d, e, f] = glyphMatrix(text, slot, isSlanted);
  // Canvas letters stand with y down.
  const place = combine([(a * narrow) / drawnSize, (b * narrow) / drawnSize, -c / drawnSize, -d / drawnSize, e, f], matrix);
  useMatrix(context, place);
  if (text.fill) context.fillText(slot.character, 0, 0);
  if (!text.stroke) return;
  useLineStyle({ ...style, lineWidth: (style.lineWidth * drawnSize) / text.size, dashPattern: [] }, scope, scaleOf(place));
  context.strokeText(slot.character, 0, 0);
}

/** Letters of the font that was meant are often narrower (half an em in Chinese fonts): ours are pressed into the room they have. */
function narrowing(context: Context, text: TextObject, slot: PlacedSlot): number {
  if (slot.advance === null || slot.character.length !== 1 || slot.character.charCodeAt(0) > 0x7e || text.readDirection % 180 !== 0) return 1;
  const room = slot.advance / (text.size * text.hScale);
  const width = context.measureText(slot.character).width / drawnSize;
  return room >= 0.3 && width > room ? room / width : 1;
}

/** Fills the letters with a shading or pattern; false when they cannot be had as outlines. */
function paintSpecialText(text: TextObject, scope: PaintScope, matrix: Matrix, style: DrawStyle): boolean {
  const path = scope.kit.createPath();
  if (!traceText(text, scope, [1, 0, 0, 1, 0, 0], path)) return false;
  fillArea({ path, rule: 'nonzero', matrix, bounds: boundsInObject(text, text.size) }, style.fillColor, scope);
  if (text.stroke) {
    useLineStyle(style, scope, scaleOf(matrix));
    useMatrix(scope.context, matrix);
    scope.context.strokeStyle = strokePaint(style.strokeColor, scope);
    scope.context.stroke(path);
  }
  return true;
}
