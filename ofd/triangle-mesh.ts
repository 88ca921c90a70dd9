import { type Color, readColor } from './color.ts';
import { applyMatrix, type Box, type Matrix, parseNumber } from './geometry.ts';
import type { Resources } from './resources.ts';
import { attributeOf, childOf, childrenOf, type XmlElement } from './xml.ts';

/** A corner of a triangle with its colour, in millimetres or, once moved, in pixels. */
export interface Corner {
  readonly x: number;
  readonly y: number;
  readonly color: Color;
}

/** Three corners; colours run between them. */
export type Triangle = readonly [Corner, Corner, Corner];

/** Reads the triangles of a Gouraud shading (GB/T 33190 8.3.4.4): free triangles by EdgeFlag, or a lattice by VerticesPerRow. */
export function readTriangles(shading: XmlElement, resources: Resources, matrix: Matrix): Triangle[] {
  const points = childrenOf(shading, 'Point').map((point) => {
    const color = childOf(point, 'Color');
    const place = applyMatrix(matrix, { x: parseNumber(attributeOf(point, 'X'), 0), y: parseNumber(attributeOf(point, 'Y'), 0) });
    return {
      corner: { ...place, color: color === null ? { red: 0, green: 0, blue: 0, alpha: 1 } : readColor(color, resources) },
      flag: parseNumber(attributeOf(point, 'EdgeFlag'), 0),
    };
  });
  const columns = parseNumber(attributeOf(shading, 'VerticesPerRow'), 0);
  return columns >= 2 ? latticeTriangles(points.map(({ corner }) => corner), Math.floor(columns)) : freeTriangles(points);
}

function freeTriangles(points: readonly { readonly corner: Corner; readonly flag: number }[]): Triangle[] {
  const triangles: Triangle[] = [];
  for (let at = 0; at < points.length; ) {
    const [first, second, third] = [points[at], points[at + 1], points[at + 2]];
    const last = triangles.at(-1);
    if (first === undefined) break;
    if (last !== undefined && (first.flag === 1 || first.flag === 2)) {
      triangles.push(first.flag === 1 ? [last[1], last[2], first.corner] : [last[0], last[2], first.corner]);
      at += 1;
      continue;
    }
    if (second === undefined || third === undefined) break;
    triangles.push([first.corner, second.corner, third.corner]);
    at += 3;
  }
  return triangles;
}

function latticeTriangles(corners: readonly Corner[], columns: number): Triangle[] {
  const triangles: Triangle[] = [];
  for (let index = 0; index + columns + 1 < corners.length; index++) {
    if (index % columns === columns - 1) continue;
    const [a, b, c, d] = [corners[index], corners[index + 1], corners[index + columns], corners[index + columns + 1]];
    if (a !== undefined && b !== undefined && c !== undefined && d !== undefined) triangles.push([a, b, c], [b, c, d]);
  }
  return triangles;
}

/** Paints triangles into RGBA pixels of a box on the canvas, later ones over earlier ones. */
export function paintTriangles(triangles: readonly Triangle[], box: Box, pixels: Uint8ClampedArray): void {
  for (const triangle of triangles) {
    const [a, b, c] = triangle;
    const area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
    if (Math.abs(area) < 1e-9) continue;
    const xs = triangle.map(({ x }) => x - box.x);
    const ys = triangle.map(({ y }) => y - box.y);
    const [left, right] = [Math.max(0, Math.floor(Math.min(...xs))), Math.min(box.width - 1, Math.ceil(Math.max(...xs)))];
    const [top, bottom] = [Math.max(0, Math.floor(Math.min(...ys))), Math.min(box.height - 1, Math.ceil(Math.max(...ys)))];
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const [px, py] = [x + 0.5 + box.x, y + 0.5 + box.y];
        const second = ((px - a.x) * (c.y - a.y) - (c.x - a.x) * (py - a.y)) / area;
        const third = ((b.x - a.x) * (py - a.y) - (px - a.x) * (b.y - a.y)) / area;
        const first = 1 - second - third;
        // A hair outside still counts, so that no seam shows between neighbours.
        if (first < -1e-3 || second < -1e-3 || third < -1e-3) continue;
        const at = (y * box.width + x) * 4;
        pixels[at] = first * a.color.red + second * b.color.red + third * c.color.red;
        pixels[at + 1] = first * a.color.green + second * b.color.green + third * c.color.green;
        pixels[at + 2] = first * a.color.blue + second * b.color.blue + third * c.color.blue;
        pixels[at + 3] = 255 * (first * a.color.alpha + second * b.color.alpha + third * c.color.alpha);
      }
    }
  }
}
