import type { FoundCode } from './decoder-messages.ts';

/** Decides, frame by frame, which code is meant. */
export interface CodeChooser {
  /** The code of these frames once it is certain, else null; and whether different codes are in view. */
  readonly push: (codes: readonly FoundCode[]) => { readonly code: FoundCode | null; readonly areSeveral: boolean };
}

/** Two rounds of the passes: what any of them saw counts. */
const memoryFrames = 8;
const leastSightings = 2;
/** Every pass has looked once: what only one of them can see beside the first code has been seen. */
const roundFrames = 4;

/** A code is certain when a whole round of the passes after its first sighting it was seen again, and in the last eight frames no other was. */
export function createCodeChooser(): CodeChooser {
  let memory: (readonly FoundCode[])[] = [];
  return {
    push: (codes) => {
      memory = [...memory, codes].slice(-memoryFrames);
      const sightings = memory.flat();
      const [first] = sightings;
      const areSeveral = first !== undefined && sightings.some((other) => !isSame(other, first));
      const since = memory.length - memory.findIndex((seen) => seen.length > 0);
      const [code = null] = codes;
      const isCertain = !areSeveral && sightings.length >= leastSightings && since >= roundFrames;
      return { code: isCertain ? code : null, areSeveral };
    },
  };
}

function isSame(one: FoundCode, other: FoundCode): boolean {
  return one.bytes.length === other.bytes.length && one.bytes.every((byte, index) => byte === other.bytes[index]);
}
