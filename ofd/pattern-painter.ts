import { type Box, boundsOf, combine, identity, invert, type Matrix, parseMatrix, parseNumber } from './geometry.ts';
import { readObjects } from './object-reader.ts';
import { type PaintScope, useMatrix } from './paint-scope.ts';
import { attributeOf, childOf, type XmlElement } from './xml.ts';

const mostCells = 20_000;

/**
 * Paints the cells of a pattern (GB/T 33190 8.3.3) over an area that is already the clip. Cells stand `XStep` and `YStep` apart from the
 * origin of the object, or of the page with `RelativeTo="Page"`; every other row or column is turned over as `ReflectMethod` says.
 */
export function paintPattern(pattern: XmlElement, area: { readonly matrix: Matrix; readonly bounds: Box }, scope: PaintScope): void {
  const width = parseNumber(attributeOf(pattern, 'Width'), 0);
  const height = parseNumber(attributeOf(pattern, 'Height'), 0);
  const content = childOf(pattern, 'CellContent');
  if (width <= 0 || height <= 0 || content === null || scope.open.length >= 8) return;
  const stepX = Math.max(parseNumber(attributeOf(pattern, 'XStep'), width), width);
  const stepY = Math.max(parseNumber(attributeOf(pattern, 'YStep'), height), height);
  const base = attributeOf(pattern, 'RelativeTo')?.toLowerCase() === 'page' ? scope.matrix : area.matrix;
  const matrix = combine(parseMatrix(attributeOf(pattern, 'CTM')) ?? identity, base);
  const back = invert(matrix);
  if (back === null) return;
  const covered = boundsOf(area.bounds, combine(area.matrix, back));
  const [left, right] = [Math.floor((covered.x - width) / stepX), Math.ceil((covered.x + covered.width) / stepX)];
  const [top, bottom] = [Math.floor((covered.y - height) / stepY), Math.ceil((covered.y + covered.height) / stepY)];
  // Beyond safe numbers a row would be its own next one.
  if (![left, right, top, bottom].every(Number.isSafeInteger) || (right - left + 1) * (bottom - top + 1) > mostCells) return;
  const objects = readObjects(content, scope.limits.depth);
  const reflect = attributeOf(pattern, 'ReflectMethod')?.toLowerCase() ?? 'normal';
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right && scope.budget.left > 0; column++) {
      const isMirrored = (reflect === 'column' || reflect === 'rowandcolumn') && column % 2 !== 0;
      const isUpsideDown = (reflect === 'row' || reflect === 'rowandcolumn') && row % 2 !== 0;
      const turned: Matrix = [isMirrored ? -1 : 1, 0, 0, isUpsideDown ? -1 : 1, isMirrored ? width : 0, isUpsideDown ? height : 0];
      const cell = combine(combine(turned, [1, 0, 0, 1, column * stepX, row * stepY]), matrix);
      scope.context.save();
      useMatrix(scope.context, cell);
      scope.context.beginPath();
      scope.context.rect(0, 0, width, height);
      scope.context.clip();
      scope.paint(objects, { ...scope, matrix: cell, layerParam: null, open: [...scope.open, 'pattern'] });
      scope.context.restore();
    }
  }
}
