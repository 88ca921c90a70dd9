import type { CanvasKit, Context, Picture } from './canvas.ts';
import { combine, identity, type Matrix, parseNumber, parseNumbers } from './geometry.ts';
import type { OfdLimits } from './limits.ts';
import { svgSide } from './picture-size.ts';
import { isPathData } from './svg-path.ts';
import { attributeOf, parseXml, type XmlElement } from './xml.ts';

/** Elements that draw nothing themselves. */
const silent: ReadonlySet<string> = new Set(['title', 'desc', 'metadata', 'namedview', 'defs']);
const shapes: ReadonlySet<string> = new Set(['path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon', 'text']);
const mostElements = 20_000;
const deepestGroup = 40;
/** A seal has a hundred letters and some kilobytes of outlines. */
const [mostBytes, mostLetters] = [2 * 1024 * 1024, 2000];

/** What a shape takes from the groups around it. */
interface SvgStyle {
  readonly fill: string;
  readonly stroke: string;
  readonly strokeWidth: number;
  readonly fillRule: 'nonzero' | 'evenodd';
  readonly opacity: number;
  readonly fontSize: number;
  readonly anchor: string;
}

const plainStyle: SvgStyle = { fill: '#000000', stroke: 'none', strokeWidth: 1, fillRule: 'nonzero', opacity: 1, fontSize: 16, anchor: 'start' };

/**
 * Paints a small part of SVG 1.1 that seals are drawn with: groups, basic shapes, paths, one-line texts, plain colours, transforms. A drawing
 * that uses anything else (scripts, pictures, references, gradients, filters, style sheets) or is no right path is refused whole: null. Half a seal is none.
 */
