import encodeQR from 'qr';
import { centred, circle, polygon, polyline, rectangle, star } from './drawing.ts';
import type { Colour, DrawingItem, Measure, PathStep, TextItem } from './drawing.ts';

/** A box in millimetres. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const sealRed: Colour = [200, 16, 38];

/** Two interlaced waves between two lines, all round the box: the border of most printed certificates. */
export function waveFrame(box: Box, depth: number, dark: Colour, light: Colour): DrawingItem[] {
  const middle = inset(box, depth / 2);
  return [
    { kind: 'path', steps: [...rectangleOf(box), ...rectangleOf(inset(box, depth))], stroke: dark, lineWidth: 0.5 },
    { kind: 'path', steps: wavesAround(middle, depth * 0.4, 1), stroke: light, lineWidth: 0.3 },
    { kind: 'path', steps: wavesAround(middle, depth * 0.4, -1), stroke: dark, lineWidth: 0.3 },
    { kind: 'path', steps: wavesAround(middle, depth * 0.2, 1), stroke: dark, lineWidth: 0.18 },
    ...corners(middle).map(([x, y]): DrawingItem => ({ kind: 'path', steps: star(x, y, depth * 0.62, depth * 0.4, 12), fill: dark })),
    ...corners(middle).map(([x, y]): DrawingItem => ({ kind: 'path', steps: star(x, y, depth * 0.4, depth * 0.2, 8), fill: [255, 255, 255] })),
  ];
}

/** A heavy line with a light one inside and stepped corners: the gold double frame. */
export function doubleFrame(box: Box, heavy: number, colour: Colour, soft: Colour): DrawingItem[] {
  const inner = inset(box, heavy * 2.2);
  const step = heavy * 4;
  return [
    { kind: 'path', steps: rectangleOf(box), stroke: colour, lineWidth: heavy },
    { kind: 'path', steps: rectangleOf(inset(box, heavy * 1.3)), stroke: soft, lineWidth: heavy * 0.35 },
    { kind: 'path', steps: steppedBox(inner, step), stroke: colour, lineWidth: heavy * 0.4 },
    ...corners(inset(inner, step / 2)).flatMap(([x, y]): DrawingItem[] => [
      { kind: 'path', steps: star(x, y, step * 0.42, step * 0.2, 4), fill: colour },
      { kind: 'path', steps: circle(x, y, step * 0.12), fill: soft },
    ]),
  ];
}

/** A single rule with small squares in its corners: the plain frame. */
export function ruleFrame(box: Box, colour: Colour): DrawingItem[] {
  return [
    { kind: 'path', steps: rectangleOf(box), stroke: colour, lineWidth: 1 },
    { kind: 'path', steps: rectangleOf(inset(box, 1.8)), stroke: colour, lineWidth: 0.25 },
    ...corners(box).map(([x, y]): DrawingItem => ({ kind: 'path', steps: rectangle(x - 2, y - 2, 4, 4), fill: colour })),
  ];
}

/** Fine turned ellipses behind the text, as security printing has them. */
export function engineTurning(cx: number, cy: number, radius: number, colour: Colour): DrawingItem[] {
  const rings = Array.from({ length: 24 }, (_, i): PathStep[] => {
    const turn = (Math.PI * i) / 24;
    const points = Array.from({ length: 48 }, (_unused, k) => {
      const t = (Math.PI * 2 * k) / 48;
      const [u, v] = [radius * Math.cos(t), radius * 0.42 * Math.sin(t)];
      return [cx + u * Math.cos(turn) - v * Math.sin(turn), cy + u * Math.sin(turn) + v * Math.cos(turn)] as const;
    });
    return polygon(points);
  });
  return [{ kind: 'path', steps: rings.flat(), stroke: colour, lineWidth: 0.12 }];
}

/** A round ornament with a star: stands where a printed certificate has the emblem, and is none. */
export function rosette(cx: number, cy: number, r: number, field: Colour, metal: Colour): DrawingItem[] {
  const petals = Array.from({ length: 28 }, (_, i): PathStep[] => {
    const angle = (Math.PI * 2 * i) / 28;
    return circle(cx + r * 0.9 * Math.cos(angle), cy + r * 0.9 * Math.sin(angle), r * 0.105);
  });
  const small = Array.from({ length: 5 }, (_, i): PathStep[] => {
    const angle = Math.PI / 2 + ((i - 2) * Math.PI) / 7;
    return star(cx + r * 0.52 * Math.cos(angle), cy + r * 0.52 * Math.sin(angle), r * 0.09, r * 0.036);
  });
  return [
    { kind: 'path', steps: petals.flat(), fill: metal },
    { kind: 'path', steps: circle(cx, cy, r * 0.88), fill: metal },
    { kind: 'path', steps: circle(cx, cy, r * 0.8), fill: field },
    { kind: 'path', steps: circle(cx, cy, r * 0.73), stroke: metal, lineWidth: r * 0.035 },
    { kind: 'path', steps: [...star(cx, cy - r * 0.1, r * 0.42, r * 0.16), ...small.flat()], fill: metal },
  ];
}

