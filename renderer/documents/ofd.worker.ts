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
import type { OfdAnswer, OfdAnswers, OfdRequest } from './ofd-messages.ts';
import { createWorkerCanvasKit } from './worker-canvas.ts';
import { createWorkerFonts } from './worker-fonts.ts';

/** Everything of one OFD document happens here: the window ends this worker when it takes too long. */
const kit = createWorkerCanvasKit(createWorkerFonts((self as unknown as { readonly fonts: FontFaceSet }).fonts));
const state: { open: OpenDocument | null; last: Promise<void> } = { open: null, last: Promise.resolve() };
const pixelsPerMillimetre = 96 / 25.4;

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
  const answered = request.type === 'open' ? open(request.bytes) : state.open === null ? missing() : await ask(state.open, request);
  const answer: OfdAnswer = answered.ok ? { id: request.id, ok: true, value: answered.value } : { id: request.id, ok: false, code: answered.failure.code };
  self.postMessage(answer, { transfer: answered.ok && answered.value instanceof ImageBitmap ? [answered.value] : [] });
}

function missing(): { readonly ok: false; readonly failure: OfdFailure } {
  return { ok: false, failure: { code: 'document/not-ofd' } };
}

function open(bytes: Uint8Array): OfdResult<OfdAnswers['open']> {
  const opened = openOfdPackage(bytes);
  const document = opened.ok ? openOfdDocument(opened.value) : opened;
  if (!document.ok) return document;
  state.open = { document: document.value, painter: createPagePainter(document.value, kit), seals: null };
  const fields = readFields(document.value).map(({ name, value }) => ({ name, value }));
  return { ok: true, value: { pages: document.value.pages.length, fields } };
}

async function ask(open: OpenDocument, request: Exclude<OfdRequest, { type: 'open' }>): Promise<OfdResult<OfdAnswers['size' | 'draw' | 'text']>> {
  const index = request.page - 1;
  if (request.type === 'draw') return draw(open, index, request.ratio);
  if (request.type === 'size') {
    const size = readPageSize(open.document, index);
    return size.ok ? { ok: true, value: { width: size.value.width * pixelsPerMillimetre, height: size.value.height * pixelsPerMillimetre } } : size;
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
  return placeSeals(reports, kit, usualLimits);
}
