import { parseNumber } from './geometry.ts';
import type { ColorSpace, Resources } from './resources.ts';
import { attributeOf, type XmlElement } from './xml.ts';

/** A colour in sRGB, channels 0 to 255, alpha 0 to 1. */
export interface Color {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

export const black: Color = { red: 0, green: 0, blue: 0, alpha: 1 };

/** Reads CT_Color (8.3.2) without patterns and gradients: a value or an index into a palette; black where there is neither. */
export function readColor(element: XmlElement, resources: Resources): Color {
  const space = resources.colorSpace(attributeOf(element, 'ColorSpace'));
  const index = attributeOf(element, 'Index');
  const value = attributeOf(element, 'Value') ?? (index === null ? undefined : space?.palette[Number(index)]) ?? '';
  const channels = readChannels(value, space);
  const alpha = Math.min(1, Math.max(0, parseNumber(attributeOf(element, 'Alpha'), 255) / 255));
  return { ...toRgb(channels, space), alpha };
}

/** As CSS, with the alpha of the object around it. */
export function printColor({ red, green, blue, alpha }: Color, opacity = 1): string {
  return `rgba(${Math.round(red)}, ${Math.round(green)}, ${Math.round(blue)}, ${Math.round(alpha * opacity * 1000) / 1000})`;
}

/** Decimal numbers, or hexadecimal ones after `#`; 0 to 1. */
function readChannels(value: string, space: ColorSpace | null): number[] {
  const most = 2 ** (space?.bits ?? 8) - 1;
  return value
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map((word) => (word.startsWith('#') ? Number.parseInt(word.slice(1), 16) : Number(word)))
    .map((number) => (Number.isFinite(number) ? Math.min(1, Math.max(0, number / most)) : 0));
}

/** By the number of channels, whatever the space says, so that a wrong reference still gives a colour. */
function toRgb(channels: readonly number[], space: ColorSpace | null): { red: number; green: number; blue: number } {
  const [first = 0, second = 0, third = 0, fourth = 0] = channels;
  if (channels.length === 1 || (space?.type === 'GRAY' && channels.length < 3)) return { red: first * 255, green: first * 255, blue: first * 255 };
  if (channels.length >= 4) {
    // Without a profile: each ink takes its complement away.
    const light = (ink: number): number => 255 * (1 - ink) * (1 - fourth);
    return { red: light(first), green: light(second), blue: light(third) };
  }
  return { red: first * 255, green: second * 255, blue: third * 255 };
}
