import type { CanvasKit, Picture } from './canvas.ts';
import { decodeJbig2 } from './jbig2-picture.ts';
import { decodeJpeg2000, readJpeg2000Facts } from './jpeg2000-picture.ts';
import type { OfdLimits } from './limits.ts';
import { type PictureFacts, readPictureFacts } from './picture-size.ts';
import { paintSvg } from './svg-picture.ts';
import { decodeTiff, type TiffPicture } from './tiff-picture.ts';
import { readyDecoder } from './wasm-decoders.ts';

/** Decodes a picture of a document by what its bytes are, not by what it is called; null when it is unknown, broken or too large. */
export async function decodePicture(bytes: Uint8Array, kit: CanvasKit, limits: OfdLimits): Promise<Picture | null> {
  const facts = readPictureFacts(bytes);
  if (facts === null || facts.width < 1 || facts.height < 1 || facts.width * facts.height > limits.imagePixels) return null;
  if (facts.kind === 'tiff') return drawTiff(decodeTiff(bytes, limits), kit);
  if (facts.kind === 'jbig2') {
    const grey = (await readyDecoder('jbig2', kit)) ? await decodeJbig2(bytes, facts) : null;
    return toPicture(grey === null ? null : greyToRgba(grey), facts, kit);
  }
  if (facts.kind === 'jpeg2000') {
    const header = readJpeg2000Facts(bytes);
    return header !== null && (await readyDecoder('openjpeg', kit)) ? toPicture(await decodeJpeg2000(bytes, header), facts, kit) : null;
  }
  if (facts.kind === 'svg') return paintSvg(bytes, kit, limits);
  return facts.kind === 'ofd' ? null : kit.decodePicture(bytes);
}

function toPicture(rgba: Uint8Array | Uint8ClampedArray | null, { width, height }: Pick<PictureFacts, 'width' | 'height'>, kit: CanvasKit): Picture | null {
  if (rgba === null || rgba.length !== width * height * 4) return null;
  const { canvas, context } = kit.createSurface(width, height);
  const pixels = context.createImageData(width, height);
  pixels.data.set(rgba);
  context.putImageData(pixels, 0, 0);
  return { drawable: canvas, width, height };
}

async function drawTiff(tiff: TiffPicture | null, kit: CanvasKit): Promise<Picture | null> {
  if (tiff === null) return null;
  const { width, height } = tiff;
  if (tiff.kind === 'pixels') return toPicture(tiff.rgba, tiff, kit);
  const { canvas, context } = kit.createSurface(width, height);
  let drawn = 0;
  for (const { jpeg, ...place } of tiff.pieces) {
    const facts = readPictureFacts(jpeg);
    // A strip that says it is larger than its place is not decoded.
    if (facts === null || facts.width > place.width || facts.height > place.height + 16) continue;
    const picture = await kit.decodePicture(jpeg);
    if (picture === null) continue;
    context.drawImage(picture.drawable, place.x, place.y, picture.width, picture.height);
    drawn += 1;
  }
  return drawn === 0 ? null : { drawable: canvas, width, height };
}

function greyToRgba(grey: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(grey.length * 4);
  for (const [at, level] of grey.entries()) rgba.set([level, level, level, 255], at * 4);
  return rgba;
}
