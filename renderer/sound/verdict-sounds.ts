import type { VerdictState } from '../../domain/verdict.ts';

/** One tone: when it starts, how long, how high, and where it glides to. Seconds and hertz. */
export interface Tone {
  readonly at: number;
  readonly lasts: number;
  readonly from: number;
  readonly to: number;
}

export type SoundName = VerdictState | 'click';

const rising: readonly Tone[] = [
  { at: 0, lasts: 0.11, from: 659, to: 659 },
  { at: 0.11, lasts: 0.2, from: 988, to: 988 },
];
const falling: readonly Tone[] = [
  { at: 0, lasts: 0.16, from: 440, to: 415 },
  { at: 0.17, lasts: 0.32, from: 294, to: 247 },
];
const twoTones: readonly Tone[] = [
  { at: 0, lasts: 0.13, from: 587, to: 587 },
  { at: 0.2, lasts: 0.13, from: 587, to: 587 },
];
const low: readonly Tone[] = [{ at: 0, lasts: 0.28, from: 330, to: 330 }];
const click: readonly Tone[] = [{ at: 0, lasts: 0.03, from: 1200, to: 900 }];

/** Four sounds that cannot be taken for each other or for a scanner's own beep: pass, stop, wait, wrong code; and a click. */
export const verdictSounds = {
  verified: rising,
  provisional: twoTones,
  expired: falling,
  'already-used': falling,
  'signature-invalid': falling,
  malformed: low,
  'not-a-service-code': low,
  'platform-unknown': low,
  'out-of-scope': falling,
  'second-authentication': twoTones,
  'not-confirmed': falling,
  withdrawn: falling,
  'key-ended': falling,
  'key-unknown': twoTones,
  'data-missing': twoTones,
  'platform-down': twoTones,
  'refused-by-platform': falling,
  'clock-wrong': falling,
  click,
} as const satisfies Record<SoundName, readonly Tone[]>;
