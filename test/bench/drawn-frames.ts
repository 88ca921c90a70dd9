import { drawPixels, encodeHanXin, type GreyImage } from '../../hanxin/index.ts';
import { drawCodePicture } from '../../main/commands/code-picture.ts';
import { decodeLuma } from '../../main/devices/image-pixels.ts';

/** Pixels of a drawn camera frame. */
export const frame = { width: 1280, height: 720 } as const;

/** What a camera sees nearly always: wood grain, a sheet of print and sensor noise, edges of every direction. */
export function drawDesk(): Uint8Array {
  return new Uint8Array(frame.width * frame.height).map((_, index) => {
    const [x, y] = [index % frame.width, Math.floor(index / frame.width)];
    const grain = 120 + 30 * Math.sin(y / 9 + Math.sin(x / 140) * 3);
    const isPrint = x > 760 && x < 1200 && y > 90 && y < 640;
    const ink = y % 18 < 9 && (x * 7 + (y / 18 | 0) * 13) % 11 < 5 ? 60 : 225;
    return (isPrint ? ink : grain) + ((Math.imul(index, 2654435761) >>> 24) % 13) - 6;
  });
}

/** A picture held over a desk around `centreX`, askew by 9° and out of focus. */
export function holdBefore(ground: Uint8Array, { width, height, data }: GreyImage, centreX: number): Uint8Array {
  const [sine, cosine] = [Math.sin(0.16), Math.cos(0.16)];
  const sample = (x: number, y: number): number | null => {
    const [dx, dy] = [x - centreX, y - 360];
    const [u, v] = [dx * cosine + dy * sine + width / 2, dy * cosine - dx * sine + height / 2];
    return u < 0 || v < 0 || u >= width || v >= height ? null : 40 + ((data[Math.floor(v) * width + Math.floor(u)] ?? 0) * 170) / 255;
  };
  return ground.map((behind, index) => {
    const [x, y] = [index % frame.width, Math.floor(index / frame.width)];
    let sum = 0;
    for (const [dx, dy] of blur) sum += sample(x + dx, y + dy) ?? behind;
    return sum / blur.length;
  });
}

/** A QR code as grey, 6 pixels a module. */
export function drawQR(text: string): GreyImage {
  const picture = decodeLuma(drawCodePicture(text, { scale: 6 }));
  if (!picture.ok) throw new Error('the drawn code is no picture');
  return { width: picture.value.width, height: picture.value.height, data: picture.value.luma };
}

/** A Han Xin code as grey, 6 pixels a module. */
export function drawHanXin(text: string): GreyImage {
  const symbol = encodeHanXin(text);
  if (symbol === null) throw new Error('the text does not fit');
  return drawPixels(symbol, { moduleSize: 6 });
}

const blur = [-2, 0, 2].flatMap((dx) => [-2, 0, 2].map((dy) => [dx, dy] as const));
