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
const headerSearch = 64 * 1024;
const cmykSpace = 12;

/** Reads the size segment of a code stream, bare or in a JP2 file; null when there is none or its decoder would be made to work for nothing. */
export function readJpeg2000Facts(bytes: Uint8Array): Jpeg2000Facts | null {
  const at = findMarker(bytes);
  if (at === null || at + 42 > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
  const [right, bottom, left, top, tileWidth, tileHeight] = [8, 12, 16, 20, 24, 28].map((offset) => view.getUint32(offset));
  const components = view.getUint16(40);
  if (right === undefined || bottom === undefined || left === undefined || top === undefined || !tileWidth || !tileHeight) return null;
  const [width, height] = [right - left, bottom - top];
  if (width < 1 || height < 1 || components < 1 || components > mostComponents) return null;
  return Math.ceil(right / tileWidth) * Math.ceil(bottom / tileHeight) > mostTiles ? null : { width, height, components };
}

/** SOC and SIZ, which follow one another. */
function findMarker(bytes: Uint8Array): number | null {
  const end = Math.min(bytes.length - 4, headerSearch);
  for (let at = 0; at <= end; at++) if (bytes[at] === 0xff && bytes[at + 1] === 0x4f && bytes[at + 2] === 0xff && bytes[at + 3] === 0x51) return at;
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
