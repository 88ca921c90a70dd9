import { type PaintScope, useMatrix } from './paint-scope.ts';
import { identity } from './geometry.ts';

const deepestGroup = 2;

/** A group being painted apart: what its parts are painted with, and how it is laid on what is below. */
export interface Group {
  readonly scope: Pick<PaintScope, 'context' | 'alpha' | 'blend'>;
  /** Lays the group on what is below, with the alpha and the blending that were set when it was opened. */
  close(): void;
}

/** Begins to paint apart what shines through as a whole; null where that would cost too much: too many groups, or too deep inside one another. */
export function openGroup({ context, kit, groups }: PaintScope): Group | null {
  const { width, height, depth } = groups;
  if (depth >= deepestGroup || groups.pixelsLeft < width * height) return null;
  groups.pixelsLeft -= width * height;
  const surface = (groups.surfaces[depth] ??= kit.createSurface(width, height));
  groups.depth += 1;
  const { globalAlpha, globalCompositeOperation } = context;
  useMatrix(surface.context, identity);
  surface.context.globalAlpha = 1;
  surface.context.globalCompositeOperation = 'source-over';
  surface.context.clearRect(0, 0, width, height);
  return {
    scope: { context: surface.context, alpha: 1, blend: 'source-over' },
    close: () => {
      groups.depth -= 1;
      context.globalAlpha = globalAlpha;
      context.globalCompositeOperation = globalCompositeOperation;
      useMatrix(context, identity);
      context.drawImage(surface.canvas, 0, 0, width, height);
    },
  };
}