/** A round red seal: the organisation along the arc, a star, and what the seal is for below it. */
export function roundSeal(measure: Measure, cx: number, cy: number, r: number, organisation: string, purpose: string): DrawingItem[] {
  return [
    { kind: 'path', steps: circle(cx, cy, r), stroke: sealRed, lineWidth: r * 0.06 },
    { kind: 'path', steps: star(cx, cy - r * 0.04, r * 0.3, r * 0.115), fill: sealRed },
    ...arcText(measure, cx, cy, r, organisation),
    centred(measure, { text: purpose, face: 'sans-400', size: r * 0.19, cx, y: cy + r * 0.56, colour: sealRed, room: r * 0.98 }),
  ];
}

/** A QR code in a white field; modules of one row that touch are one rectangle. */
export function qrField(box: Box, text: string): DrawingItem[] {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: 1 }).slice(1, -1).map((row) => row.slice(1, -1));
  const unit = box.width / modules.length;
  const steps = modules.flatMap((row, y) => darkRuns(row).map(([from, to]) => rectangle(box.x + from * unit, box.y + y * unit, (to - from) * unit, unit)));
  return [
    { kind: 'path', steps: rectangleOf(inset(box, -unit * 2)), fill: [255, 255, 255] },
    { kind: 'path', steps: steps.flat(), fill: [20, 20, 20] },
  ];
}

function arcText(measure: Measure, cx: number, cy: number, r: number, text: string): TextItem[] {
  const characters = [...text];
  const size = r * (characters.length > 14 ? 0.26 : 0.31);
  const stretch = characters.length > 14 ? 0.72 : 0.86;
  const step = Math.min((Math.PI * 1.28) / Math.max(characters.length - 1, 1), Math.PI / 7);
  const baseline = r * 0.64;
  return characters.map((character, i) => {
    const turn = (i - (characters.length - 1) / 2) * step;
    const half = (measure('serif-700', size, character) * stretch) / 2;
    return {
      kind: 'text',
      text: character,
      face: 'serif-700',
      size,
      stretch,
      colour: sealRed,
      angle: (turn * 180) / Math.PI,
      x: cx + baseline * Math.sin(turn) - half * Math.cos(turn),
      y: cy - baseline * Math.cos(turn) - half * Math.sin(turn),
    };
  });
}

function darkRuns(row: readonly boolean[]): [from: number, to: number][] {
  const runs: [number, number][] = [];
  row.forEach((dark, x) => {
    const last = runs.at(-1);
    if (!dark) return;
    if (last !== undefined && last[1] === x) last[1] = x + 1;
    else runs.push([x, x + 1]);
  });
  return runs;
}

/** The box made smaller by `by` on every side. */
export function inset(box: Box, by: number): Box {
  return { x: box.x + by, y: box.y + by, width: box.width - 2 * by, height: box.height - 2 * by };
}

function rectangleOf(box: Box): PathStep[] {
  return rectangle(box.x, box.y, box.width, box.height);
}

function corners(box: Box): (readonly [number, number])[] {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  return [[box.x, box.y], [right, box.y], [right, bottom], [box.x, bottom]];
}

function steppedBox(box: Box, step: number): PathStep[] {
  const [l, t, r, b] = [box.x, box.y, box.x + box.width, box.y + box.height];
  return polygon([
    [l + step, t], [r - step, t], [r - step, t + step], [r, t + step],
    [r, b - step], [r - step, b - step], [r - step, b], [l + step, b],
    [l + step, b - step], [l, b - step], [l, t + step], [l + step, t + step],
  ]);
}

/** Half waves as cubics: the control points of a half sine lie 4/3 of its height off the line. */
function wavesAround(box: Box, height: number, phase: 1 | -1): PathStep[] {
  const ends = corners(box);
  return ends.flatMap((from, i) => {
    const to = ends[(i + 1) % 4] ?? from;
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = Math.hypot(dx, dy);
    const count = Math.round(length / 9) * 2;
    const [ux, uy] = [dx / length, dy / length];
    const half = length / count;
    const at = (along: number, off: number): [number, number] => [from[0] + ux * along - uy * off, from[1] + uy * along + ux * off];
    const curves = Array.from({ length: count }, (_, k): PathStep => {
      const off = ((k % 2 === 0 ? phase : -phase) * height * 4) / 3;
      return ['C', ...at(half * (k + 0.364), off), ...at(half * (k + 0.636), off), ...at(half * (k + 1), 0)];
    });
    return [...polyline([from]), ...curves];
  });
}
