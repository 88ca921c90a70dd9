import { rayCount, type Finder } from './finder-rays.ts';

/** Finders in their roles; one may be missing. */
export interface SymbolCandidate {
  readonly topLeft: Finder | null;
  readonly topRight: Finder | null;
  readonly bottomLeft: Finder | null;
  readonly bottomRight: Finder | null;
  readonly mirrored: boolean;
  /** Modules along a side, estimated from the finders' module sizes. */
  readonly size: number;
  /** How far the finders are from a parallelogram and from one module size, 0 best. */
  readonly defect: number;
}

/**
 * All plausible sets of finders, the best first: four before three, normal before mirrored. The directions of the Ls
 * tell the roles: those of TL and BR point away from each other, those of BL and TR both from BL to TR.
 */
export function findCandidates(finders: readonly Finder[]): readonly SymbolCandidate[] {
  const { outward, parallel } = findDiagonals(finders);
  const candidates: SymbolCandidate[] = [];
  for (const [a, b] of outward) {
    for (const [bottomLeft, topRight] of parallel) {
      if (a === bottomLeft || a === topRight || b === bottomLeft || b === topRight) continue;
      if (crosses(a, b, bottomLeft, topRight)) pushBoth(candidates, a, b, bottomLeft, topRight);
    }
  }
  const four = candidates.length;
  for (const [a, b] of outward) {
    for (const other of finders) {
      if (other === a || other === b || other.polarity !== a.polarity) continue;
      const middle = Math.atan2(other.y - (a.y + b.y) / 2, other.x - (a.x + b.x) / 2);
      if (turn(other.angle, middle) < looseTurn) pushBoth(candidates, a, b, null, other);
      else if (turn(other.angle, middle + Math.PI) < looseTurn) pushBoth(candidates, a, b, other, null);
    }
  }
  for (const [bottomLeft, topRight] of parallel) {
    for (const other of finders) {
      if (other === bottomLeft || other === topRight || other.polarity !== topRight.polarity) continue;
      const middle = Math.atan2(other.y - (bottomLeft.y + topRight.y) / 2, other.x - (bottomLeft.x + topRight.x) / 2);
      if (turn(other.angle, middle) < looseTurn) pushBoth(candidates, other, null, bottomLeft, topRight);
    }
  }
  const rank = (candidate: SymbolCandidate, index: number) => (index < four ? 0 : 10) + candidate.defect + (candidate.mirrored ? 0.3 : 0);
  return candidates
    .map((candidate, index) => ({ candidate, rank: rank(candidate, index) }))
    .filter(({ candidate }) => candidate.size > 19 && candidate.size < 215 && candidate.defect < 1)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ candidate }) => candidate);
}

type Pair = readonly [Finder, Finder];

/** How far the direction of an L may be from where it should point, radians. */
const looseTurn = 0.95;

function findDiagonals(finders: readonly Finder[]): { outward: Pair[]; parallel: Pair[] } {
  const outward: Pair[] = [];
  const parallel: Pair[] = [];
  for (const a of finders) {
    for (const b of finders) {
      if (a === b || a.polarity !== b.polarity || a.unit > 2.5 * b.unit || b.unit > 2.5 * a.unit) continue;
      const direction = Math.atan2(b.y - a.y, b.x - a.x);
      const distance = Math.hypot(b.x - a.x, b.y - a.y);
      if (distance < 8 * Math.min(a.unit, b.unit)) continue;
      if (a.x < b.x && turn(a.angle, direction + Math.PI) < looseTurn && turn(b.angle, direction) < looseTurn) outward.push([a, b]);
      if (a.x === b.x && a.y < b.y && turn(a.angle, direction + Math.PI) < looseTurn && turn(b.angle, direction) < looseTurn) outward.push([a, b]);
      if (turn(a.angle, direction) < looseTurn && turn(b.angle, direction) < looseTurn) parallel.push([a, b]);
    }
  }
  return { outward, parallel };
}

/** Whether two diagonals cut each other well inside. */
function crosses(a: Finder, b: Finder, c: Finder, d: Finder): boolean {
  const denominator = cross(b.x - a.x, b.y - a.y, d.x - c.x, d.y - c.y);
  if (Math.abs(denominator) < 1e-6) return false;
  const s = cross(c.x - a.x, c.y - a.y, d.x - c.x, d.y - c.y) / denominator;
  const t = cross(c.x - a.x, c.y - a.y, b.x - a.x, b.y - a.y) / denominator;
  return s > 0.2 && s < 0.8 && t > 0.2 && t < 0.8;
}

