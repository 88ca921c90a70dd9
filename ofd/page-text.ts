import { listAnnotations } from './annotations.ts';
import type { OfdDocument } from './document.ts';
import { applyMatrix, type Box, combine, type Matrix } from './geometry.ts';
import type { GraphicObject, TextObject } from './graphic-object.ts';
import { objectMatrix } from './object-space.ts';
import { readObjects } from './object-reader.ts';
import { type OfdPage, readPage } from './page.ts';
import type { Resources } from './resources.ts';
import { done, type OfdResult } from './result.ts';
import { layOutText, type PlacedSlot } from './text-layout.ts';
import { childOf } from './xml.ts';

/** One line of text of a text object, for selection and search; millimetres from the corner of the page, y down. */
export interface TextSpan {
  readonly text: string;
  /** Where the base line begins. */
  readonly x: number;
  readonly y: number;
  /** Along the base line. */
  readonly width: number;
  readonly size: number;
  /** Degrees clockwise. */
  readonly angle: number;
  readonly objectId: string;
}

/** The text of a page in the order in which it is painted, annotations last. */
export function readPageText(document: OfdDocument, index: number): OfdResult<readonly TextSpan[]> {
  const page = readPage(document, index);
  if (!page.ok) return page;
  const { box, layers, resources, id } = page.value;
  const scope = { resources, glyphs: document.package.limits.glyphs, depth: document.package.limits.depth, left: { objects: document.package.limits.objects } };
  const around: Matrix = [1, 0, 0, 1, -box.x, -box.y];
  const spans: TextSpan[] = [];
  for (const { objects } of layers) collect(objects, { ...scope, matrix: around, open: [] }, spans);
  for (const { boundary, objects, visible } of listAnnotations(document, id)) {
    if (boundary === null || !visible) continue;
    collect(objects, { ...scope, matrix: combine([1, 0, 0, 1, boundary.x, boundary.y], around), open: [] }, spans);
  }
  return done(spans);
}

interface Scope {
  readonly resources: Resources;
  readonly matrix: Matrix;
  readonly open: readonly string[];
  readonly glyphs: number;
  readonly depth: number;
  readonly left: { objects: number };
}

function collect(objects: readonly GraphicObject[], scope: Scope, spans: TextSpan[]): void {
  for (const object of objects) {
    if ((scope.left.objects -= 1) < 0) return;
    if (object.kind === 'block') collect(object.children, scope, spans);
    else if (object.kind === 'text') spans.push(...readLines(object, objectMatrix(object, scope.matrix), scope.glyphs));
    else if (object.kind === 'composite' && !scope.open.includes(object.resource) && scope.open.length < 8) {
      const content = childOf(scope.resources.compositeUnit(object.resource), 'Content');
      const matrix = objectMatrix(object, scope.matrix);
      if (content !== null) collect(readObjects(content, scope.depth), { ...scope, matrix, open: [...scope.open, object.resource] }, spans);
    }
  }
}

/** Chinese characters are as wide as they are high, others about half: only where the document gives no distances. */
const usualAdvance = (character: string): number => ((character.codePointAt(0) ?? 0) > 0x2e7f ? 1 : 0.5);

/** Text that jumps to another place is another line. */
function readLines(text: TextObject, matrix: Matrix, most: number): TextSpan[] {
  if (text.size <= 0) return [];
  const spans: TextSpan[] = [];
  let line: PlacedSlot[] = [];
  for (const slot of layOutText(text, usualAdvance, most)) {
    const last = line.at(-1);
    const isBroken = last !== undefined && (Math.abs(slot.y - last.y) > text.size * 0.5 || slot.x < last.x - text.size * 0.1 || slot.x > last.x + text.size * 4);
    if (isBroken) {
      spans.push(...toSpan(line, text, matrix));
      line = [];
    }
    line.push(slot);
  }
  return [...spans, ...toSpan(line, text, matrix)];
}

function toSpan(line: readonly PlacedSlot[], text: TextObject, matrix: Matrix): TextSpan[] {
  const [first, last] = [line[0], line.at(-1)];
  const content = line.map(({ character }) => character).join('');
  if (first === undefined || last === undefined || content.trim() === '') return [];
  const start = applyMatrix(matrix, first);
  const end = applyMatrix(matrix, { x: last.x + usualAdvance(last.character) * text.size * text.hScale, y: last.y });
  const up = applyMatrix([matrix[0], matrix[1], matrix[2], matrix[3], 0, 0], { x: 0, y: text.size });
  const span = {
    text: content,
    x: start.x,
    y: start.y,
    width: Math.hypot(end.x - start.x, end.y - start.y),
    size: Math.hypot(up.x, up.y),
    angle: (Math.atan2(end.y - start.y, end.x - start.x) * 180) / Math.PI,
    objectId: text.id,
  };
  return [span.x, span.y, span.width, span.size].every(Number.isFinite) ? [span] : [];
}

/** The text of objects by their IDs, templates not among them: what custom tags point to. */
export function textOfObjects({ layers }: OfdPage): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const visit = (objects: readonly GraphicObject[]): void => {
    for (const object of objects) {
      if (object.kind === 'block') visit(object.children);
      else if (object.kind === 'text') texts.set(object.id, object.codes.map(({ text }) => text).join(''));
    }
  };
  for (const layer of layers) visit(layer.objects);
  return texts;
}

/** The size of a page without painting it, and where its corner lies in its own coordinates, in millimetres. */
export function readPageSize(document: OfdDocument, index: number): OfdResult<Box> {
  const page = readPage(document, index);
  return page.ok ? done(page.value.box) : page;
}
