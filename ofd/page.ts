import { type OfdDocument, readArea } from './document.ts';
import type { Box } from './geometry.ts';
import type { GraphicObject } from './graphic-object.ts';
import { readObjects } from './object-reader.ts';
import type { Resources } from './resources.ts';
import { done, type OfdResult, refuse } from './result.ts';
import { attributeOf, childOf, childrenOf, type XmlElement } from './xml.ts';

/** One layer with its objects, in the order in which it is painted. */
export interface PageLayer {
  /** Whether it comes from a template. */
  readonly isTemplate: boolean;
  readonly drawParam: string | null;
  readonly objects: readonly GraphicObject[];
}

/** A page made ready: its size in millimetres and its layers, the lowest first. */
export interface OfdPage {
  readonly id: string;
  readonly index: number;
  /** The entry with the page's content. */
  readonly entry: string;
  readonly box: Box;
  readonly layers: readonly PageLayer[];
  readonly resources: Resources;
  /** Every entry that this page's content and templates were read from; resources and annotations are not among them. */
  readonly entries: readonly string[];
}

type Level = 'Background' | 'Body' | 'Foreground';

/** Reads a page by its index, from 0. */
export function readPage(document: OfdDocument, index: number): OfdResult<OfdPage> {
  const reference = document.pages[index];
  if (reference === undefined) return refuse('page/missing', String(index));
  const root = document.readXml(reference.entry);
  if (!root.ok) return root;
  const templates = childrenOf(root.value, 'Template').flatMap((use) => {
    const template = document.templates.get(attributeOf(use, 'TemplateID') ?? '');
    const tree = template === undefined ? null : document.readXml(template.entry);
    if (template === undefined || tree === null || !tree.ok) return [];
    return [{ root: tree.value, entry: template.entry, level: readLevel(attributeOf(use, 'ZOrder') ?? template.zOrder, 'Background') }];
  });
  const layers = [
    ...templates.flatMap(({ root, level }) => readLayers(document, root, { isTemplate: true, level })),
    ...readLayers(document, root.value, { isTemplate: false, level: null }),
  ];
  const rank: Readonly<Record<Level, number>> = { Background: 0, Body: 1, Foreground: 2 };
  const files = [...templates.map(({ root, entry }) => ({ root, entry })), { root: root.value, entry: reference.entry }];
  return done({
    id: reference.id,
    index,
    entry: reference.entry,
    box: readArea(childOf(root.value, 'Area')) ?? templates.map(({ root }) => readArea(childOf(root, 'Area'))).find((box) => box !== null) ?? document.pageBox,
    layers: layers.toSorted((one, other) => rank[one.level] - rank[other.level]).map(({ layer }) => layer),
    resources: document.resources.extend(files.flatMap((file) => pageResources(document, file))),
    entries: files.map(({ entry }) => entry),
  });
}

/** Unknown words (`Backqround` exists) mean the usual level. */
function readLevel(word: string | null, usual: Level): Level {
  return word === 'Background' || word === 'Foreground' || word === 'Body' ? word : usual;
}

/** A template's layers stand together at the level where the page puts the template (7.7). */
function readLayers(
  { package: { limits } }: OfdDocument,
  root: XmlElement,
  { isTemplate, level }: { readonly isTemplate: boolean; readonly level: Level | null },
): { readonly level: Level; readonly layer: PageLayer }[] {
  return childrenOf(childOf(root, 'Content'), 'Layer').map((layer) => ({
    level: level ?? readLevel(attributeOf(layer, 'Type'), 'Body'),
    layer: { isTemplate, drawParam: attributeOf(layer, 'DrawParam'), objects: readObjects(layer, limits.depth) },
  }));
}

function pageResources(document: OfdDocument, { root, entry }: { readonly root: XmlElement; readonly entry: string }): string[] {
  return childrenOf(root, 'PageRes').flatMap(({ text }) => document.package.find(text, { entry, documentFolder: document.folder }) ?? []);
}
