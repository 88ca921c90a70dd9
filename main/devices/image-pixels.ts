/// <reference path="./pngjs.d.ts" />
import { decode as decodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { fail, ok, type Result } from '../../domain/failure.ts';

/** One byte of brightness a pixel, row by row. */
export interface LumaImage {
  readonly width: number;
  readonly height: number;
  readonly luma: Uint8Array;
}

/** The largest picture that is opened at all: 40 million pixels, 30 MB. */
export const imageLimits = { pixels: 40_000_000, bytes: 30_000_000, side: 20_000, jpegScans: 64 } as const;

/**
 * Decodes a PNG or JPEG to brightness; size and pixel count are read from the header and refused before anything is
 * inflated (threat T9). Fails with `scan/unreadable-image`; never throws.
 */
export function decodeLuma(bytes: Uint8Array): Result<LumaImage> {
  if (bytes.length > imageLimits.bytes) return fail('scan/unreadable-image', 'bytes');
  const size = readPngSize(bytes) ?? readJpegSize(bytes);
  if (size === null) return fail('scan/unreadable-image', 'not a PNG or JPEG picture');
  const { width, height } = size;
  if (width < 1 || height < 1 || width > imageLimits.side || height > imageLimits.side || width * height > imageLimits.pixels) {
    return fail('scan/unreadable-image', 'pixels');
  }
  try {
    const rgba = size.format === 'png' ? PNG.sync.read(Buffer.from(bytes)) : readJpeg(bytes);
    // Both libraries take the size from the same header; a picture that turns out otherwise is not to be trusted.
    if (rgba.width !== width || rgba.height !== height || rgba.data.length !== width * height * 4) {
      return fail('scan/unreadable-image', 'the picture is not of the size that its header says');
    }
    return ok({ width, height, luma: toLuma(rgba.data) });
  } catch {
    // The libraries tell a damaged picture by throwing only.
    return fail('scan/unreadable-image', 'the picture is damaged');
  }
}

function readJpeg(bytes: Uint8Array) {
  return decodeJpeg(bytes, { useTArray: true, formatAsRGBA: true, maxResolutionInMP: 40, maxMemoryUsageInMB: 768 });
}

interface ImageSize {
  readonly format: 'png' | 'jpeg';
  readonly width: number;
  readonly height: number;
}

function readPngSize(bytes: Uint8Array): ImageSize | null {
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  if (bytes.length < 24 || signature.some((byte, i) => bytes[i] !== byte)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { format: 'png', width: view.getUint32(16), height: view.getUint32(20) };
}

/** Walks the segments up to the first scan; null when no frame header is found or the file asks for too many passes. */
function readJpegSize(bytes: Uint8Array): ImageSize | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8 || countScans(bytes) > imageLimits.jpegScans) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { format: 'jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    // 0xff may be repeated as filling in front of a marker.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return null;
}

/** Every scan of a progressive JPEG goes over all pixels again, however few bytes it has. */
function countScans(bytes: Uint8Array): number {
  let scans = 0;
  for (let at = 0; at + 1 < bytes.length; at++) if (bytes[at] === 0xff && bytes[at + 1] === 0xda) scans += 1;
  return scans;
}

/** ITU-R BT.601 weights in 1/1024; transparent pixels are laid on white paper. */
function toLuma(rgba: Uint8Array): Uint8Array {
  const luma = new Uint8Array(rgba.length / 4);
  const view = new DataView(rgba.buffer, rgba.byteOffset, rgba.length);
  for (let i = 0; i < luma.length; i++) {
    const pixel = view.getUint32(i * 4);
    const opaque = ((pixel >>> 24) * 306 + ((pixel >>> 16) & 255) * 601 + ((pixel >>> 8) & 255) * 117) >>> 10;
    const alpha = pixel & 255;
    luma[i] = alpha === 255 ? opaque : (opaque * alpha + 255 * (255 - alpha)) / 255;
  }
  return luma;
}
