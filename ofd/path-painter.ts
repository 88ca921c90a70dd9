import { type DrawStyle, resolveStyle } from './draw-style.ts';
import { fillArea, strokePaint } from './fill-painter.ts';
import { type Matrix, scaleOf } from './geometry.ts';
import type { PathObject } from './graphic-object.ts';
import { boundsInObject } from './object-space.ts';
import { type PaintScope, useMatrix } from './paint-scope.ts';
import { tracePath } from './path-data.ts';

/** Paints a path (GB/T 33190 clause 9) whose space the matrix leads from. */
export function paintPath(object: PathObject, scope: PaintScope, matrix: Matrix): void {
  const { context, kit, resources } = scope;
  const style = resolveStyle(object, scope.layerParam, resources);
  const path = kit.createPath();
  tracePath(object.data, [1, 0, 0, 1, 0, 0], path);
  // A path that is filled with no colour is not seen; a text would be black.
  if (object.fill && style.fillColor !== null) fillArea({ path, rule: object.rule, matrix, bounds: boundsInObject(object) }, style.fillColor, scope);
  if (!object.stroke) return;
  useMatrix(context, matrix);
  useLineStyle(style, scope, scaleOf(matrix));
  context.strokeStyle = strokePaint(style.strokeColor, scope);
  context.stroke(path);
}

/** The line in the units of an object; at least one pixel wide, or hairlines vanish (Table 21). */
export function useLineStyle(style: DrawStyle, { context }: PaintScope, pixelsPerUnit: number): void {
  context.lineWidth = pixelsPerUnit > 0 ? Math.max(style.lineWidth, 1 / pixelsPerUnit) : style.lineWidth;
  context.lineCap = style.cap;
  context.lineJoin = style.join;
  context.miterLimit = style.miterLimit;
  context.setLineDash([...style.dashPattern]);
  context.lineDashOffset = style.dashOffset;
}
