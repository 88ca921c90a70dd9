import type { FontFace } from './cjk-font.ts';

/** Red, green, blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** A path command with absolute coordinates. */
export type PathStep =
  | readonly ['M' | 'L', number, number]
  | readonly ['C', number, number, number, number, number, number]
  | readonly ['Z'];

export interface PathItem {
  readonly kind: 'path';
  readonly steps: readonly PathStep[];
  readonly fill?: Colour;
  readonly stroke?: Colour;
  readonly lineWidth?: number;
}

/** Characters set from the baseline point (x, y). `spacing` is added after each, `stretch` scales widths, `angle` turns clockwise in degrees. */
export interface TextItem {
  readonly kind: 'text';
  readonly text: string;
  readonly face: FontFace;
  readonly size: number;
  readonly x: number;
  readonly y: number;
  readonly colour: Colour;
  readonly spacing?: number;
  readonly stretch?: number;
  readonly angle?: number;
}

export type DrawingItem = PathItem | TextItem;

/** One page in millimetres, origin at the top left, y downwards; later items lie above earlier ones. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly items: readonly DrawingItem[];
}

/** Width of a text in millimetres at a size, by the metrics of its face. */
export type Measure = (face: FontFace, size: number, text: string) => number;

/** The quarter-circle constant of cubic curves. */
const quarter = 0.5522847498;

/** A circle as four cubic curves. */
export function circle(cx: number, cy: number, r: number): PathStep[] {
  const k = r * quarter;
  return [
    ['M', cx + r, cy],
    ['C', cx + r, cy + k, cx + k, cy + r, cx, cy + r],
    ['C', cx - k, cy + r, cx - r, cy + k, cx - r, cy],
    ['C', cx - r, cy - k, cx - k, cy - r, cx, cy - r],
    ['C', cx + k, cy - r, cx + r, cy - k, cx + r, cy],
    ['Z'],
  ];
}

/** A rectangle by its top left corner. */
export function rectangle(x: number, y: number, width: number, height: number): PathStep[] {
  return [['M', x, y], ['L', x + width, y], ['L', x + width, y + height], ['L', x, y + height], ['Z']];
}

/** A star of `points` points, the first upwards. */
export function star(cx: number, cy: number, outer: number, inner: number, points = 5): PathStep[] {
  const corners = Array.from({ length: points * 2 }, (_, i) => {
    const angle = (Math.PI * i) / points - Math.PI / 2;
    const r = i % 2 === 0 ? outer : inner;
    return [cx + r * Math.cos(angle), cy + r * Math.sin(angle)] as const;
  });
  return polygon(corners);
}

/** A closed line through the points. */
export function polygon(points: readonly (readonly [number, number])[]): PathStep[] {
  return [...polyline(points), ['Z']];
}

/** An open line through the points. */
export function polyline(points: readonly (readonly [number, number])[]): PathStep[] {
  return points.map(([x, y], i) => [i === 0 ? 'M' : 'L', x, y] as const);
}

/** A text centred on `cx`; `room` shrinks the size until the text fits in it. */
export function centred(
  measure: Measure,
  item: Omit<TextItem, 'kind' | 'x'> & { readonly cx: number; readonly room?: number },
): TextItem {
  const { cx, room, ...rest } = item;
  const widthAt = (size: number): number =>
    measure(rest.face, size, rest.text) + ((rest.spacing ?? 0) * size * ([...rest.text].length - 1)) / rest.size;
  const natural = widthAt(rest.size);
  const scale = room !== undefined && natural > room ? room / natural : 1;
  const size = rest.size * scale;
  const spacing = (rest.spacing ?? 0) * scale;
  return { kind: 'text', ...rest, size, spacing, x: cx - (natural * scale) / 2 };
}

/** Characters that may not begin a line, and those that may not end one. */
const noLineStart = new Set('，。；：、！？）】》〉」』〕％”’');
const noLineEnd = new Set('（【《〈「『〔“‘');

/** Breaks a text into lines no wider than `width`; a date and a word of Latin letters or digits stay whole where they can. */
export function wrapText(measure: Measure, face: FontFace, size: number, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const token of text.match(/\d{4}年\d{2}月\d{2}日|[A-Za-z0-9.,()\-/]+|[\s\S]/gu) ?? []) {
    const fits = measure(face, size, line + token) <= width;
    if (fits || line === '' || noLineStart.has(token)) {
      line += token;
      continue;
    }
    const carried = noLineEnd.has(line.at(-1) ?? '') ? line.slice(-1) : '';
    lines.push(line.slice(0, line.length - carried.length).trimEnd());
    line = carried + token.trimStart();
  }
  if (line !== '') lines.push(line);
  return lines;
}
