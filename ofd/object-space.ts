import { type Box, boundsOf, combine, invert, type Matrix } from './geometry.ts';
import type { ObjectBase } from './graphic-object.ts';

/** From an object's own space to pixels: its CTM, then its boundary's corner, then what is around (8.5). */
export function objectMatrix({ ctm, boundary }: ObjectBase, around: Matrix): Matrix {
  return combine(combine(ctm, [1, 0, 0, 1, boundary.x, boundary.y]), around);
}

/** From the space of the boundary, whose corner is the origin, to pixels. */
export function boundaryMatrix({ boundary }: ObjectBase, around: Matrix): Matrix {
  return combine([1, 0, 0, 1, boundary.x, boundary.y], around);
}

/** The boundary seen from the object's own space, with a margin. */
export function boundsInObject({ boundary, ctm }: ObjectBase, margin = 0): Box {
  const box = { x: -margin, y: -margin, width: boundary.width + 2 * margin, height: boundary.height + 2 * margin };
  return boundsOf(box, invert(ctm) ?? [1, 0, 0, 1, 0, 0]);
}
