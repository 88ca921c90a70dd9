import type { CanvasKit, FontRequest } from './canvas.ts';
import type { DocumentAssets } from './document-assets.ts';
import type { GraphicObject, ObjectBase, TextObject } from './graphic-object.ts';
import { readObjects, readText } from './object-reader.ts';
import type { Resources } from './resources.ts';
import { layOutOutlined } from './text-outline.ts';
import { fallbackRequest } from './text-painter.ts';
import { childOf, childrenOf, type XmlElement } from './xml.ts';
import type { OfdLimits } from './limits.ts';

/** What preparing needs. */
export interface NeedsDeps {
  readonly kit: CanvasKit;
  readonly assets: DocumentAssets;
  readonly resources: Resources;
  readonly limits: OfdLimits;
}

/** Decodes the pictures and makes ready the stand-in fonts that objects need, so that painting itself never waits. */
export async function prepareObjects(objects: readonly GraphicObject[], deps: NeedsDeps): Promise<void> {
  const needs: Needs = { pictures: new Set(), fallbacks: new Map(), units: new Set(), left: { objects: deps.limits.objects } };
  collect(objects, deps, needs);
  for (const id of needs.pictures) await deps.assets.load(id, deps.resources);
  for (const { request, characters } of needs.fallbacks.values()) await deps.kit.fallbackFonts.prepare(request, [...characters].join(''));
}

interface Needs {
  readonly pictures: Set<string>;
  readonly fallbacks: Map<string, { readonly request: FontRequest; readonly characters: Set<string> }>;
  /** Composite units that were looked through. */
  readonly units: Set<string>;
  readonly left: { objects: number };
}

function collect(objects: readonly GraphicObject[], deps: NeedsDeps, needs: Needs): void {
  for (const object of objects) {
    if (needs.left.objects <= 0) return;
    needs.left.objects -= 1;
    if (object.kind === 'block') {
      collect(object.children, deps, needs);
      continue;
    }
    collectPatterns(object, deps, needs);
    for (const text of clipTexts(object)) collectText(text, deps, needs);
    if (object.kind === 'text') collectText(object, deps, needs);
    else if (object.kind === 'image') {
      for (const id of [object.resource, object.mask, object.substitution]) if (id !== null && id !== '') needs.pictures.add(id);
    } else if (object.kind === 'composite') collectUnit(object.resource, deps, needs);
  }
}

function clipTexts({ clips }: ObjectBase): readonly TextObject[] {
  const areas = childrenOf(clips, 'Clip').flatMap((clip) => childrenOf(clip, 'Area'));
  return areas.flatMap(({ children }) => children.filter(({ name }) => name === 'Text' || name === 'TextObject').map(readText));
}

function collectUnit(id: string, deps: NeedsDeps, needs: Needs): void {
  if (needs.units.has(id)) return;
  needs.units.add(id);
  const content = childOf(deps.resources.compositeUnit(id), 'Content');
  if (content !== null) collect(readObjects(content, deps.limits.depth), deps, needs);
}

function collectPatterns({ fillColor, drawParam }: ObjectBase, deps: NeedsDeps, needs: Needs): void {
  const params = drawParam === null ? null : deps.resources.drawParam(drawParam);
  for (const color of [fillColor, childOf(params, 'FillColor')]) {
    const cell: XmlElement | null = childOf(childOf(color, 'Pattern'), 'CellContent');
    if (cell !== null) collect(readObjects(cell, deps.limits.depth), deps, needs);
  }
}

function collectText(text: TextObject, deps: NeedsDeps, needs: Needs): void {
  const font = deps.assets.font(text.font, deps.resources);
  const missing =
    font === null
      ? text.codes.flatMap(({ text: characters }) => [...characters])
      : layOutOutlined(text, font, deps.limits.glyphs).flatMap(({ glyph, character }) => (glyph === null && font.glyphOf(character) === null ? character : []));
  if (missing.length === 0) return;
  const request = fallbackRequest(text, deps);
  const key = `${request.font?.id ?? ''} ${request.weight}`;
  const known = needs.fallbacks.get(key) ?? { request, characters: new Set<string>() };
  for (const character of missing) known.characters.add(character);
  needs.fallbacks.set(key, known);
}
