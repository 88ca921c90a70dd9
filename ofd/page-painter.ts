import { type Annotation, listAnnotations } from './annotations.ts';
import type { CanvasKit, Context, Picture, Surface } from './canvas.ts';
import type { OfdDocument } from './document.ts';
import { createDocumentAssets } from './document-assets.ts';
import { type Box, combine, type Matrix } from './geometry.ts';
import { paintObjects } from './object-painter.ts';
import { type OfdPage, readPage } from './page.ts';
import { prepareObjects } from './page-needs.ts';
import { type PaintScope, useMatrix } from './paint-scope.ts';
import { done, type OfdResult, refuse } from './result.ts';

/** The picture of a seal where a signature puts it on a page, in millimetres. */
export interface PlacedSeal {
  readonly picture: Picture;
  readonly boundary: Box;
  readonly clip: Box | null;
}

/** How a page is to be painted. */
export interface PageOptions {
  readonly index: number;
  /** Pixels a millimetre; 96 dpi is 3.78. Less is taken when the page would be larger than a canvas can be. */
  readonly scale: number;
  readonly isPrint?: boolean;
  /** The seals of this page; nothing else of a signature is ever painted. */
  readonly seals?: readonly PlacedSeal[];
}

/** A painted page. */
export interface PaintedPage {
  readonly surface: Surface;
  readonly page: OfdPage;
  /** Pixels a millimetre, as painted. */
  readonly scale: number;
}

const mostPixels = 36_000_000;
const longestSide = 16_000;
/** Forty groups as large as an A4 page at 300 dpi. */
const groupPixels = 350_000_000;

/** Paints the pages of one document; fonts and pictures that pages share are read once. */
export interface PagePainter {
  /** Paints one page with its templates, annotations and verified seals onto a white surface of its own. */
  paint(options: PageOptions): Promise<OfdResult<PaintedPage>>;
}

/** Creates the painter of a document. */
export function createPagePainter(document: OfdDocument, kit: CanvasKit): PagePainter {
  const assets = createDocumentAssets(document.package, kit);
  return { paint: (options) => paintPage(document, options, { kit, assets }) };
}

type Deps = { readonly kit: CanvasKit; readonly assets: ReturnType<typeof createDocumentAssets> };

async function paintPage(document: OfdDocument, options: PageOptions, deps: Deps): Promise<OfdResult<PaintedPage>> {
  const read = readPage(document, options.index);
  if (!read.ok) return read;
  const page = read.value;
  const scale = fitScale(page.box, options.scale);
  if (!(scale > 0)) return refuse('page/too-large');
  const { kit, assets } = deps;
  const { limits } = document.package;
  const annotations = listAnnotations(document, page.id).filter(({ visible, print }) => visible && (print || options.isPrint !== true));
  const objects = [...page.layers.flatMap((layer) => layer.objects), ...annotations.flatMap((annotation) => annotation.objects)];
  await prepareObjects(objects, { kit, assets, resources: page.resources, limits });
  const surface = kit.createSurface(Math.max(1, Math.round(page.box.width * scale)), Math.max(1, Math.round(page.box.height * scale)));
  const { context } = surface;
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, surface.width, surface.height);
  const matrix: Matrix = [scale, 0, 0, scale, -page.box.x * scale, -page.box.y * scale];
  const budget = { left: limits.objects };
  const groups = { width: surface.width, height: surface.height, surfaces: [], depth: 0, pixelsLeft: groupPixels };
  const scope: PaintScope = { context, kit, assets, resources: page.resources, limits, matrix, alpha: 1, blend: 'source-over', layerParam: null, groups, budget, open: [], paint: paintObjects };
  for (const { drawParam, objects: own } of page.layers) paintObjects(own, { ...scope, layerParam: drawParam });
  for (const annotation of annotations) paintAnnotation(annotation, scope);
  for (const seal of options.seals ?? []) paintSeal(seal, context, matrix);
  return budget.left <= 0 ? refuse('page/too-many-objects') : done({ surface, page, scale });
}

function fitScale({ width, height }: Box, scale: number): number {
  const wanted = Number.isFinite(scale) ? scale : 0;
  return Math.min(wanted, longestSide / width, longestSide / height, Math.sqrt(mostPixels / (width * height)));
}

function paintAnnotation({ boundary, objects, type }: Annotation, scope: PaintScope): void {
  if (boundary === null) return;
  paintObjects(objects, { ...scope, matrix: combine([1, 0, 0, 1, boundary.x, boundary.y], scope.matrix), blend: type === 'Highlight' ? 'multiply' : scope.blend });
}

/** Ink on paper: what is dark stays dark. A riding seal shows only its strip (18.2.3). */
function paintSeal({ picture, boundary, clip }: PlacedSeal, context: Context, matrix: Matrix): void {
  context.save();
  useMatrix(context, combine([1, 0, 0, 1, boundary.x, boundary.y], matrix));
  if (clip !== null) {
    context.beginPath();
    context.rect(clip.x, clip.y, clip.width, clip.height);
    context.clip();
  }
  context.globalAlpha = 1;
  context.globalCompositeOperation = 'multiply';
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture.drawable, 0, 0, boundary.width, boundary.height);
  context.restore();
}
