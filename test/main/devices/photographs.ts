import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeLuma, type LumaImage } from '../../../main/devices/image-pixels.ts';

/** One line of the truth that lies beside the photographs. */
export interface Photograph {
  readonly file: string;
  /** Who made it, of what kind. */
  readonly set: string;
  /** What its code says; null where nobody knows. */
  readonly payload: string | null;
  /** How many codes are in view, where that was counted. */
  readonly symbols?: number;
}

// Kept beside the repository: their makers state no licence.
const folder = path.resolve(import.meta.dirname, '../../../../shared/data/qr');

/** Why the photographs cannot be used, or null. */
export const absent = existsSync(path.join(folder, 'truth.json')) ? null : 'the photographs ../shared/data/qr are not here';

/** All photographs with what is known of them. */
export function listPhotographs(): readonly Photograph[] {
  return absent === null ? (JSON.parse(readFileSync(path.join(folder, 'truth.json'), 'utf8')) as Photograph[]) : [];
}

/** A photograph's brightness. */
export function readPhotograph({ file }: Photograph): LumaImage {
  const image = decodeLuma(readFileSync(path.join(folder, file)));
  if (!image.ok) throw new Error(`${file} is not a picture`);
  return image.value;
}
