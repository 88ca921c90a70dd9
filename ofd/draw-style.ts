import { parseNumber, parseNumbers } from './geometry.ts';
import type { LineStyle, ObjectBase } from './graphic-object.ts';
import type { Resources } from './resources.ts';
import { attributeOf, childOf, type XmlElement } from './xml.ts';

/** What an object is drawn with once draw parameters and defaults are counted in. */
export interface DrawStyle {
  /** Millimetres. */
  readonly lineWidth: number;
  readonly join: 'miter' | 'round' | 'bevel';
  readonly cap: 'butt' | 'round' | 'square';
  readonly miterLimit: number;
  readonly dashOffset: number;
  readonly dashPattern: readonly number[];
  /** Null where nobody says: the default differs between paths and texts. */
  readonly fillColor: XmlElement | null;
  readonly strokeColor: XmlElement | null;
}

const longestChain = 20;

/** The object's own words, then its draw parameter and what that is relative to, then the layer's (8.2). */
export function resolveStyle(object: ObjectBase, layerParam: string | null, resources: Resources): DrawStyle {
  const chain = [...paramChain(object.drawParam, resources), ...paramChain(layerParam, resources)];
  const number = (own: number | null, name: string, fallback: number): number => {
    if (own !== null) return own;
    return parseNumber(chain.map((param) => attributeOf(param, name)).find((value) => value !== null) ?? null, fallback);
  };
  const word = (own: string | null, name: string): string => (own ?? chain.map((param) => attributeOf(param, name)).find((value) => value !== null) ?? '').toLowerCase();
  const color = (own: XmlElement | null, name: string): XmlElement | null => own ?? chain.map((param) => childOf(param, name)).find((value) => value !== null) ?? null;
  const { line } = object;
  return {
    lineWidth: Math.max(0, number(line.width, 'LineWidth', 0.353)),
    join: readJoin(word(line.join, 'Join')),
    cap: readCap(word(line.cap, 'Cap')),
    miterLimit: Math.max(1, number(line.miterLimit, 'MiterLimit', 3.528)),
    dashOffset: number(line.dashOffset, 'DashOffset', 0),
    dashPattern: readDash(line, chain),
    fillColor: color(object.fillColor, 'FillColor'),
    strokeColor: color(object.strokeColor, 'StrokeColor'),
  };
}

function paramChain(id: string | null, resources: Resources): XmlElement[] {
  const chain: XmlElement[] = [];
  for (let next = id; next !== null && chain.length < longestChain; ) {
    const param = resources.drawParam(next);
    if (param === null || chain.includes(param)) break;
    chain.push(param);
    next = attributeOf(param, 'Relative');
  }
  return chain;
}

function readJoin(word: string): DrawStyle['join'] {
  return word === 'round' || word === 'bevel' ? word : 'miter';
}

function readCap(word: string): DrawStyle['cap'] {
  return word === 'round' || word === 'square' ? word : 'butt';
}

function readDash(line: LineStyle, chain: readonly XmlElement[]): readonly number[] {
  return drawableDash(line.dashPattern ?? parseNumbers(chain.map((param) => attributeOf(param, 'DashPattern')).find((value) => value !== null) ?? null));
}

/** A pattern that a canvas can draw, or none: one of nothing but zeros would be no line at all, and one with a negative length none that is known. */
export function drawableDash(pattern: readonly number[]): number[] {
  return pattern.some((length) => length > 0) && pattern.every((length) => length >= 0) ? [...pattern] : [];
}
