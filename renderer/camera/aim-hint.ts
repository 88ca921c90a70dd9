import type { Corner } from './decoder-messages.ts';
import type { Exposure } from './exposure.ts';
import { longestSide } from './outline.ts';

/** What would help a code to be read. */
export type AimHint = 'closer' | 'away' | 'still' | 'bright' | 'dark';

/** What one frame showed. */
export interface FrameSight {
  readonly width: number;
  readonly height: number;
  /** How many codes were read. */
  readonly codes: number;
  /** Outlines of what is certainly a code but could not be read. */
  readonly unread: readonly (readonly Corner[])[];
  readonly exposure: Exposure;
}

/** Says what to change when nothing has been read for a while. */
export interface AimHints {
  /** The advice after this frame, or null while there is nothing to say. */
  readonly push: (sight: FrameSight) => AimHint | null;
}

/** A second and a half of frames: an advice that changes faster cannot be followed. */
const memoryFrames = 45;
/** The passes see a code in one frame of a few; light is seen in every frame. */
const leastUnread = 8;
const leastExposed = 30;
/** A code of which less than this share of the height is seen is held too far away. */
const smallShare = 0.22;
const edge = 0.01;

/** Creates the advice for one camera; a code that is read silences it at once. */
export function createAimHints(): AimHints {
  let memory: (AimHint | null)[] = [];
  return {
    push: (sight) => {
      memory = sight.codes > 0 ? [] : [...memory, hintOf(sight)].slice(-memoryFrames);
      const count = (hint: AimHint): number => memory.filter((other) => other === hint).length;
      const places = (['closer', 'away', 'still'] as const).toSorted((a, b) => count(b) - count(a));
      const [place = 'still'] = places;
      if (places.reduce((sum, hint) => sum + count(hint), 0) >= leastUnread) return place;
      return (['bright', 'dark'] as const).find((hint) => count(hint) >= leastExposed) ?? null;
    },
  };
}

/** A code in sight matters more than the light around it. */
function hintOf({ width, height, unread, exposure }: FrameSight): AimHint | null {
  const [corners] = unread;
  if (corners === undefined) return exposure === 'fine' ? null : exposure;
  if (corners.some(({ x, y }) => x < edge * width || y < edge * height || x > width * (1 - edge) || y > height * (1 - edge))) return 'away';
  return longestSide(corners) < smallShare * height ? 'closer' : 'still';
}
