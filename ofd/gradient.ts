import type { GradientSink } from './canvas.ts';
import { type Color, printColor, readColor } from './color.ts';
import { parseNumber } from './geometry.ts';
import type { Resources } from './resources.ts';
import { attributeOf, childOf, childrenOf, type XmlElement } from './xml.ts';

interface Stop {
  readonly position: number;
  readonly color: Color;
}

const mostCycles = 400;

/**
 * Puts the colours of an axial or radial shading (GB/T 33190 8.3.4) into a gradient from 0 to 1: `Repeat` and `Reflect` by `MapUnit`
 * millimetres over `length`, and nothing beyond an end that `Extend` does not name (1 the start, 2 the end, 3 both).
 */
export function fillGradient(gradient: GradientSink, shading: XmlElement, length: number, resources: Resources): void {
  const stops = readStops(shading, resources);
  const extend = parseNumber(attributeOf(shading, 'Extend'), 0);
  if ((extend & 1) === 0) gradient.addColorStop(0, 'rgba(0, 0, 0, 0)');
  for (const { position, color } of spread(stops, shading, length)) gradient.addColorStop(position, printColor(color));
  if ((extend & 2) === 0) gradient.addColorStop(1, 'rgba(0, 0, 0, 0)');
}

/** The first colour of a shading: for what cannot be filled with one. */
export function firstColor(shading: XmlElement, resources: Resources): Color | null {
  const element = childOf(childOf(shading, 'Segment') ?? childOf(shading, 'Point'), 'Color');
  return element === null ? null : readColor(element, resources);
}

function readStops(shading: XmlElement, resources: Resources): Stop[] {
  const segments = childrenOf(shading, 'Segment');
  const last = Math.max(1, segments.length - 1);
  return segments.flatMap((segment, index) => {
    const element = childOf(segment, 'Color');
    if (element === null) return [];
    const position = parseNumber(attributeOf(segment, 'Position'), index / last);
    return [{ position: Math.min(1, Math.max(0, position)), color: readColor(element, resources) }];
  });
}

function spread(stops: readonly Stop[], shading: XmlElement, length: number): Stop[] {
  const type = attributeOf(shading, 'MapType')?.toLowerCase() ?? 'direct';
  const unit = parseNumber(attributeOf(shading, 'MapUnit'), length);
  if ((type !== 'repeat' && type !== 'reflect') || unit <= 0 || length <= 0 || stops.length === 0) return [...stops];
  const share = Math.max(unit / length, 1 / mostCycles);
  const all: Stop[] = [];
  for (let cycle = 0; cycle * share < 1; cycle++) {
    const isBack = type === 'reflect' && cycle % 2 === 1;
    const ordered = isBack ? stops.toReversed().map(({ position, color }) => ({ position: 1 - position, color })) : stops;
    all.push(...cutAtEnd(ordered.map(({ position, color }) => ({ position: (cycle + position) * share, color }))));
  }
  return all;
}

/** The last cycle may reach beyond the end: its colour there is mixed from both sides. */
function cutAtEnd(stops: readonly Stop[]): Stop[] {
  const kept = stops.filter(({ position }) => position <= 1);
  const [before, after] = [kept.at(-1), stops[kept.length]];
  if (before === undefined || after === undefined) return kept;
  const share = (1 - before.position) / Math.max(1e-9, after.position - before.position);
  return [...kept, { position: 1, color: mix(before.color, after.color, share) }];
}

function mix(one: Color, other: Color, share: number): Color {
  const between = (a: number, b: number): number => a + (b - a) * share;
  return { red: between(one.red, other.red), green: between(one.green, other.green), blue: between(one.blue, other.blue), alpha: between(one.alpha, other.alpha) };
}
