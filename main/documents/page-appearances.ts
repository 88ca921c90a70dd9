import { PDFArray, type PDFContext, PDFDict, PDFName, PDFNumber, PDFObjectCopier, type PDFPage, type PDFRef, PDFStream } from '@cantoo/pdf-lib';

/** An annotation's appearance, copied into another document, and the matrix that puts it where it was on its page. */
export interface Appearance {
  readonly ref: PDFRef;
  readonly matrix: readonly [number, number, number, number, number, number];
}

const mostAnnotations = 500;
const hiddenFlags = 0x02 | 0x20;

/**
 * Copies what annotations show on a page: seals and signatures of certificates are often annotations. Only their pictures
 * come along, no action, link or script (ISO 32000-1, 12.5.5).
 */
export function copyAppearances(page: PDFPage, target: PDFContext): Appearance[] {
  const annotations = page.node.Annots();
  if (annotations === undefined) return [];
  const copier = PDFObjectCopier.for(page.doc.context, target);
  const appearances: Appearance[] = [];
  for (let i = 0; i < Math.min(annotations.size(), mostAnnotations); i++) {
    const annotation = annotations.lookup(i);
    const picture = annotation instanceof PDFDict ? readPicture(annotation) : null;
    if (picture === null) continue;
    const copied = copier.copy(picture.stream);
    copied.dict.set(PDFName.of('Subtype'), PDFName.of('Form'));
    appearances.push({ ref: target.register(copied), matrix: picture.matrix });
  }
  return appearances;
}

function readPicture(annotation: PDFDict): { stream: PDFStream; matrix: Appearance['matrix'] } | null {
  const flags = annotation.lookup(PDFName.of('F'));
  const isHidden = flags instanceof PDFNumber && (flags.asNumber() & hiddenFlags) !== 0;
  const isPopup = annotation.lookup(PDFName.of('Subtype')) === PDFName.of('Popup');
  const stream = isHidden || isPopup ? null : readNormalAppearance(annotation);
  const rect = readNumbers(annotation.lookup(PDFName.of('Rect')), 4);
  if (stream === null || rect === null) return null;
  const box = readNumbers(stream.dict.lookup(PDFName.of('BBox')), 4);
  const own = readNumbers(stream.dict.lookup(PDFName.of('Matrix')), 6) ?? [1, 0, 0, 1, 0, 0];
  const matrix = box === null ? null : fit(transformBox(box, own), sortBox(rect));
  return matrix === null ? null : { stream, matrix };
}

/** The one normal appearance, or that of the current state. */
function readNormalAppearance(annotation: PDFDict): PDFStream | null {
  const appearances = annotation.lookup(PDFName.of('AP'));
  const normal = appearances instanceof PDFDict ? appearances.lookup(PDFName.of('N')) : undefined;
  if (normal instanceof PDFStream) return normal;
  const state = annotation.lookup(PDFName.of('AS'));
  const chosen = normal instanceof PDFDict && state instanceof PDFName ? normal.lookup(state) : undefined;
  return chosen instanceof PDFStream ? chosen : null;
}

function readNumbers(value: unknown, count: number): number[] | null {
  if (!(value instanceof PDFArray) || value.size() !== count) return null;
  const numbers = value.asArray().map((_, i) => value.lookup(i));
  if (!numbers.every((number) => number instanceof PDFNumber)) return null;
  return numbers.map((number) => number.asNumber());
}

interface Box {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

function sortBox([x0 = 0, y0 = 0, x1 = 0, y1 = 0]: readonly number[]): Box {
  return { left: Math.min(x0, x1), bottom: Math.min(y0, y1), right: Math.max(x0, x1), top: Math.max(y0, y1) };
}

/** The upright box around a box after a transformation. */
function transformBox(box: readonly number[], [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0]: readonly number[]): Box {
  const { left, bottom, right, top } = sortBox(box);
  const corners = [[left, bottom], [right, bottom], [left, top], [right, top]] as const;
  const xs = corners.map(([x, y]) => a * x + c * y + e);
  const ys = corners.map(([x, y]) => b * x + d * y + f);
  return { left: Math.min(...xs), bottom: Math.min(...ys), right: Math.max(...xs), top: Math.max(...ys) };
}

function fit(from: Box, to: Box): Appearance['matrix'] | null {
  const [width, height] = [from.right - from.left, from.top - from.bottom];
  if (!(width > 0) || !(height > 0)) return null;
  const [sx, sy] = [(to.right - to.left) / width, (to.top - to.bottom) / height];
  return [sx, 0, 0, sy, to.left - from.left * sx, to.bottom - from.bottom * sy];
}
