import { combine, identity, type Matrix, parseMatrix } from './geometry.ts';
import { readPath, readText } from './object-reader.ts';
import { type PaintScope, useMatrix } from './paint-scope.ts';
import type { PathSink } from './canvas.ts';
import { tracePath } from './path-data.ts';
import { traceText } from './text-outline.ts';
import { attributeOf, childrenOf, type XmlElement } from './xml.ts';

/**
 * Narrows the drawing area to the clips of an object (GB/T 33190 8.4): inside every Clip, inside any of its Areas. `TransFlag="true"` puts
 * the clip into the object's own space, before its CTM; otherwise it stands in the boundary.
 */
export function applyClips(clips: XmlElement | null, scope: PaintScope, spaces: { readonly object: Matrix; readonly boundary: Matrix }): void {
  if (clips === null) return;
  const space = attributeOf(clips, 'TransFlag')?.toLowerCase() === 'true' ? spaces.object : spaces.boundary;
  for (const clip of childrenOf(clips, 'Clip')) {
    const path = scope.kit.createPath();
    const areas = childrenOf(clip, 'Area');
    if (areas.length === 0 || !areas.every((area) => traceArea(area, scope, path))) continue;
    useMatrix(scope.context, space);
    scope.context.clip(path);
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