export async function paintSvg(bytes: Uint8Array, kit: CanvasKit, limits: OfdLimits): Promise<Picture | null> {
  if (bytes.length > mostBytes) return null;
  const root = parseXml(bytes, { ...limits, xmlElements: Math.min(limits.xmlElements, mostElements), xmlDepth: Math.min(limits.xmlDepth, deepestGroup) });
  if (!root.ok || root.value.name !== 'svg' || !isPlainDrawing(root.value)) return null;
  const [x = 0, y = 0, width = readLength(root.value, 'width'), height = readLength(root.value, 'height')] = parseNumbers(attributeOf(root.value, 'viewBox'));
  if (!(width > 0 && height > 0) || Math.max(width, height) / Math.min(width, height) > svgSide) return null;
  const scale = svgSide / Math.max(width, height);
  const letters = textsIn(root.value);
  if (letters.length > mostLetters) return null;
  await kit.fallbackFonts.prepare({ font: null, weight: 400 }, letters);
  const surface = kit.createSurface(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
  paintGroup(root.value, { kit, context: surface.context, matrix: [scale, 0, 0, scale, -x * scale, -y * scale], style: plainStyle });
  return { drawable: surface.canvas, width: surface.width, height: surface.height };
}

/** Whatever its unit: the picture is stretched into its place anyway. */
function readLength(element: XmlElement, name: string): number {
  return parseNumber(attributeOf(element, name)?.replace(/(?:px|mm|cm|in|pt)$/, '') ?? null, 0);
}

function isPlainDrawing(element: XmlElement): boolean {
  return element.children.every((child) => {
    if (silent.has(child.name)) return child.name !== 'defs' || child.children.length === 0;
    if (!shapes.has(child.name) && child.name !== 'g') return false;
    const values = [...child.attributes].filter(([name]) => ['fill', 'stroke', 'style', 'clip-path', 'mask', 'filter'].includes(name)).map(([, value]) => value);
    if (values.some((value) => value.includes('url('))) return false;
    if (child.name === 'g') return isPlainDrawing(child);
    return (child.name === 'text' || isPathData(pathData(child))) && child.children.every(({ name }) => silent.has(name));
  });
}

function textsIn(element: XmlElement): string {
  return element.name === 'text' ? element.text : element.children.map(textsIn).join('');
}

interface SvgScope {
  readonly kit: CanvasKit;
  readonly context: Context;
  readonly matrix: Matrix;
  readonly style: SvgStyle;
}

function paintGroup(group: XmlElement, scope: SvgScope): void {
  const style = readStyle(group, scope.style);
  for (const child of group.children) {
    if (silent.has(child.name)) continue;
    const inner = { ...scope, style, matrix: combine(readTransform(attributeOf(child, 'transform')), scope.matrix) };
    if (child.name === 'g') paintGroup(child, inner);
    else paintShape(child, { ...inner, style: readStyle(child, style) });
  }
}

function paintShape(shape: XmlElement, { kit, context, matrix, style }: SvgScope): void {
  if (!matrix.every(Number.isFinite)) return;
  const [a, b, c, d, e, f] = matrix;
  context.save();
  context.setTransform(a, b, c, d, e, f);
  context.globalAlpha = style.opacity;
  context.lineWidth = style.strokeWidth;
  if (shape.name === 'text') paintText(shape, kit, context, style);
  else {
    const path = kit.createPath(pathData(shape));
    if (style.fill !== 'none' && shape.name !== 'line') {
      context.fillStyle = style.fill;
      context.fill(path, style.fillRule);
    }
    if (style.stroke !== 'none') {
      context.strokeStyle = style.stroke;
      context.stroke(path);
    }
  }
  context.restore();
}

function paintText(text: XmlElement, kit: CanvasKit, context: Context, style: SvgStyle): void {
  const content = text.text.replaceAll(/\s+/g, ' ').trim();
  const request = { font: null, weight: 400 };
  const advances: { readonly character: string; readonly width: number }[] = [];
  const use = (character: string): void => void (context.font = `${style.fontSize}px ${kit.fallbackFonts.familyOf(request, character)}`);
  for (const character of content) {
    use(character);
    advances.push({ character, width: context.measureText(character).width });
  }
  const whole = advances.reduce((sum, { width }) => sum + width, 0);
  let x = parseNumber(attributeOf(text, 'x'), 0) - (style.anchor === 'middle' ? whole / 2 : style.anchor === 'end' ? whole : 0);
  const y = parseNumber(attributeOf(text, 'y'), 0);
  context.fillStyle = style.fill === 'none' ? 'rgba(0, 0, 0, 0)' : style.fill;
  for (const { character, width } of advances) {
    use(character);
    context.fillText(character, x, y);
    x += width;
  }
}

/** Every basic shape as path data (SVG 1.1 clause 9). */
function pathData(shape: XmlElement): string {
  const number = (name: string): number => parseNumber(attributeOf(shape, name), 0);
  const ellipse = (cx: number, cy: number, rx: number, ry: number): string =>
    rx > 0 && ry > 0 ? `M ${cx - rx} ${cy} A ${rx} ${ry} 0 1 0 ${cx + rx} ${cy} A ${rx} ${ry} 0 1 0 ${cx - rx} ${cy} Z` : '';
  const points = parseNumbers(attributeOf(shape, 'points'));
  switch (shape.name) {
    case 'rect':
      return `M ${number('x')} ${number('y')} h ${number('width')} v ${number('height')} h ${-number('width')} Z`;
    case 'circle':
      return ellipse(number('cx'), number('cy'), number('r'), number('r'));
    case 'ellipse':
      return ellipse(number('cx'), number('cy'), number('rx'), number('ry'));
    case 'line':
      return `M ${number('x1')} ${number('y1')} L ${number('x2')} ${number('y2')}`;
    case 'polyline':
    case 'polygon':
      return points.length < 4 ? '' : `M ${points.slice(0, points.length - (points.length % 2)).join(' ')}${shape.name === 'polygon' ? ' Z' : ''}`;
    default:
      return attributeOf(shape, 'd') ?? '';
  }
}

/** Attributes, and the same as declarations in `style`, which count more. */
function readStyle(element: XmlElement, around: SvgStyle): SvgStyle {
  const declared = new Map((attributeOf(element, 'style') ?? '').split(';').map((part) => part.split(':').map((word) => word.trim()) as [string, string]));
  const read = (name: string): string | null => declared.get(name) ?? attributeOf(element, name);
  const color = (name: string, fallback: string): string => {
    const value = read(name);
    return value !== null && /^(?:none|[a-z]{3,20}|#[0-9a-f]{3,8}|rgba?\([0-9.,%\s]{1,40}\))$/i.test(value) ? value : fallback;
  };
  const rule = read('fill-rule');
  return {
    fill: color('fill', around.fill),
    stroke: color('stroke', around.stroke),
    strokeWidth: Math.max(0, parseNumber(read('stroke-width')?.replace(/px$/, '') ?? null, around.strokeWidth)),
    fillRule: rule === null ? around.fillRule : rule === 'evenodd' ? 'evenodd' : 'nonzero',
    opacity: around.opacity * Math.min(1, Math.max(0, parseNumber(read('opacity'), 1))),
    fontSize: Math.min(10_000, Math.max(0, parseNumber(read('font-size')?.replace(/px$/, '') ?? null, around.fontSize))),
    anchor: read('text-anchor') ?? around.anchor,
  };
}

const transforms: Readonly<Record<string, (n: readonly number[]) => Matrix>> = {
  matrix: ([a = 1, b = 0, c = 0, d = 1, e = 0, f = 0]) => [a, b, c, d, e, f],
  translate: ([x = 0, y = 0]) => [1, 0, 0, 1, x, y],
  scale: ([x = 1, y = x]) => [x, 0, 0, y, 0, 0],
  rotate: ([degrees = 0, x = 0, y = 0]) => {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    return combine(combine([1, 0, 0, 1, -x, -y], [cos, sin, -sin, cos, 0, 0]), [1, 0, 0, 1, x, y]);
  },
};

/** The last transform of a list is the first that is applied. */
function readTransform(text: string | null): Matrix {
  let matrix = identity;
  for (const [, name = '', values = ''] of (text ?? '').slice(0, 2000).matchAll(/([a-zA-Z]+)\s*\(([^)]*)\)/g)) {
    const make = transforms[name];
    if (make !== undefined) matrix = combine(make(parseNumbers(values)), matrix);
  }
  return matrix;
}
