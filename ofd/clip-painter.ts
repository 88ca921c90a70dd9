import { combine, identity, type Matrix, parseMatrix } from './geometry.ts';
import { readPath, readText } from './object-reader.ts';
import { type PaintScope, useMatrix } from './paint-scope.ts';
import type { PathSink } from './canvas.ts';
import { tracePath } from './path-data.ts';
import { traceText } from './text-outline.ts';
import { paintText } from './text-painter.ts';
import { attributeOf, childrenOf, type XmlElement } from './xml.ts';

/**
 * Narrows the drawing area to the clips of an object (GB/T 33190 8.4): inside every Clip, inside any of its Areas. `TransFlag="true"` puts
 * the clip into the object's own space, before its CTM; otherwise it stands in the boundary. Gives back the clips that are no paths,
 * because they hold letters of fonts that are not embedded.
 */
export function applyClips(clips: XmlElement | null, scope: PaintScope, spaces: { readonly object: Matrix; readonly boundary: Matrix }): readonly ClipMask[] {
  if (clips === null) return [];
  const masks: ClipMask[] = [];
  const space = attributeOf(clips, 'TransFlag')?.toLowerCase() === 'true' ? spaces.object : spaces.boundary;
  for (const clip of childrenOf(clips, 'Clip')) {
    const path = scope.kit.createPath();
    const areas = childrenOf(clip, 'Area');
    if (areas.length === 0) continue;
    if (!areas.every((area) => traceArea(area, scope, path))) {
      masks.push({ areas, space });
      continue;
    }
    useMatrix(scope.context, space);
    scope.context.clip(path);
  }
  return masks;
}

/** A clip that has to be painted to be known. */
export interface ClipMask {
  readonly areas: readonly XmlElement[];
  readonly space: Matrix;
}

/** Paints a clip in black: what is inside it. */
export function paintMask({ areas, space }: ClipMask, scope: PaintScope): void {
  const { context, kit } = scope;
  for (const area of areas) {
    const matrix = combine(parseMatrix(attributeOf(area, 'CTM')) ?? identity, space);
    for (const element of area.children) {
      context.save();
      context.fillStyle = '#000000';
      if (element.name === 'Path' || element.name === 'PathObject') {
        const path = kit.createPath();
        const { data, ctm, boundary } = readPath(element);
        tracePath(data, combine(ctm, [1, 0, 0, 1, boundary.x, boundary.y]), path);
        useMatrix(context, matrix);
        context.fill(path);
      } else if (element.name === 'Text' || element.name === 'TextObject') {
        const text = { ...readText(element), fillColor: null, strokeColor: null, drawParam: null };
        paintText(text, scope, combine(combine(text.ctm, [1, 0, 0, 1, text.boundary.x, text.boundary.y]), matrix));
      }
      context.restore();
    }
  }
}

/** False when the area cannot be given as a path: letters of a font that is not embedded. */
function traceArea(area: XmlElement, scope: PaintScope, sink: PathSink): boolean {
  const matrix = parseMatrix(attributeOf(area, 'CTM')) ?? identity;
  for (const element of area.children) {
    if (element.name === 'Path' || element.name === 'PathObject') {
      const { data, ctm, boundary } = readPath(element);
      tracePath(data, combine(combine(ctm, [1, 0, 0, 1, boundary.x, boundary.y]), matrix), sink);
    } else if (element.name === 'Text' || element.name === 'TextObject') {
      const text = readText(element);
      const place = combine(combine(text.ctm, [1, 0, 0, 1, text.boundary.x, text.boundary.y]), matrix);
      if (!traceText(text, scope, place, sink)) return false;
    }
  }
  return true;
}
