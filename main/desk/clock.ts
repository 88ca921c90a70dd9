/** What is known of this machine's clock: `offsetMs` is the platform's time minus ours; `confirmed` is the word of two people and no platform's. */
export interface ClockState {
  readonly state: 'synchronised' | 'confirmed' | 'unproven' | 'wrong';
  readonly offsetMs: number;
  readonly uncertaintyMs: number;
  readonly checkedAt: number | null;
}

/** Trusted time as the desk needs it. */
export interface DeskClock {
  state(): ClockState;
  /** What checks reckon with: never corrects by a platform that cannot be told from a wrong one. */
  forChecks(): { readonly offsetMs: number; readonly uncertaintyMs: number };
  /** One comparison: the platform's time minus ours, and how long the round trip took, ms. */
  observe(offsetMs: number, roundTripMs: number): void;
}
