import { PDFDocument, PDFHexString, PDFName, PDFDict, type PDFRef } from '@cantoo/pdf-lib';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import type { CjkFont } from './cjk-font.ts';
import { type CopyFacts, printXmp } from './copy-properties.ts';
import { embedText } from './embedded-text.ts';
import { openOfdPages } from './ofd-pages.ts';
import type { PageSource } from './page-source.ts';
import { openPdfPages } from './pdf-pages.ts';
import { type PreparedPdf, prepareSignature } from './pdf-signing.ts';
import { checkSignatures } from './signature-check.ts';
import { layTraceMark } from './trace-mark.ts';
import { createWatermarkMaker, type WatermarkMaker } from './watermark.ts';

/** What a copy is made from. */
export interface CopyInput extends CopyFacts {
  readonly original: { readonly bytes: Uint8Array; readonly format: 'PDF' | 'OFD' };
  /** The lines of the watermark: organisation and window, operator, time, case, purpose, expiry. */
  readonly lines: readonly string[];
}

/** A copy for use (加注件, YD 11.4), complete but for the value of its signature. */
export interface WatermarkedCopy {
  readonly prepared: PreparedPdf;
  readonly pages: number;
}

/** Makes watermarked copies; `onStep` is called when the original is open, when the letters are set, and after each page. */
export interface CopyMaker {
  make(input: CopyInput, onStep?: () => void): Promise<Result<WatermarkedCopy>>;
}

/** The largest original that is opened; what the pages of a copy are painted with. */
export const copyLimits = { bytes: 20 * 1024 * 1024, pages: 200, dpi: 300, jpegQuality: 84 } as const;

/**
 * Creates the maker of copies, one way for PDF and OFD: every page as a picture of 300 dpi with the trace mark in it, under a
 * vector watermark with the record id as QR, with the facts of the annotation in the properties, ready to be signed. Nothing of
 * the original can act or be peeled off; the original itself is not changed. `file/too-large`, `file/damaged`,
 * `file/unsupported-format` for a PDF that wants a password.
 */
export function createCopyMaker(deps: { readonly font: CjkFont }): CopyMaker {
  return {
    make: async (input, onStep = () => {}) => {
      const { original, madeAt } = input;
      if (original.bytes.length > copyLimits.bytes) return fail('file/too-large');
      const source = await openPages(original, madeAt);
      if (!source.ok) return source;
      onStep();
      try {
        if (source.value.count === 0) return fail('file/damaged', 'no page');
        if (source.value.count > copyLimits.pages) return fail('file/too-large', 'pages');
        return await draw(deps.font, input, source.value, onStep);
      } finally {
        await source.value.close();
      }
    },
  };
}

async function openPages({ bytes, format }: CopyInput['original'], now: number): Promise<Result<PageSource>> {
  if (format === 'OFD') return openOfdPages(bytes, now);
  const signatures = await checkSignatures({ bytes, format }, { anchors: [], now });
  const isSound = signatures.ok && !['invalid', 'partly-invalid', 'unverifiable'].includes(signatures.value.state);
  return openPdfPages(bytes, { showSignatures: isSound });
}

async function draw(font: CjkFont, input: CopyInput, source: PageSource, onStep: () => void): Promise<Result<WatermarkedCopy>> {
  const copy = await PDFDocument.create({ updateMetadata: false });
  const text = embedText(copy.context, await font.setLines([...input.lines, `加注件记录 ${input.recordId}`].map(toPrintable)));
  onStep();
  const watermark = createWatermarkMaker(copy.context, { text, tileLines: input.lines.length, recordId: input.recordId });
  for (let index = 0; index < source.count; index++) {
    const added = await addPage(copy, { source, index, watermark, recordId: input.recordId });
    if (!added.ok) return added;
    onStep();
  }
  writeProperties(copy, input);
  const field = addSignatureField(copy);
  const bytes = await copy.save({ useObjectStreams: false, addDefaultPage: false });
  const { Root, Info, ID } = copy.context.trailerInfo;
  const trailerEntries = `/Root ${String(Root)} /Info ${String(Info)} /ID ${String(ID)}`;
  const anchors = { nextObject: copy.context.largestObjectNumber + 1, field: field.ref.objectNumber, fieldEntries: field.entries, trailerEntries };
  const texts = { name: input.annotation.maker, reason: `加注件 ${input.annotation.reason}`, at: input.madeAt };
  return ok({ prepared: prepareSignature(bytes, texts, anchors), pages: source.count });
}

