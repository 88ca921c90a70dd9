/// <reference path="./pdfjs-decoders.d.ts" />
import { JpxImage } from 'pdfjs-dist/image_decoders/pdf.image_decoders.mjs';

/** What the header of a JPEG 2000 picture says (ITU-T T.800 A.5.1), before anything is decoded. */
export interface Jpeg2000Facts {
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

const mostComponents = 4;
const mostTiles = 4096;
/** SOC and SIZ, which follow one another; `jp2c`. */
const [startOfStream, streamBox] = [0xff4fff51, 0x6a703263];
const cmykSpace = 12;

/** Reads the size segment of a code stream, bare or in a JP2 file; null when there is none or its decoder would be made to work for nothing. */
export function readJpeg2000Facts(bytes: Uint8Array): Jpeg2000Facts | null {
  const at = findCodeStream(bytes);
  if (at === null || at + 42 > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
  const [right, bottom, left, top, tileWidth, tileHeight] = [8, 12, 16, 20, 24, 28].map((offset) => view.getUint32(offset));
  const components = view.getUint16(40);
  if (right === undefined || bottom === undefined || left === undefined || top === undefined || !tileWidth || !tileHeight) return null;
  const [width, height] = [right - left, bottom - top];
  if (width < 1 || height < 1 || components < 1 || components > mostComponents) return null;
  return Math.ceil(right / tileWidth) * Math.ceil(bottom / tileHeight) > mostTiles ? null : { width, height, components };
}

/** Where the code stream begins: at once, or in the first `jp2c` box (I.5.4) as its decoder finds it. What other boxes hold is none. */
function findCodeStream(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isStart = (at: number): boolean => at + 4 <= bytes.length && view.getUint32(at) === startOfStream;
  if (isStart(0)) return 0;
  for (let at = 0; at + 16 <= bytes.length; ) {
    const [length, type] = [view.getUint32(at), view.getUint32(at + 4)];
    const header = length === 1 ? 16 : 8;
    if (type === streamBox) return isStart(at + header) ? at + header : null;
    // A length of 64 bits that a file in memory cannot have is none, and behind a box without one there is no other.
    const size = length === 1 && view.getUint32(at + 8) === 0 ? view.getUint32(at + 12) : length;
    if (size < header) return null;
    at += size;
  }
  return null;
}

/** Decodes a picture whose header was read: grey, grey with alpha, RGB, RGB with alpha or CMYK, into RGBA; null when it is broken. */
export async function decodeJpeg2000(bytes: Uint8Array, { width, height }: Jpeg2000Facts): Promise<Uint8ClampedArray | null> {
  try {
    const samples = await JpxImage.instance.decode(bytes);
    const components = samples.length / (width * height);
    return Number.isInteger(components) && components >= 1 && components <= mostComponents ? toRgba(samples, components, components === 4 && isCmyk(bytes)) : null;
  } catch {
    // The decoder tells everything that is wrong with a picture by throwing.
    return null;
  }
}

/** The enumerated colour space of the `colr` box (I.5.3.3). */
function isCmyk(bytes: Uint8Array): boolean {
  const head = String.fromCodePoint(...bytes.subarray(0, 512));
  const box = head.indexOf('colr');
  return box > 0 && head.charCodeAt(box + 4) === 1 && head.charCodeAt(box + 10) === cmykSpace;
}

function toRgba(samples: Uint8ClampedArray, components: number, isInk: boolean): Uint8ClampedArray {
  const pixels = samples.length / components;
  const rgba = new Uint8ClampedArray(pixels * 4);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const [from, to] = [pixel * components, pixel * 4];
    const sample = (offset: number): number => samples[from + offset] ?? 0;
    const light = (ink: number): number => ((255 - sample(ink)) * (255 - sample(3))) / 255;
    for (let channel = 0; channel < 3; channel++) rgba[to + channel] = isInk ? light(channel) : sample(components < 3 ? 0 : channel);
    rgba[to + 3] = isInk || components % 2 === 1 ? 255 : sample(components - 1);
  }
  return rgba;
}
