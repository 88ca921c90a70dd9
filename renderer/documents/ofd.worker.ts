import {
  createPagePainter,
  type OfdDocument,
  type OfdFailure,
  openOfdDocument,
  openOfdPackage,
  type OfdResult,
  type PagePainter,
  type PlacedSeal,
  placeSeals,
  readFields,
  readPageSize,
  readPageText,
  usualLimits,
  verifyNothingForeign,
  verifyOfdSignatures,
} from '../../ofd/index.ts';
import { sm2DefaultId, sm2PublicKeyOf, verifySm2 } from '../../domain/crypto/sm2.ts';
import { CanvasBudgetError } from './canvas-budget.ts';
import { commonCharacters } from './common-characters.table.ts';
import { linksOfPage, listChoices, listOutline } from './ofd-guide.ts';
import type { OfdAnswer, OfdAnswers, OfdRequest } from './ofd-messages.ts';
import type { DocumentPick } from './sheet-source.ts';
import { createWorkerCanvasKit } from './worker-canvas.ts';
import { createWorkerFonts } from './worker-fonts.ts';

/** Everything of one OFD document happens here: the window ends this worker when it takes too long. */
const fonts = createWorkerFonts((self as unknown as { readonly fonts: FontFaceSet }).fonts);
const kit = createWorkerCanvasKit(fonts);
const state: { open: OpenDocument | null; last: Promise<void> } = { open: null, last: warmUp() };
const pixelsPerMillimetre = 96 / 25.4;

/** Nobody can give a worker of a window a limit of memory: it follows from these, and from the canvases that the kit counts. */
const windowLimits = { ...usualLimits, entryBytes: 64 * 1024 * 1024, packageBytes: 256 * 1024 * 1024, xmlElements: 500_000 };

interface OpenDocument {
  readonly document: OfdDocument;
  readonly painter: PagePainter;
  seals: ReadonlyMap<string, readonly PlacedSeal[]> | null;
}

self.addEventListener('message', (event: MessageEvent<OfdRequest>) => {
  // One after the other: pages share fonts and pictures.
  state.last = state.last.then(() => serve(event.data));
});

async function serve(request: OfdRequest): Promise<void> {
  kit.startCount();
  const answered = await answerTo(request).catch((error: unknown): OfdResult<never> => {
    if (error instanceof CanvasBudgetError) return { ok: false, failure: { code: 'page/too-large' } };
    throw error;
  });
  const answer: OfdAnswer = answered.ok ? { id: request.id, ok: true, value: answered.value } : { id: request.id, ok: false, code: answered.failure.code };
  self.postMessage(answer, { transfer: answered.ok && answered.value instanceof ImageBitmap ? [answered.value] : [] });
}

async function answerTo(request: OfdRequest): Promise<OfdResult<OfdAnswers[keyof OfdAnswers]>> {
  if (request.type === 'open') return open(request.bytes, request.pick);
  return state.open === null ? missing() : ask(state.open, request);
}

function missing(): { readonly ok: false; readonly failure: OfdFailure } {
  return { ok: false, failure: { code: 'document/not-ofd' } };
}

function open(bytes: Uint8Array, { document: index, version }: DocumentPick): OfdResult<OfdAnswers['open']> {
  const opened = openOfdPackage(bytes, windowLimits);
  if (!opened.ok) return opened;
  const document = openOfdDocument(opened.value, { document: index, ...(version === null ? {} : { version }) });
  if (!document.ok) return document;
  state.open = { document: document.value, painter: createPagePainter(document.value, kit), seals: null };
  return { ok: true, value: { pages: document.value.pages.length, choices: listChoices(document.value) } };
}

/** What the first document would else wait for: the tables of the curve, and the slices of the fonts that nearly every certificate needs. */
async function warmUp(): Promise<void> {
  verifySm2({ key: sm2PublicKeyOf(new Uint8Array(32).fill(1)), message: new Uint8Array(1), signature: new Uint8Array(64).fill(1), id: sm2DefaultId });
  for (const serif of [true, false]) await fonts.prepare({ font: { id: '', name: '', family: '', bold: false, italic: false, serif, fixedWidth: false, file: null }, weight: 400 }, commonCharacters);
}

async function ask(open: OpenDocument, request: Exclude<OfdRequest, { type: 'open' }>): Promise<OfdResult<OfdAnswers[Exclude<OfdRequest['type'], 'open'>]>> {
  if (request.type === 'outline') return { ok: true, value: listOutline(open.document) };
  if (request.type === 'fields') return { ok: true, value: readFields(open.document).map(({ name, value }) => ({ name, value })) };
  const index = request.page - 1;
  if (request.type === 'links') return { ok: true, value: linksOfPage(open.document, index, pixelsPerMillimetre) };
  if (request.type === 'draw') return draw(open, index, request.ratio);
  if (request.type === 'size') {
    const size = readPageSize(open.document, index);
    return size.ok ? { ok: true, value: { width: size.value.width * pixelsPerMillimetre, height: size.value.height * pixelsPerMillimetre, corner: { x: size.value.x, y: size.value.y } } } : size;
  }
  const text = readPageText(open.document, index);
  if (!text.ok) return text;
  const enlarge = (length: number): number => length * pixelsPerMillimetre;
  return {
    ok: true,
    value: text.value.map(({ text, x, y, width, size, angle }) => ({ text, x: enlarge(x), y: enlarge(y), width: enlarge(width), size: enlarge(size), angle })),
  };
}

async function draw(open: OpenDocument, index: number, ratio: number): Promise<OfdResult<ImageBitmap>> {
  open.seals ??= await verifiedSeals(open.document);
  const painted = await open.painter.paint({ index, scale: ratio * pixelsPerMillimetre, seals: open.seals.get(open.document.pages[index]?.id ?? '') ?? [] });
  if (!painted.ok) return painted;
  const { canvas } = painted.value.surface;
  if (!(canvas instanceof OffscreenCanvas)) throw new Error('not a canvas of this kit');
  return { ok: true, value: canvas.transferToImageBitmap() };
}

/**
 * Only seals whose signature holds are painted. Who vouches for the signer is not asked here: without anchors every signer is
 * unknown, and what the file is worth is said elsewhere, in words.
 */
function verifiedSeals(document: OfdDocument): Promise<ReadonlyMap<string, readonly PlacedSeal[]>> {
  const reports = verifyOfdSignatures(document, { anchors: [], now: Date.now(), verifyForeign: verifyNothingForeign });
  return placeSeals(reports, kit, windowLimits);
}
