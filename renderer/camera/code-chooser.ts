import type { FoundCode } from './decoder-messages.ts';

/** Decides, frame by frame, which code is meant. */
export interface CodeChooser {
  /** The code of these frames once it is certain, else null. */
  readonly push: (codes: readonly FoundCode[]) => FoundCode | null;
}

/** Two rounds of the passes: what any of them saw counts. */
const memoryFrames = 8;
const leastSightings = 2;

/** A code is certain when it was seen in two of the last eight frames and no other was: one pass may see only one of two. */
export function createCodeChooser(): CodeChooser {
  let memory: (readonly FoundCode[])[] = [];
  return {
    push: (codes) => {
      memory = [...memory, codes].slice(-memoryFrames);
      const [code] = codes;
      if (code === undefined) return null;
      const sightings = memory.flat();
      return sightings.every((other) => isSame(other, code)) && sightings.length >= leastSightings ? code : null;
    },
  };
}

function isSame(one: FoundCode, other: FoundCode): boolean {
  return one.bytes.length === other.bytes.length && one.bytes.every((byte, index) => byte === other.bytes[index]);
}
