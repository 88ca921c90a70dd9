/// <reference path="./pdfjs-decoders.d.ts" />
import { Jbig2Image } from 'pdfjs-dist/image_decoders/pdf.image_decoders.mjs';
import type { PictureFacts } from './picture-size.ts';
import { jbig2HeaderLength } from './picture-size.ts';

/** Decodes a JBIG2 file of one page in sequential order into one byte a pixel, 0 for black; null when it is broken or otherwise ordered. */
export async function decodeJbig2(bytes: Uint8Array, { width, height }: PictureFacts): Promise<Uint8Array | null> {
  const flags = bytes[8] ?? 0;
  if ((flags & 1) === 0) return null;
  try {
    const packed = await Jbig2Image.instance.decode(bytes.subarray(jbig2HeaderLength(flags)), width, height, null, null);
    return unpackBits(packed, width, height);
  } catch {
    return null;
  }
}

function unpackBits(packed: Uint8Array, width: number, height: number): Uint8Array | null {
  const row = Math.ceil(width / 8);
  if (packed.length < row * height) return null;
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) pixels[y * width + x] = (((packed[y * row + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1) === 1 ? 255 : 0;
  return pixels;
}
