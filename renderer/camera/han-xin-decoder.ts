import { createVideoSession, type FoundSymbol } from '../../hanxin/index.ts';
import type { FoundCode } from './decoder-messages.ts';
import type { Luma } from './luma.ts';

/** Reads Han Xin codes from brightness values. */
export interface HanXinDecoder {
  /** One look at one camera frame; successive looks differ while nothing is found. */
  readonly readFrame: (luma: Luma) => readonly FoundCode[];
  /** Up to `looks` looks at a picture, stopping at the first that finds something. */
  readonly readPicture: (luma: Luma, looks: number) => readonly FoundCode[];
}

/** Milliseconds that a look may take before it tries nothing further: a frame must leave time for the QR reader. */
const frameBudget = 20;
const pictureBudget = 400;

/** Creates the decoder of a camera; `now` is a clock in milliseconds that never goes back. */
export function createHanXinDecoder(now: () => number): HanXinDecoder {
  const video = createVideoSession({ now, budget: frameBudget });
  return {
    readFrame: (luma) => video.read(toGrey(luma)).symbols.map(toFoundCode),
    readPicture: (luma, looks) => {
      // What the camera showed last says nothing about a picture.
      const session = createVideoSession({ now, budget: pictureBudget });
      for (let look = 0; look < looks; look++) {
        const { symbols } = session.read(toGrey(luma));
        if (symbols.length > 0) return symbols.map(toFoundCode);
      }
      return [];
    },
  };
}

function toGrey({ width, height, values }: Luma): { width: number; height: number; data: Uint8Array } {
  return { width, height, data: values };
}

function toFoundCode({ symbologyIdentifier, eci, text, bytes, corners }: FoundSymbol): FoundCode {
  return {
    // Bytes under a declared character set are handed on as the text they spell.
    bytes: eci === null ? bytes : new TextEncoder().encode(text),
    symbology: symbologyIdentifier,
    corners: corners.map(({ x, y }) => ({ x, y })),
  };
}