/** Adds a set of finders with either end of the outward diagonal as TL: one way is the symbol, the other its mirror image. */
function pushBoth(candidates: SymbolCandidate[], a: Finder, b: Finder | null, bottomLeft: Finder | null, topRight: Finder | null): void {
  for (const [topLeft, bottomRight] of [[a, b], [b, a]] as const) {
    const size = estimateSize(topLeft, topRight, bottomLeft, bottomRight);
    if (size === null) continue;
    const mirrored = handedness(topLeft, topRight, bottomLeft, bottomRight) < 0;
    candidates.push({ topLeft, topRight, bottomLeft, bottomRight, mirrored, size: size.size, defect: size.spread + parallelogramDefect(topLeft, topRight, bottomLeft, bottomRight) });
  }
}

/** Positive when TL, TR, BR, BL run clockwise on the screen. */
function handedness(topLeft: Finder | null, topRight: Finder | null, bottomLeft: Finder | null, bottomRight: Finder | null): number {
  const round = [topLeft, topRight, bottomRight, bottomLeft].filter((finder) => finder !== null);
  const [p, q, r] = round;
  return p === undefined || q === undefined || r === undefined ? 0 : cross(q.x - p.x, q.y - p.y, r.x - p.x, r.y - p.y);
}

function parallelogramDefect(topLeft: Finder | null, topRight: Finder | null, bottomLeft: Finder | null, bottomRight: Finder | null): number {
  if (topLeft === null || topRight === null || bottomLeft === null || bottomRight === null) return 0.1;
  const dx = topLeft.x + bottomRight.x - topRight.x - bottomLeft.x;
  const dy = topLeft.y + bottomRight.y - topRight.y - bottomLeft.y;
  return (0.5 * Math.hypot(dx, dy)) / Math.hypot(topLeft.x - bottomRight.x, topLeft.y - bottomRight.y);
}

/** Modules along a side from every pair of finders: distance over the geometric mean of both module sizes is exact under perspective. */
function estimateSize(topLeft: Finder | null, topRight: Finder | null, bottomLeft: Finder | null, bottomRight: Finder | null): { size: number; spread: number } | null {
  const estimates: number[] = [];
  const add = (a: Finder | null, b: Finder | null, less: number, stretch: number) => {
    if (a === null || b === null) return;
    const direction = Math.atan2(b.y - a.y, b.x - a.x);
    const unitA = unitAlong(a, direction);
    const unitB = unitAlong(b, direction);
    if (unitA > 0 && unitB > 0) estimates.push(Math.hypot(b.x - a.x, b.y - a.y) / Math.sqrt(unitA * unitB) / stretch + less);
  };
  add(topLeft, topRight, 11, 1);
  add(topRight, bottomRight, 11, 1);
  add(topLeft, bottomLeft, 6.7, 1);
  add(bottomLeft, bottomRight, 6.7, 1);
  add(topLeft, bottomRight, 11, Math.SQRT2);
  add(bottomLeft, topRight, 7, Math.SQRT2);
  if (estimates.length === 0) return null;
  estimates.sort((p, q) => p - q);
  const size = estimates[estimates.length >> 1] ?? 0;
  const spread = estimates.reduce((sum, estimate) => sum + Math.abs(estimate - size), 0) / estimates.length / size;
  return { size, spread };
}

/** Module size of a finder along a line, from the rays of its sector nearest to either of the line's directions. */
function unitAlong(finder: Finder, direction: number): number {
  const centre = (direction / (2 * Math.PI)) * rayCount;
  for (let reach = 1; reach <= 3; reach++) {
    let sum = 0;
    let count = 0;
    for (const side of [centre, centre + rayCount / 2]) {
      for (let k = -reach; k <= reach; k++) {
        const unit = finder.units[(((Math.round(side) + k) % rayCount) + rayCount) % rayCount] ?? 0;
        if (unit === 0) continue;
        sum += unit;
        count++;
      }
    }
    if (count > 0) return sum / count;
  }
  return 0;
}

function cross(ax: number, ay: number, bx: number, by: number): number {
  return ax * by - ay * bx;
}

/** Absolute angle between two directions, 0..pi. */
function turn(a: number, b: number): number {
  const difference = Math.abs(a - b) % (2 * Math.PI);
  return difference > Math.PI ? 2 * Math.PI - difference : difference;
}
