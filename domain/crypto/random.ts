import { unmovedBytes } from './bytes.ts';

// Web Crypto, present in browsers, Electron and Node; the domain compiles without their types.
declare const crypto: { getRandomValues(target: Uint8Array): Uint8Array };

/** A source of n fresh, unpredictable bytes; handed in wherever randomness is needed, so that tests can fix it. */
export type RandomBytes = (n: number) => Uint8Array;

const largestRequest = 65_536;

/** The operating system's generator through Web Crypto; its bytes may become keys, so the collector leaves none of them behind. */
export const systemRandom: RandomBytes = (n) => {
  const bytes = unmovedBytes(n);
  // Web Crypto refuses more than 65,536 bytes in one call.
  for (let at = 0; at < n; at += largestRequest) crypto.getRandomValues(bytes.subarray(at, at + largestRequest));
  return bytes;
};
