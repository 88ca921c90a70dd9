import { readJpeg2000Facts } from './jpeg2000-picture.ts';
import { readTiffSize } from './tiff-picture.ts';

/** What a picture file says about itself before it is decoded. */
export interface PictureFacts {
  readonly kind: 'png' | 'jpeg' | 'gif' | 'bmp' | 'tiff' | 'jbig2' | 'jpeg2000' | 'svg' | 'ofd';
  readonly width: number;
  readonly height: number;
}

/** Reads kind and size from the first bytes, so that a picture that would fill the memory is never decoded; null for other files. */
export function readPictureFacts(bytes: Uint8Array): PictureFacts | null {
  if (bytes.length < 10) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  if (magic === 0x89504e47 && bytes.length >= 24) return { kind: 'png', width: view.getUint32(16), height: view.getUint32(20) };
  if (magic >>> 8 === 0xffd8ff) return readJpeg(view);
  if (magic === 0x47494638) return { kind: 'gif', width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (magic >>> 16 === 0x424d && bytes.length >= 26) return readBmp(view);
  if (magic === 0x49492a00 || magic === 0x4d4d002a) return readTiff(bytes);
  if (magic === 0x974a4232) return readJbig2(view);
  // A JP2 file's first box, or a bare code stream.
  if ((magic === 0x0000000c && view.getUint32(4) === 0x6a502020) || magic === 0xff4fff51) return readJpeg2000(bytes);
  if (isSvg(bytes)) return { kind: 'svg', width: svgSide, height: svgSide };
  return magic === 0x504b0304 ? { kind: 'ofd', width: 0, height: 0 } : null;
}

function readJpeg(view: DataView): PictureFacts | null {
  for (let at = 2; at + 9 < view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { kind: 'jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

function readBmp(view: DataView): PictureFacts {
  const isOld = view.getUint32(14, true) === 12;
  if (isOld) return { kind: 'bmp', width: view.getUint16(18, true), height: view.getUint16(20, true) };
  return { kind: 'bmp', width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
}

function readTiff(bytes: Uint8Array): PictureFacts | null {
  const size = readTiffSize(bytes);
  return size === null ? null : { kind: 'tiff', ...size };
}

function readJpeg2000(bytes: Uint8Array): PictureFacts | null {
  const facts = readJpeg2000Facts(bytes);
  return facts === null ? null : { kind: 'jpeg2000', width: facts.width, height: facts.height };
}

/** A drawing has no pixels of its own: its longer side becomes so many. */
export const svgSide = 1200;

function isSvg(bytes: Uint8Array): boolean {
  const head = new TextDecoder().decode(bytes.subarray(0, 1024)).trimStart();
  return head.startsWith('<') && /<(?:\w+:)?svg[\s>]/.test(head);
}

/** The page information segment comes first (ITU-T T.88 7.4.8). */
function readJbig2(view: DataView): PictureFacts | null {
  const header = jbig2HeaderLength(view.getUint8(8));
  if (header + 11 + 8 > view.byteLength || (view.getUint8(header + 4) & 0x3f) !== 48) return null;
  return { kind: 'jbig2', width: view.getUint32(header + 11), height: view.getUint32(header + 15) };
}

/** The length of a JBIG2 file header with these flags: the number of pages may be left out (T.88 D.4.3). */
export function jbig2HeaderLength(flags: number): number {
  return (flags & 2) === 0 ? 13 : 9;
}
