import type { CanvasKit, Context, Surface } from './canvas.ts';
import type { DocumentAssets } from './document-assets.ts';
import type { Matrix } from './geometry.ts';
import type { GraphicObject } from './graphic-object.ts';
import type { OfdLimits } from './limits.ts';
import type { Resources } from './resources.ts';

/** Where and with what objects are painted. */
export interface PaintScope {
  readonly context: Context;
  readonly kit: CanvasKit;
  readonly assets: DocumentAssets;
  readonly resources: Resources;
  readonly limits: OfdLimits;
  /** From millimetres around the objects to pixels. */
  readonly matrix: Matrix;
  /** Of the groups around, 0 to 1. */
  readonly alpha: number;
  /** How objects without a BlendMode are laid on what is below: a highlight must not cover the text. */
  readonly blend: string;
  readonly layerParam: string | null;
  /** Where groups are painted before they are laid on the page. */
  readonly groups: GroupRoom;
  /** Objects that may still be painted on this page. */
  readonly budget: { left: number };
  /** Composites and patterns being painted, so that none paints itself. */
  readonly open: readonly string[];
  /** Paints objects inside this scope or one made from it. */
  readonly paint: (objects: readonly GraphicObject[], scope: PaintScope) => void;
}

/** The surfaces of groups inside one another, used again by later groups, and how many pixels may still be laid on. */
export interface GroupRoom {
  readonly width: number;
  readonly height: number;
  readonly surfaces: Surface[];
  depth: number;
  pixelsLeft: number;
}

/** Sets the matrix of a context. */
export function useMatrix(context: Context, [a, b, c, d, e, f]: Matrix): void {
  context.setTransform(a, b, c, d, e, f);
}
