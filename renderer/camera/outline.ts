import type { Corner } from './decoder-messages.ts';

/** Longest side of an outline in pixels. */
export function longestSide(corners: readonly Corner[]): number {
  return Math.max(0, ...corners.map(({ x, y }, i) => Math.hypot(x - (corners[(i + 1) % corners.length]?.x ?? x), y - (corners[(i + 1) % corners.length]?.y ?? y))));
}

/** An outline as the points of an SVG polygon. */
export function printCorners(corners: readonly Corner[]): string {
  return corners.map(({ x, y }) => `${Math.round(x)},${Math.round(y)}`).join(' ');
}
