import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PNG } from 'pngjs';
import type { GreyImage } from '../../hanxin/index.ts';

/** One line of the truth that lies beside the pictures. */
export interface Truth {
  readonly file: string;
  readonly category: string;
  readonly symbology: 'hanxin' | 'qr' | 'none';
  readonly payload: string;
  readonly payload_encoding: 'utf8' | 'base64';
  readonly bytes_b64: string;
  readonly version: number;
  readonly ecc: string;
  readonly mask: number;
  readonly eci: number;
  readonly corners: readonly (readonly [number, number])[];
}

const folder = path.resolve(import.meta.dirname, '../../../shared/data/hanxin');

/** Why the pictures cannot be used, or null. */
export const absent = existsSync(path.join(folder, 'truth.json')) ? null : 'the picture set ../shared/data/hanxin is not here';

/** The truth of every picture. */
export function readTruth(): readonly Truth[] {
  return absent === null ? (JSON.parse(readFileSync(path.join(folder, 'truth.json'), 'utf8')) as Truth[]) : [];
}

/** A picture as grey. */
export function readPicture(file: string): GreyImage {
  const png = PNG.sync.read(readFileSync(path.join(folder, file)));
  const data = new Uint8Array(png.width * png.height);
  for (let i = 0; i < data.length; i++) data[i] = png.data[4 * i]!;
  return { width: png.width, height: png.height, data };
}
