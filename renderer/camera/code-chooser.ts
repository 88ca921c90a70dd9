import type { FoundCode } from './decoder-messages.ts';

/** Decides, frame by frame, which code is meant. */
export interface CodeChooser {
  /** The code of these frames once it is certain, else null; and whether different codes are in view. */
  readonly push: (codes: readonly FoundCode[]) => { readonly code: FoundCode | null; readonly areSeveral: boolean };
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
      const sightings = memory.flat();
      const [first] = sightings;
      const areSeveral = first !== undefined && sightings.some((other) => !isSame(other, first));
      const [code] = codes;
      return { code: code === undefined || areSeveral || sightings.length < leastSightings ? null : code, areSeveral };
    },
  };
}

function isSame(one: FoundCode, other: FoundCode): boolean {
  return one.bytes.length === other.bytes.length && one.bytes.every((byte, index) => byte === other.bytes[index]);
}
