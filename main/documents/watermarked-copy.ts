import {
  concatTransformationMatrix,
  drawObject,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  type PDFPage,
  popGraphicsState,
  pushGraphicsState,
} from '@cantoo/pdf-lib';
import { fail, ok, type Result } from '../../domain/failure.ts';
import type { CjkFont } from './cjk-font.ts';
import { embedText } from './embedded-text.ts';
import { inflatesWithinLimits } from './inflation-check.ts';
import { type Appearance, copyAppearances } from './page-appearances.ts';
import { createWatermarkMaker, type WatermarkMaker } from './watermark.ts';

/** What a copy is made from. */
export interface CopyInput {
  readonly original: { readonly bytes: Uint8Array; readonly format: 'PDF' | 'OFD' };
  /** The lines of the watermark: organisation and window, operator, time, case, purpose. */
  readonly lines: readonly string[];
  readonly recordId: string;
  /** Facts of the annotation for the file's own properties, by name; no personal data of the holder. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly madeAt: number;
}

/** A copy for use (加注件, YD 11.4). */
export interface WatermarkedCopy {
  readonly bytes: Uint8Array;
  readonly pages: number;
}

/** Makes watermarked copies. */
export interface CopyMaker {
  make(input: CopyInput): Promise<Result<WatermarkedCopy>>;
}

/** The largest original that is opened. */
export const copyLimits = { bytes: 20 * 1024 * 1024, pages: 200, side: 14_400 } as const;

/**
 * Creates the maker of copies: every page of the original with its seals, as it looks and without anything active, under
 * a tiled vector watermark with the record id as QR. The original is not changed. `file/unsupported-format` for OFD and
 * encrypted files, `file/too-large`, `file/damaged`.
 */
export function createCopyMaker(deps: { readonly font: CjkFont }): CopyMaker {
  return {
    make: async (input) => {
      const { bytes, format } = input.original;
      if (format !== 'PDF') return fail('file/unsupported-format', format);
      if (bytes.length > copyLimits.bytes) return fail('file/too-large');
      if (!inflatesWithinLimits(bytes)) return fail('file/damaged', 'inflates beyond the limit');
      try {
        return await draw(deps.font, input);
      } catch (error) {
        // The library tells everything that is wrong with a file by throwing.
        const isEncrypted = error instanceof Error && /encrypted/i.test(error.message);
        return isEncrypted ? fail('file/unsupported-format', 'encrypted') : fail('file/damaged');
      }
    },
  };
}

async function draw(font: CjkFont, input: CopyInput): Promise<Result<WatermarkedCopy>> {
  const original = await PDFDocument.load(input.original.bytes, { updateMetadata: false });
  const count = original.getPageCount();
  if (count === 0) return fail('file/damaged', 'no page');
  if (count > copyLimits.pages) return fail('file/too-large', 'pages');
  const copy = await PDFDocument.create({ updateMetadata: false });
  const text = embedText(copy.context, await font.setLines([...input.lines, `加注件记录 ${input.recordId}`].map(toPrintable)));
  const watermark = createWatermarkMaker(copy.context, { text, tileLines: input.lines.length, recordId: input.recordId });
  for (const page of original.getPages()) {
    if (!(await copyPage(copy, page, watermark))) return fail('file/damaged', 'page size');
  }
  writeProperties(copy, input);
  return ok({ bytes: await copy.save(), pages: count });
}

/** False when the page has no size that can be printed. */
async function copyPage(copy: PDFDocument, page: PDFPage, watermark: WatermarkMaker): Promise<boolean> {
  const box = page.getCropBox();
  if (![box.width, box.height].every((side) => side > 1 && side <= copyLimits.side)) return false;
  const turn = turnOf(page, box);
  const target = copy.addPage([turn.width, turn.height]);
  const appearances = copyAppearances(page, copy.context);
  // An empty page cannot be embedded, and need not be.
  if (page.node.Contents() !== undefined) {
    const bounds = { left: box.x, bottom: box.y, right: box.x + box.width, top: box.y + box.height };
    const embedded = await copy.embedPage(page, bounds);
    const name = target.node.newXObject('Page', embedded.ref);
    target.pushOperators(pushGraphicsState(), concatTransformationMatrix(...turn.matrix), drawObject(name), popGraphicsState());
  }
  drawAppearances(target, appearances, turn.matrix, box);
  const name = target.node.newXObject('Watermark', watermark(turn.width, turn.height));
  target.pushOperators(pushGraphicsState(), drawObject(name), popGraphicsState());
  return true;
}

type Matrix = [number, number, number, number, number, number];

/** The matrix that does what the page's Rotate says, clockwise, and the size of the page after it. */
function turnOf(page: PDFPage, { width: w, height: h }: { width: number; height: number }): { matrix: Matrix; width: number; height: number } {
  const quarters = ((Math.round(page.getRotation().angle / 90) % 4) + 4) % 4;
  if (quarters === 1) return { matrix: [0, -1, 1, 0, 0, w], width: h, height: w };
  if (quarters === 2) return { matrix: [-1, 0, 0, -1, w, h], width: w, height: h };
  if (quarters === 3) return { matrix: [0, 1, -1, 0, h, 0], width: h, height: w };
  return { matrix: [1, 0, 0, 1, 0, 0], width: w, height: h };
}

function drawAppearances(target: PDFPage, appearances: readonly Appearance[], turn: Matrix, box: { x: number; y: number }): void {
  for (const { ref, matrix } of appearances) {
    const name = target.node.newXObject('Seal', ref);
    target.pushOperators(
      pushGraphicsState(),
      concatTransformationMatrix(...turn),
      concatTransformationMatrix(1, 0, 0, 1, -box.x, -box.y),
      concatTransformationMatrix(...matrix),
      drawObject(name),
      popGraphicsState(),
    );
  }
}

function writeProperties(copy: PDFDocument, { recordId, metadata, madeAt }: CopyInput): void {
  copy.setTitle(`加注件 ${recordId}`);
  copy.setProducer('Counter');
  copy.setCreator('Counter');
  copy.setCreationDate(new Date(madeAt));
  copy.setModificationDate(new Date(madeAt));
  const properties = copy.context.lookup(copy.context.trailerInfo.Info);
  if (!(properties instanceof PDFDict)) return;
  for (const [name, value] of Object.entries({ RecordId: recordId, ...metadata })) {
    properties.set(PDFName.of(`Annotation${name}`), PDFHexString.fromText(toPrintable(value)));
  }
}

/** What cannot be printed or would change the direction of what is, is left out. */
function toPrintable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, ' ').slice(0, 200);
}
