import { identity, parseBox, parseMatrix, parseNumber, parseNumbers } from './geometry.ts';
import type { GlyphMap, GraphicObject, ImageObject, ObjectBase, PathObject, TextCode, TextObject } from './graphic-object.ts';
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from './xml.ts';

/** Reads the graphic objects inside a layer, block, cell or appearance; elements that are none are left out. */
export function readObjects(parent: XmlElement, depth: number): GraphicObject[] {
  if (depth <= 0) return [];
  return parent.children.flatMap((element): GraphicObject[] => {
    if (attributeOf(element, 'Visible')?.toLowerCase() === 'false') return [];
    switch (element.name) {
      case 'PathObject':
        return [readPath(element)];
      case 'TextObject':
        return [readText(element)];
      case 'ImageObject':
        return [readImage(element)];
      case 'CompositeObject':
        return [{ ...readBase(element), kind: 'composite', resource: attributeOf(element, 'ResourceID') ?? attributeOf(element, 'ResouceID') ?? '' }];
      case 'PageBlock':
        return [{ kind: 'block', id: attributeOf(element, 'ID') ?? '', children: readObjects(element, depth - 1) }];
      default:
        return [];
    }
  });
}

function readBase(element: XmlElement): ObjectBase {
  const dash = attributeOf(element, 'DashPattern');
  return {
    id: attributeOf(element, 'ID') ?? '',
    boundary: parseBox(attributeOf(element, 'Boundary')) ?? { x: 0, y: 0, width: 0, height: 0 },
    ctm: parseMatrix(attributeOf(element, 'CTM')) ?? identity,
    // The standard prints 0 as the default; every writer and reader takes 255.
    alpha: Math.min(1, Math.max(0, parseNumber(attributeOf(element, 'Alpha'), 255) / 255)),
    blendMode: attributeOf(element, 'BlendMode'),
    drawParam: attributeOf(element, 'DrawParam'),
    line: {
      width: readNumber(element, 'LineWidth'),
      join: attributeOf(element, 'Join'),
      cap: attributeOf(element, 'Cap'),
      miterLimit: readNumber(element, 'MiterLimit'),
      dashOffset: readNumber(element, 'DashOffset'),
      dashPattern: dash === null ? null : parseNumbers(dash),
    },
    clips: childOf(element, 'Clips'),
    fillColor: childOf(element, 'FillColor'),
    strokeColor: childOf(element, 'StrokeColor'),
  };
}

/** Reads a path; `Clip` areas hold the same element under another name. */
export function readPath(element: XmlElement): PathObject {
  return {
    ...readBase(element),
    kind: 'path',
    stroke: readFlag(element, 'Stroke', true),
    fill: readFlag(element, 'Fill', false),
    rule: /^even/i.test(attributeOf(element, 'Rule') ?? '') ? 'evenodd' : 'nonzero',
    data: textOf(element, 'AbbreviatedData') ?? '',
  };
}

/** Reads a text; `Clip` areas hold the same element under another name. */
export function readText(element: XmlElement): TextObject {
  const weight = attributeOf(element, 'Weight');
  return {
    ...readBase(element),
    kind: 'text',
    font: attributeOf(element, 'Font') ?? '',
    size: parseNumber(attributeOf(element, 'Size'), 0),
    stroke: readFlag(element, 'Stroke', false),
    fill: readFlag(element, 'Fill', true),
    hScale: parseNumber(attributeOf(element, 'HScale'), 1),
    readDirection: parseNumber(attributeOf(element, 'ReadDirection'), 0),
    charDirection: parseNumber(attributeOf(element, 'CharDirection'), 0),
    weight: /^bold$/i.test(weight ?? '') ? 700 : parseNumber(weight, 400),
    italic: readFlag(element, 'Italic', false),
    codes: childrenOf(element, 'TextCode').map(readTextCode),
    glyphMaps: childrenOf(element, 'CGTransform').map(readGlyphMap),
  };
}

function readTextCode(element: XmlElement): TextCode {
  return {
    x: readNumber(element, 'X'),
    y: readNumber(element, 'Y'),
    deltaX: attributeOf(element, 'DeltaX'),
    deltaY: attributeOf(element, 'DeltaY'),
    text: readCodes(element.text),
  };
}

/** White space around the text belongs to the file's layout unless it is a plain blank; `\0041` is a code in hexadecimal digits. */
function readCodes(text: string): string {
  const trimmed = text.replace(/^[\r\n\t]+[ \r\n\t]*|[\r\n\t]+[ \r\n\t]*$/g, '');
  return trimmed.replaceAll(/\\([0-9a-fA-F]{4})/g, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)));
}

function readGlyphMap(element: XmlElement): GlyphMap {
  const glyphs = parseNumbers(textOf(element, 'Glyphs')).filter((glyph) => Number.isInteger(glyph) && glyph >= 0 && glyph <= 0xffff);
  const count = Math.max(0, parseNumber(attributeOf(element, 'GlyphCount'), glyphs.length));
  return {
    position: parseNumber(attributeOf(element, 'CodePosition'), 0),
    codeCount: Math.max(1, parseNumber(attributeOf(element, 'CodeCount'), 1)),
    glyphs: glyphs.slice(0, count),
  };
}

function readImage(element: XmlElement): ImageObject {
  return {
    ...readBase(element),
    kind: 'image',
    // The standard's own table prints ResouceID.
    resource: attributeOf(element, 'ResourceID') ?? attributeOf(element, 'ResouceID') ?? '',
    mask: attributeOf(element, 'ImageMask'),
    substitution: attributeOf(element, 'Substitution'),
    border: childOf(element, 'Border'),
  };
}

function readNumber(element: XmlElement, name: string): number | null {
  const value = parseNumber(attributeOf(element, name), Number.NaN);
  return Number.isNaN(value) ? null : value;
}

function readFlag(element: XmlElement, name: string, fallback: boolean): boolean {
  const value = attributeOf(element, name)?.toLowerCase();
  return value === undefined ? fallback : value === 'true' || value === '1';
}
