import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { prepareZXingModule, purgeZXingModule, readBarcodes, type ReaderOptions, type ReadResult } from 'zxing-wasm/reader';
import { gammaTable, lumaPasses, otherCodeFormats, searchEffort, serviceCodeFormats } from '../../domain/code-search.ts';
import { ok, type Result } from '../../domain/failure.ts';
import { createVideoSession, type FoundSymbol, type GreyPicture, type Stage } from '../../hanxin/index.ts';
import { decodeLuma, type LumaImage } from './image-pixels.ts';
import { readUndeclaredText } from './undeclared-text.ts';

/** One code found in a picture; corners clockwise from the top left of the symbol, in pixels of the picture. */
export interface ImageCode {
  /** AIM identifier (`]Q1`, `]h0`) where the reader knows it, else the reader's name. */
  readonly symbology: string;
  readonly format: string;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly corners: readonly { readonly x: number; readonly y: number }[];
}

/** Which codes are looked for: QR Code and Han Xin Code always, the common linear codes on request. */
export interface ImageReadOptions {
  readonly linear?: boolean;
  /** Sees each stage of each look for Han Xin codes as a picture; costs time. */
  readonly onStage?: (stage: HanXinStage) => void;
}

/** What one stage of one look saw; looks are counted from 1. */
export interface HanXinStage {
  readonly look: number;
  readonly stage: Stage;
  readonly picture: GreyPicture;
}

/** Reads codes from pictures. */
export interface ImageReader {
  /** All codes of a PNG or JPEG, none being an empty list; fails with `scan/unreadable-image`, never rejects. */
  readCodes(bytes: Uint8Array, options?: ImageReadOptions): Promise<Result<ImageCode[]>>;
  /** The same from brightness values that are at hand. */
  readLuma(image: LumaImage, options?: ImageReadOptions): Promise<ImageCode[]>;
}

/** Looks at a picture in which nothing is found: one of each strategy of the Han Xin session. */
const mostLooks = 4;

/** What the decoder calls no limit. */
const everySymbol = 0;

/** Milliseconds after which a look tries nothing further. */
const lookBudget = 400;

/** A picture with a longer side is not looked at for Han Xin codes: its reader takes no longer ones. */
const longestSide = 8192;

/**
 * Creates a reader around the decoder's WebAssembly file of the installed package; the file is opened at the first use.
 * `now` is a clock in milliseconds that never goes back.
 */
export function createImageReader(now: () => number = () => performance.now()): ImageReader {
  const decoder: { ready: Promise<unknown> | null } = { ready: null };

  const readBars = async (image: LumaImage, formats: NonNullable<ReaderOptions['formats']>): Promise<ImageCode[]> => {
    decoder.ready ??= prepareDecoder();
    await decoder.ready;
    try {
      return await readPasses(image, formats);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'RuntimeError')) throw error;
      // Some pictures trap the decoder (a white strip of 9000 × 90 does), and a trapped one reads nothing right any more.
      purgeZXingModule();
      decoder.ready = null;
      return [];
    }
  };

  const readLuma = async (image: LumaImage, options: ImageReadOptions = {}): Promise<ImageCode[]> => {
    const codes = await readBars(image, [...serviceCodeFormats, ...(options.linear === true ? otherCodeFormats : [])]);
    return [...codes, ...readHanXin(image, codes.length > 0 ? 1 : mostLooks, now, options.onStage)];
  };

  return {
    readLuma,
    readCodes: async (bytes, options) => {
      const image = decodeLuma(bytes);
      return image.ok ? ok(await readLuma(image.value, options)) : image;
    },
  };
}

async function prepareDecoder(): Promise<void> {
  const file = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  // Handed over as bytes: by itself the library would fetch the file from a public server.
  await prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(file).buffer }, fireImmediately: true });
}

async function readPasses(image: LumaImage, formats: NonNullable<ReaderOptions['formats']>): Promise<ImageCode[]> {
  for (const { gamma, denoise, downscaleFactor, downscaleThreshold } of lumaPasses) {
    const results = await readBarcodes(toPixels(image, gamma), { ...searchEffort, tryDenoise: denoise, downscaleFactor, downscaleThreshold, maxNumberOfSymbols: everySymbol, formats });
    const codes = results.filter(({ isValid, bytes }) => isValid && bytes.length > 0).map(toImageCode);
    if (codes.length > 0) return codes;
  }
  return [];
}

/** Looks until something is found. A session of its own for each picture: what the last one showed says nothing about this one. */
function readHanXin({ width, height, luma }: LumaImage, looks: number, now: () => number, onStage: ImageReadOptions['onStage']): ImageCode[] {
  if (Math.max(width, height) > longestSide) return [];
  const state = { look: 1 };
  const report = (stage: Stage, draw: () => GreyPicture) => onStage?.({ look: state.look, stage, picture: draw() });
  const session = createVideoSession({ now, budget: lookBudget, ...(onStage === undefined ? {} : { onStage: report }) });
  for (; state.look <= looks; state.look++) {
    const { symbols } = session.read({ width, height, data: luma });
    if (symbols.length > 0) return symbols.map(toHanXinCode);
  }
  return [];
}

function toHanXinCode({ symbologyIdentifier, text, bytes, corners, mirrored }: FoundSymbol): ImageCode {
  const [topLeft, topRight, bottomRight, bottomLeft] = corners;
  return {
    symbology: symbologyIdentifier,
    format: 'HanXin',
    text,
    bytes,
    corners: mirrored ? [topLeft, bottomLeft, bottomRight, topRight] : corners,
  };
}

function toImageCode(result: ReadResult): ImageCode {
  const { topLeft, topRight, bottomRight, bottomLeft } = result.position;
  return {
    symbology: result.symbologyIdentifier === '' ? result.format : result.symbologyIdentifier,
    format: result.format,
    text: result.hasECI ? result.text : readUndeclaredText(result.bytes),
    bytes: result.bytes.slice(),
    corners: [topLeft, topRight, bottomRight, bottomLeft],
  };
}

/** The decoder takes what a canvas would give it. */
function toPixels({ width, height, luma }: LumaImage, gamma: number): Parameters<typeof readBarcodes>[0] & object {
  const curve = gammaTable(gamma);
  const data = new Uint8ClampedArray(luma.length * 4);
  const pixels = new Uint32Array(data.buffer);
  for (let i = 0; i < luma.length; i++) pixels[i] = 0xff000000 | ((curve[luma[i] ?? 0] ?? 0) * 0x010101);
  return { width, height, data, colorSpace: 'srgb' };
}
