import {
  binarizers,
  characterSets,
  eanAddOnSymbols,
  encodeFormats,
  prepareZXingModule,
  type ReadInputBarcodeFormat,
  textModes,
  type ZXingReaderModule,
  type ZXingReadResult,
} from 'zxing-wasm/reader';
import { type LumaPass, lumaPasses, otherCodeFormats, searchEffort, serviceCodeFormats } from '../../domain/code-search.ts';
import type { Corner, FoundCode } from './decoder-messages.ts';
import { bendLuma, type Luma, passOfFrame } from './luma.ts';
import { longestSide } from './outline.ts';

/** Reads codes from brightness values. */
export interface CodeDecoder {
  /** One look at one camera frame; `unread` are the outlines of codes that are there but too damaged, small or blurred. */
  readonly readFrame: (luma: Luma, pass: LumaPass) => { readonly codes: readonly FoundCode[]; readonly unread: readonly (readonly Corner[])[] };
  /** All looks at a picture, stopping at the first that finds something. */
  readonly readPicture: (luma: Luma) => readonly FoundCode[];
  /** One look at a picture for the kinds of code that cannot be service codes, to be able to say what it is. */
  readonly readOtherKinds: (luma: Luma) => readonly FoundCode[];
}

/** Pixels below which an outline is no place that anybody could be shown. */
const leastSide = 20;

/** Enough to say that there are several, few enough to be quick. */
const mostSymbols = 4;

/** Loads the decoder from a file of this window, or from that file's bytes; nothing is fetched from elsewhere. */
export async function createCodeDecoder(wasm: string | ArrayBuffer): Promise<CodeDecoder> {
  const overrides = typeof wasm === 'string' ? { locateFile: () => wasm } : { wasmBinary: wasm };
  const module = (await prepareZXingModule({ overrides, fireImmediately: true })) as Module;
  return {
    readFrame: (luma, pass) => {
      const found = readLuma(module, luma, pass, serviceCodeFormats);
      const unread = found.filter((result) => !isCode(result)).map(cornersOf);
      return { codes: found.filter(isCode).map(toFoundCode), unread: unread.filter((corners) => longestSide(corners) >= leastSide) };
    },
    readPicture: (luma) => {
      for (const pass of lumaPasses) {
        const codes = readLuma(module, luma, pass, serviceCodeFormats).filter(isCode).map(toFoundCode);
        if (codes.length > 0) return codes;
      }
      return [];
    },
    readOtherKinds: (luma) => readLuma(module, luma, passOfFrame(0), otherCodeFormats).filter(isCode).map(toFoundCode),
  };
}

/** The parts of an Emscripten module that its published types leave out. */
interface Memory {
  readonly HEAPU8: Uint8Array;
  readonly _malloc: (size: number) => number;
  readonly _free: (place: number) => void;
}

type Module = ZXingReaderModule & Memory;

function readLuma(module: Module, luma: Luma, pass: LumaPass, formats: readonly ReadInputBarcodeFormat[]): readonly ZXingReadResult[] {
  const place = module._malloc(luma.values.length);
  try {
    bendLuma(luma.values, pass.gamma, module.HEAPU8.subarray(place, place + luma.values.length));
    const found = module.readBarcodesFromPixmap(place, luma.width, luma.height, {
      formats: encodeFormats([...formats]),
      ...searchEffort,
      tryDenoise: pass.denoise,
      downscaleFactor: pass.downscaleFactor,
      downscaleThreshold: pass.downscaleThreshold,
      binarizer: binarizers.indexOf('LocalAverage'),
      isPure: false,
      minLineCount: 2,
      maxNumberOfSymbols: mostSymbols,
      validateOptionalChecksum: false,
      // A code that is seen but not read is worth a hint to whoever holds it.
      returnErrors: formats === serviceCodeFormats,
      eanAddOnSymbol: eanAddOnSymbols.indexOf('Ignore'),
      textMode: textModes.indexOf(searchEffort.textMode),
      characterSet: characterSets.indexOf('Unknown'),
      tryCode39ExtendedMode: true,
    });
    return Array.from({ length: found.size() }, (_, index) => found.get(index)).filter((result) => result !== undefined);
  } finally {
    module._free(place);
  }
}

function isCode(result: ZXingReadResult): boolean {
  return result.isValid && result.bytes.length > 0;
}

function cornersOf({ position: { topLeft, topRight, bottomRight, bottomLeft } }: ZXingReadResult): readonly Corner[] {
  return [topLeft, topRight, bottomRight, bottomLeft].map(({ x, y }) => ({ x, y }));
}

function toFoundCode(result: ZXingReadResult): FoundCode {
  return {
    // Bytes under a declared character set are handed on as the text they spell.
    bytes: result.hasECI ? new TextEncoder().encode(result.text) : result.bytes.slice(),
    symbology: result.symbologyIdentifier === '' ? result.format : result.symbologyIdentifier,
    corners: cornersOf(result),
  };
}