interface PageWork {
  readonly source: PageSource;
  readonly index: number;
  readonly watermark: WatermarkMaker;
  readonly recordId: string;
}

async function addPage(copy: PDFDocument, { source, index, watermark, recordId }: PageWork): Promise<Result<null>> {
  const painted = await source.paint(index, copyLimits.dpi);
  if (!painted.ok) return painted;
  const { canvas, width, height } = painted.value;
  layTraceMark(canvas, recordId, (canvas.width / width) * 72);
  const picture = await copy.embedJpg(await canvas.encode('jpeg', copyLimits.jpegQuality));
  const page = copy.addPage([width, height]);
  page.drawImage(picture, { x: 0, y: 0, width, height });
  const name = page.node.newXObject('Watermark', watermark(width, height));
  page.node.addContentStream(copy.context.register(copy.context.flateStream(`q ${name.toString()} Do Q`)));
  return ok(null);
}

/** An empty signature field without a place on the page; its value comes with the incremental update. */
function addSignatureField(copy: PDFDocument): { ref: PDFRef; entries: string } {
  const page = copy.getPage(0);
  const entries = `/Type /Annot /Subtype /Widget /FT /Sig /T (Copy) /F 132 /Rect [0 0 0 0] /P ${page.ref.toString()}`;
  const ref = copy.context.register(
    copy.context.obj({ Type: 'Annot', Subtype: 'Widget', FT: 'Sig', T: PDFHexString.of(encodeHex(encodeUtf8('Copy'))), F: 132, Rect: [0, 0, 0, 0], P: page.ref }),
  );
  page.node.set(PDFName.of('Annots'), copy.context.obj([ref]));
  copy.catalog.set(PDFName.of('AcroForm'), copy.context.obj({ Fields: [ref], SigFlags: 3 }));
  return { ref, entries };
}

function writeProperties(copy: PDFDocument, input: CopyInput): void {
  const { recordId, madeAt, annotation, metadata } = input;
  copy.setTitle(`加注件 ${recordId}`);
  copy.setProducer('Counter');
  copy.setCreator('Counter');
  copy.setCreationDate(new Date(madeAt));
  copy.setModificationDate(new Date(madeAt));
  const properties = copy.context.lookup(copy.context.trailerInfo.Info, PDFDict);
  const { maker, reason, validUntil, time } = annotation;
  const facts = { JZJZZZ: maker, JZJZZSY: reason, JZJYXQJZSJ: validUntil, JZJZZSJ: time };
  const more = Object.entries({ RecordId: recordId, ...metadata }).map(([name, value]) => [`Annotation${name}`, value] as const);
  for (const [name, value] of [...Object.entries(facts), ...more]) properties.set(PDFName.of(name), PDFHexString.fromText(toPrintable(value)));
  const xmp = copy.context.stream(encodeUtf8(printXmp({ ...facts, RecordId: recordId })), { Type: 'Metadata', Subtype: 'XML' });
  copy.catalog.set(PDFName.of('Metadata'), copy.context.register(xmp));
  const id = PDFHexString.of(encodeHex(sm3(encodeUtf8(`${recordId} ${madeAt}`)).subarray(0, 16)));
  copy.context.trailerInfo.ID = copy.context.obj([id, id]);
}

/** What cannot be printed or would change the direction of what is, is left out. */
function toPrintable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, ' ').slice(0, 200);
}
