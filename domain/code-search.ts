/**
 * How pictures are searched for codes with zxing, wherever that is done: measured on photographs made by others. The window's
 * worker and the privileged process take everything from here.
 */

/** How one frame is looked at: successive frames take turns, which reads more photographs than any second decoder. */
export interface LumaPass {
  readonly name: 'plain' | 'gamma 2' | 'gamma 0.5' | 'denoise';
  /** Above 1 opens highlights, below 1 shadows. */
  readonly gamma: number;
  /** Closes gaps in printed or blurred modules. */
  readonly denoise: boolean;
  /** How the smaller copies are made that are searched too. */
  readonly downscaleFactor: number;
  readonly downscaleThreshold: number;
}

const usual = { denoise: false, downscaleFactor: 3, downscaleThreshold: 500 };

/** In the order of what they add. */
export const lumaPasses: readonly [LumaPass, ...LumaPass[]] = [
  { name: 'plain', gamma: 1, ...usual },
  { name: 'gamma 2', gamma: 2, ...usual },
  { name: 'gamma 0.5', gamma: 0.5, ...usual },
  { name: 'denoise', gamma: 1, denoise: true, downscaleFactor: 2, downscaleThreshold: 300 },
];

/** The kind of QR Code that service codes are shown in: `QRCode` would also look for Micro QR and find phantoms inside real codes. */
export const serviceCodeFormats = ['QRCodeModel2'] as const;

/** Kinds that cannot be service codes, looked for to be able to say what it is. */
export const otherCodeFormats = ['Code128', 'Code39', 'Code93', 'Codabar', 'ITF', 'EANUPC', 'PDF417', 'DataMatrix', 'Aztec'] as const;

/** Every effort; the default text mode would rewrite GS1 contents for people. */
export const searchEffort = { tryHarder: true, tryRotate: true, tryInvert: true, tryDownscale: true, textMode: 'Plain' } as const;

/** The table that maps each brightness through a gamma curve. */
export function gammaTable(gamma: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, value) => Math.round(255 * (value / 255) ** gamma));
}
