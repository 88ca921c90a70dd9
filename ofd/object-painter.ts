import { applyClips, paintMask } from './clip-painter.ts';
import { openGroup } from './group-painter.ts';
import { type Matrix, scaleOf } from './geometry.ts';
import type { CompositeObject, GraphicObject, ImageObject, ObjectBase, PathObject, TextObject } from './graphic-object.ts';
import { paintImage } from './image-painter.ts';
import { boundaryMatrix, objectMatrix } from './object-space.ts';
import { readObjects } from './object-reader.ts';
import { type PaintScope, useMatrix } from './paint-scope.ts';
import { paintPath } from './path-painter.ts';
import { paintText } from './text-painter.ts';
import { childOf } from './xml.ts';

const deepestComposite = 12;

/** Paints objects in their order until the page's budget is used up. */
export function paintObjects(objects: readonly GraphicObject[], scope: PaintScope): void {
  for (const object of objects) {
    if (scope.budget.left <= 0) return;
    if (object.kind === 'block') {
      paintObjects(object.children, scope);
      continue;
    }
    scope.budget.left -= 1;
    scope.context.save();
    paintObject(object, scope);
    scope.context.restore();
  }
}

function paintObject(object: PathObject | TextObject | ImageObject | CompositeObject, scope: PaintScope): void {
  const { context } = scope;
  const matrix = objectMatrix(object, scope.matrix);
  if (!matrix.every(Number.isFinite)) return;
  context.globalAlpha = scope.alpha * object.alpha;
  context.globalCompositeOperation = blendModes.get(object.blendMode?.toLowerCase() ?? '') ?? scope.blend;
  const masks = applyClips(object.clips, scope, { object: matrix, boundary: boundaryMatrix(object, scope.matrix) });
  const group = masks.length > 0 ? openGroup(scope) : null;
  if (group === null) return paintContent(object, scope, matrix);
  const apart: PaintScope = { ...scope, ...group.scope };
  apart.context.save();
  paintContent(object, apart, matrix);
  apart.context.restore();
  group.scope.context.globalCompositeOperation = 'destination-in';
  for (const mask of masks) {
    const cover = openGroup(apart);
    if (cover === null) continue;
    paintMask(mask, { ...apart, ...cover.scope, layerParam: null });
    cover.close();
  }
  group.close();
}

function paintContent(object: PathObject | TextObject | ImageObject | CompositeObject, scope: PaintScope, matrix: Matrix): void {
  if (object.kind === 'path' || object.kind === 'image') clipToBoundary(object, scope);
  if (object.kind === 'path') paintPath(object, scope, matrix);
  else if (object.kind === 'text') paintText(object, scope, matrix);
  else if (object.kind === 'image') paintImage(object, scope, matrix);
  else paintComposite(object, scope);
}

/** BlendMode (8.2, Table 8) by the names of Canvas. */
const blendModes: ReadonlyMap<string, string> = new Map([
  ['normal', 'source-over'],
  ...['multiply', 'screen', 'overlay', 'darken', 'lighten', 'difference', 'exclusion', 'hue', 'saturation', 'color', 'luminosity'].map((mode) => [mode, mode] as const),
  ['colordodge', 'color-dodge'],
  ['colorburn', 'color-burn'],
  ['hardlight', 'hard-light'],
  ['softlight', 'soft-light'],
]);

/** With room for half a line: writers measure the middle of the line, and boxes of straight lines are flat. */
function clipToBoundary(object: PathObject | ImageObject, scope: PaintScope): void {
  const { boundary: { width, height } } = object;
  if (object.kind === 'path' && (width <= 0 || height <= 0)) return;
  const matrix = boundaryMatrix(object, scope.matrix);
  const pixel = 1 / Math.max(1e-9, scaleOf(matrix));
  const room = object.kind === 'path' ? Math.max(pixel, (object.line.width ?? 0.353) / 2) : pixel / 2;
  useMatrix(scope.context, matrix);
  scope.context.beginPath();
  scope.context.rect(-room, -room, width + 2 * room, height + 2 * room);
  scope.context.clip();
}

/** A composite (clause 13) is never painted inside itself. */
function paintComposite(object: ObjectBase & { readonly resource: string }, scope: PaintScope): void {
  const unit = scope.resources.compositeUnit(object.resource);
  const content = childOf(unit, 'Content');
  if (content === null || scope.open.includes(object.resource) || scope.open.length >= deepestComposite) return;
  const parts = readObjects(content, scope.limits.depth);
  const inner: PaintScope = { ...scope, matrix: objectMatrix(object, scope.matrix), open: [...scope.open, object.resource] };
  // What lies over one another inside shines through only as a whole.
  const isGroup = parts.length > 1 && (scope.alpha * object.alpha < 1 || object.blendMode !== null);
  const group = isGroup ? openGroup(scope) : null;
  if (group === null) return paintObjects(parts, { ...inner, alpha: scope.alpha * object.alpha });
  paintObjects(parts, { ...inner, ...group.scope });
  group.close();
}
