import { encodeQR } from 'qr';
import { type Colour, encodePng } from './png-file.ts';

/** Settings of a drawn code; `scale` is pixels per module. */
export interface CodePictureSettings {
  readonly scale?: number;
}

const quietModules = 4;
const white: Colour = [255, 255, 255];
const black: Colour = [0, 0, 0];
const markColour: Colour = [0x0b, 0x5f, 0xd9];

/**
 * Draws a service code as the presenter page shows it, as PNG bytes: QR, error correction Q, a quiet zone of 4 modules, and
 * a centre mark that covers less than 10 % of the symbol's area (C 0300-2021 6.1.1).
 */
export function drawCodePicture(text: string, { scale = 8 }: CodePictureSettings = {}): Uint8Array {
  const modules = encodeQR(text, 'raw', { ecc: 'quartile', border: quietModules });
  const mark = placeMark(modules.length - 2 * quietModules);
  return encodePng(modules.length * scale, (x, y) => {
    const column = x / scale;
    const row = y / scale;
    return mark(column, row) ?? (modules[Math.floor(row)]?.[Math.floor(column)] === true ? black : white);
  });
}

/** The mark: a blue square with a white tick on a white ground, a fifth of the symbol's side (4 % of its area). */
function placeMark(size: number): (column: number, row: number) => Colour | null {
  const half = size / 10;
  const centre = quietModules + size / 2;
  return (column, row) => {
    const x = (column - centre) / half;
    const y = (row - centre) / half;
    const reach = Math.max(Math.abs(x), Math.abs(y));
    if (reach > 1) return null;
    if (reach > 0.84) return white;
    const isTick = x < -0.1 ? x > -0.5 && Math.abs(y - x - 0.4) < 0.2 : x < 0.5 && Math.abs(y + x - 0.2) < 0.2;
    return isTick ? white : markColour;
  };
}
