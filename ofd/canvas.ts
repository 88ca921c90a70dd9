import type { FontResource } from './resources.ts';

/** What can be put on a canvas: a canvas, a bitmap or an image of the platform. */
export type Drawable = object;

/** The part of a path object that is used; that of browsers and of Canvas libraries for Node have it. */
export interface PathSink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  quadraticCurveTo(cx: number, cy: number, x: number, y: number): void;
  bezierCurveTo(ax: number, ay: number, bx: number, by: number, x: number, y: number): void;
  closePath(): void;
}

/** A gradient that colours are put into. */
export interface GradientSink {
  addColorStop(offset: number, color: string): void;
}

/** The part of CanvasRenderingContext2D that is used. */
export interface Context {
  fillStyle: string | object;
  strokeStyle: string | object;
  globalAlpha: number;
  globalCompositeOperation: string;
  lineWidth: number;
  lineCap: string;
  lineJoin: string;
  miterLimit: number;
  lineDashOffset: number;
  font: string;
  imageSmoothingEnabled: boolean;
  imageSmoothingQuality: string;
  /** Only Canvas libraries have it: browsers choose the weight of a variable font by themselves. */
  fontVariationSettings?: string;
  save(): void;
  restore(): void;
  setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  setLineDash(pattern: number[]): void;
  beginPath(): void;
  rect(x: number, y: number, width: number, height: number): void;
  clip(path?: object, rule?: 'nonzero' | 'evenodd'): void;
  fill(path: object, rule?: 'nonzero' | 'evenodd'): void;
  stroke(path: object): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  clearRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  strokeText(text: string, x: number, y: number): void;
  measureText(text: string): { readonly width: number };
  drawImage(image: Drawable, x: number, y: number, width: number, height: number): void;
  createLinearGradient(x0: number, y0: number, x1: number, y1: number): GradientSink;
  createRadialGradient(x0: number, y0: number, r0: number, x1: number, y1: number, r1: number): GradientSink;
  createImageData(width: number, height: number): { readonly data: Uint8ClampedArray };
  getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
  putImageData(pixels: object, x: number, y: number): void;
}

/** A canvas of the platform with its context. */
export interface Surface {
  readonly canvas: Drawable;
  readonly context: Context;
  readonly width: number;
  readonly height: number;
}

/** A picture ready to be drawn, with its size in pixels. */
export interface Picture {
  readonly drawable: Drawable;
  readonly width: number;
  readonly height: number;
}

/** What is wanted of a font that stands in for one that is not embedded, or for a glyph that the embedded one lacks. */
export interface FontRequest {
  readonly font: FontResource | null;
  readonly weight: number;
}

/** The fonts that stand in: the caller's own, never the document's. */
export interface FallbackFonts {
  /** Makes ready what these characters need; called before anything is painted. */
  prepare(request: FontRequest, characters: string): Promise<void>;
  /** The CSS family list for one character. */
  familyOf(request: FontRequest, character: string): string;
}

/** What the library needs of the platform: it opens no file, no address and no font by itself. */
export interface CanvasKit {
  createSurface(width: number, height: number): Surface;
  /** An empty path, or one of path data as SVG writes it. */
  createPath(data?: string): PathSink;
  /** Decodes PNG, JPEG, GIF or BMP, whose size has been checked; null when it cannot. */
  decodePicture(bytes: Uint8Array): Promise<Picture | null>;
  /** The bytes of `jbig2.wasm` or `openjpeg.wasm` of pdf.js; null leaves JBIG2 or JPEG 2000 pictures out. */
  wasmDecoder(name: 'jbig2' | 'openjpeg'): Promise<Uint8Array | null>;
  readonly fallbackFonts: FallbackFonts;
}
