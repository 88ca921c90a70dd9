import type { GradientSink } from './canvas.ts';
import { black, printColor, readColor } from './color.ts';
import { applyMatrix, type Box, boundsOf, combine, invert, type Matrix, parseNumber, parsePoint, type Point } from './geometry.ts';
import { fillGradient, firstColor } from './gradient.ts';
import { type PaintScope, useMatrix } from './paint-scope.ts';
import { paintPattern } from './pattern-painter.ts';
import { paintTriangles, readTriangles } from './triangle-mesh.ts';
import { attributeOf, childOf, type XmlElement } from './xml.ts';

/** The area that is to be filled and the space in which its path and its shading are written. */
export interface FillArea {
  readonly path: object;
  readonly rule: 'nonzero' | 'evenodd';
  readonly matrix: Matrix;
  /** Holds the area, in the space of the matrix. */
  readonly bounds: Box;
}

/** Whether a colour is a plain one; the others are painted through the area as a clip. */
export function isPlain(color: XmlElement): boolean {
  return !color.children.some(({ name }) => name === 'Pattern' || name.endsWith('Shd'));
}

/** The CSS colour for what can only be filled plainly. */
export function plainColor(color: XmlElement | null, { resources }: PaintScope): string {
  if (color === null) return printColor(black);
  const shading = color.children.find(({ name }) => name.endsWith('Shd'));
  return printColor((shading === undefined ? null : firstColor(shading, resources)) ?? readColor(color, resources));
}

/** Fills an area with a colour, a pattern or a shading; `globalAlpha` is already set. */
export function fillArea(area: FillArea, color: XmlElement | null, scope: PaintScope): void {
  const { context } = scope;
  useMatrix(context, area.matrix);
  if (color === null || isPlain(color)) {
    context.fillStyle = plainColor(color, scope);
    context.fill(area.path, area.rule);
    return;
  }
  context.save();
  context.clip(area.path, area.rule);
  for (const element of color.children) paintSpecial(element, area, scope);
  context.restore();
}

function paintSpecial(element: XmlElement, area: FillArea, scope: PaintScope): void {
  if (element.name === 'Pattern') paintPattern(element, area, scope);
  else if (element.name === 'AxialShd') paintAxial(element, area, scope);
  else if (element.name === 'RadialShd') paintRadial(element, area, scope);
  else if (element.name === 'GouraudShd' || element.name === 'LaGourandShd' || element.name === 'LaGouraudShd') paintMesh(element, area, scope);
}

/** What a line is drawn with: shadings along it are possible, patterns and meshes give their first colour. */
export function strokePaint(color: XmlElement | null, scope: PaintScope): string | object {
  const axial = childOf(color, 'AxialShd');
  const radial = childOf(color, 'RadialShd');
  const gradient = axial === null ? (radial === null ? null : radialGradient(radial, scope)?.gradient) : axialGradient(axial, scope);
  return gradient ?? plainColor(color, scope);
}

function axialGradient(shading: XmlElement, { context, resources }: PaintScope): GradientSink | null {
  const from = parsePoint(attributeOf(shading, 'StartPoint'));
  const to = parsePoint(attributeOf(shading, 'EndPoint'));
  if (from === null || to === null) return null;
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (!isMeasurable(from, to, length) || length === 0) return null;
  const gradient = context.createLinearGradient(from.x, from.y, to.x, to.y);
  fillGradient(gradient, shading, length, resources);
  return gradient;
}

/** Ellipses are circles in a space pressed together across the direction of `Angle` by `Eccentricity`. */
function radialGradient(shading: XmlElement, { context, resources }: PaintScope): { gradient: GradientSink; squeeze: Matrix; back: Matrix } | null {
  const from = parsePoint(attributeOf(shading, 'StartPoint'));
  const to = parsePoint(attributeOf(shading, 'EndPoint'));
  const [fromRadius, toRadius] = [parseNumber(attributeOf(shading, 'StartRadius'), 0), parseNumber(attributeOf(shading, 'EndRadius'), 0)];
  if (from === null || to === null || fromRadius < 0 || toRadius < 0 || !isMeasurable(from, to, fromRadius, toRadius)) return null;
  const eccentricity = Math.min(0.999, Math.max(0, parseNumber(attributeOf(shading, 'Eccentricity'), 0)));
  const angle = (parseNumber(attributeOf(shading, 'Angle'), 0) * Math.PI) / 180;
  const squeeze = ellipseMatrix(Math.sqrt(1 - eccentricity ** 2), angle, from);
  const back = invert(squeeze);
  if (back === null) return null;
  const end = applyMatrix(back, to);
  // Two circles that are one have nothing between them.
  if (end.x === from.x && end.y === from.y && fromRadius === toRadius) return null;
  const gradient = context.createRadialGradient(from.x, from.y, fromRadius, end.x, end.y, toRadius);
  const distance = Math.hypot(end.x - from.x, end.y - from.y);
  fillGradient(gradient, shading, Math.max(distance, Math.abs(toRadius - fromRadius)), resources);
  return { gradient, squeeze, back };
}

/** Canvases take numbers of single precision and fail at others. */
function isMeasurable(from: Point, to: Point, ...lengths: readonly number[]): boolean {
  return [from.x, from.y, to.x, to.y, ...lengths].every((value) => Math.abs(value) < 1e7);
}

function paintAxial(shading: XmlElement, area: FillArea, scope: PaintScope): void {
  const gradient = axialGradient(shading, scope);
  if (gradient === null) return;
  scope.context.fillStyle = gradient;
  fillBounds(area.bounds, scope.context);
}

function fillBounds({ x, y, width, height }: Box, context: PaintScope['context']): void {
  context.fillRect(x - 1, y - 1, width + 2, height + 2);
}

function paintRadial(shading: XmlElement, area: FillArea, scope: PaintScope): void {
  const found = radialGradient(shading, scope);
  if (found === null) return;
  scope.context.fillStyle = found.gradient;
  useMatrix(scope.context, combine(found.squeeze, area.matrix));
  fillBounds(boundsOf(area.bounds, found.back), scope.context);
}

/** Presses the plane together around a point, across a direction. */
function ellipseMatrix(share: number, angle: number, { x, y }: Point): Matrix {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turned = combine(combine([cos, -sin, sin, cos, 0, 0], [1, 0, 0, share, 0, 0]), [cos, sin, -sin, cos, 0, 0]);
  return combine(combine([1, 0, 0, 1, -x, -y], turned), [1, 0, 0, 1, x, y]);
}

const mostMeshPixels = 16_000_000;

/** Painted in pixels, because a canvas has no gradient between three colours. */
function paintMesh(shading: XmlElement, area: FillArea, scope: PaintScope): void {
  const { context, kit, resources } = scope;
  const back = childOf(shading, 'BackColor');
  if (back !== null) {
    context.fillStyle = plainColor(back, scope);
    fillBounds(area.bounds, context);
  }
  const bounds = boundsOf(area.bounds, area.matrix);
  const box = { x: Math.floor(bounds.x), y: Math.floor(bounds.y), width: Math.ceil(bounds.width) + 1, height: Math.ceil(bounds.height) + 1 };
  if (!(box.width * box.height <= mostMeshPixels)) return;
  const surface = kit.createSurface(box.width, box.height);
  const pixels = surface.context.createImageData(box.width, box.height);
  paintTriangles(readTriangles(shading, resources, area.matrix), box, pixels.data);
  surface.context.putImageData(pixels, 0, 0);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(surface.canvas, box.x, box.y, box.width, box.height);
}
