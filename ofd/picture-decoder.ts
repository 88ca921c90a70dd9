import tiff from 'utif2';
import type { CanvasKit, Picture } from './canvas.ts';
import { decodeJbig2 } from './jbig2-picture.ts';
import type { OfdLimits } from './limits.ts';
import { cutTiff, type PictureFacts, readPictureFacts } from './picture-size.ts';

/** Decodes a picture of a document by what its bytes are, not by what it is called; null when it is unknown, broken or too large. */
export async function decodePicture(bytes: Uint8Array, kit: CanvasKit, limits: OfdLimits): Promise<Picture | null> {
  const facts = readPictureFacts(bytes);
  if (facts === null || facts.width < 1 || facts.height < 1 || facts.width * facts.height > limits.imagePixels) return null;
  if (facts.kind === 'tiff') return toPicture(decodeTiff(bytes), facts, kit);
  if (facts.kind === 'jbig2') {
    const decoder = await kit.jbig2Decoder();
    const grey = decoder === null ? null : await decodeJbig2(bytes, facts, decoder);
    return toPicture(grey === null ? null : greyToRgba(grey), facts, kit);
  }
  return facts.kind === 'ofd' ? null : kit.decodePicture(bytes);
}

function toPicture(rgba: Uint8Array | null, { width, height }: PictureFacts, kit: CanvasKit): Picture | null {
  if (rgba === null || rgba.length !== width * height * 4) return null;
  const { canvas, context } = kit.createSurface(width, height);
  const pixels = context.createImageData(width, height);
  pixels.data.set(rgba);
  context.putImageData(pixels, 0, 0);
  return { drawable: canvas, width, height };
}

function decodeTiff(bytes: Uint8Array): Uint8Array | null {
  const file = cutTiff(bytes).buffer;
  try {
    const [first] = tiff.decode(file);
    if (first === undefined) return null;
    tiff.decodeImage(file, first);
    return tiff.toRGBA8(first);
  } catch {
    return null;
  }
}

function greyToRgba(grey: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(grey.length * 4);
  for (const [at, level] of grey.entries()) rgba.set([level, level, level, 255], at * 4);
  return rgba;
}
