import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { BinaryBitmap, DecodeHintType, HybridBinarizer, QRCodeReader, RGBLuminanceSource } from '@zxing/library';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { drawCodePicture } from '../../main/commands/code-picture.ts';
import { decodeLuma } from '../../main/devices/image-pixels.ts';
import { compareRuns, type Figure, printMs, printRatio } from './measuring.ts';

const frame = { width: 1280, height: 720 };

/**
 * One 1280×720 camera frame through the engine that the window uses and through `@zxing/library`, both with full effort, in
 * turns: an empty desk (what a camera sees nearly always), and a phone held a little askew and out of focus.
 */
export async function measureFrames(): Promise<Figure[]> {
  await prepareZXingModule({ overrides: { wasmBinary: readDecoder() }, fireImmediately: true });
  const text = '0123456789ABCDEF'.repeat(15).slice(0, 237);
  const empty = await compareFrame(drawDesk());
  const phone = await compareFrame(drawPhone(text));
  const isRead = (found: string | null): string => (found === text ? 'read' : 'not read');
  const row = (what: string, { times, reads }: Comparison, isPhone: boolean): Figure => ({
    area: 'Camera',
    what,
    value: `${printMs(times.ours)}${isPhone ? `, ${isRead(reads.ours)}` : ''}`,
    compared: `${printMs(times.theirs)}${isPhone ? `, ${isRead(reads.theirs)}` : ''} (@zxing/library)`,
    ratio: printRatio(times.ratio),
    aim: '',
  });
  return [row('one 1280×720 frame without a code', empty, false), row('one 1280×720 frame, code askew and blurred', phone, true)];
}

interface Comparison {
  readonly times: { readonly ours: number; readonly theirs: number; readonly ratio: number };
  readonly reads: { readonly ours: string | null; readonly theirs: string | null };
}

async function compareFrame(luma: Uint8Array): Promise<Comparison> {
  const pixels = new Uint8ClampedArray(luma.length * 4);
  for (const [index, value] of luma.entries()) pixels.set([value, value, value, 255], index * 4);
  const image = { ...frame, data: pixels, colorSpace: 'srgb' as const };
  const baseline = new QRCodeReader();
  const hints = new Map([[DecodeHintType.TRY_HARDER, true]]);
  const ours = async (): Promise<string | null> => {
    const [found] = await readBarcodes(image, { formats: ['QRCodeModel2'], tryHarder: true, tryRotate: true, tryInvert: true, tryDownscale: true, maxNumberOfSymbols: 4 });
    return found?.text ?? null;
  };
  const theirs = (): string | null => {
    const source = new RGBLuminanceSource(Uint8ClampedArray.from(luma), frame.width, frame.height);
    try {
      return baseline.decode(new BinaryBitmap(new HybridBinarizer(source)), hints).getText();
    } catch {
      // The library tells "nothing found" by throwing.
      return null;
    }
  };
  return { times: await compareRuns({ rounds: 40, warmUp: 10 }, ours, theirs), reads: { ours: await ours(), theirs: theirs() } };
}

function readDecoder(): ArrayBuffer {
  return Uint8Array.from(readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'))).buffer;
}

/** Wood grain, a sheet of print and sensor noise: edges of every direction. */
function drawDesk(): Uint8Array {
  return new Uint8Array(frame.width * frame.height).map((_, index) => {
    const [x, y] = [index % frame.width, Math.floor(index / frame.width)];
    const grain = 120 + 30 * Math.sin(y / 9 + Math.sin(x / 140) * 3);
    const isPrint = x > 760 && x < 1200 && y > 90 && y < 640;
    const ink = y % 18 < 9 && (x * 7 + (y / 18 | 0) * 13) % 11 < 5 ? 60 : 225;
    return (isPrint ? ink : grain) + ((Math.imul(index, 2654435761) >>> 24) % 13) - 6;
  });
}

function drawPhone(text: string): Uint8Array {
  const picture = decodeLuma(drawCodePicture(text, { scale: 6 }));
  if (!picture.ok) throw new Error('the drawn code is no picture');
  const { width, luma } = picture.value;
  const desk = drawDesk();
  const [sine, cosine] = [Math.sin(0.16), Math.cos(0.16)];
  const sample = (x: number, y: number): number | null => {
    const [dx, dy] = [x - 420, y - 360];
    const [u, v] = [dx * cosine + dy * sine + width / 2, dy * cosine - dx * sine + width / 2];
    return u < 0 || v < 0 || u >= width || v >= width ? null : 40 + ((luma[Math.floor(v) * width + Math.floor(u)] ?? 0) * 170) / 255;
  };
  return desk.map((ground, index) => {
    const [x, y] = [index % frame.width, Math.floor(index / frame.width)];
    let sum = 0;
    for (const [dx, dy] of blur) sum += sample(x + dx, y + dy) ?? ground;
    return sum / blur.length;
  });
}

const blur = [-2, 0, 2].flatMap((dx) => [-2, 0, 2].map((dy) => [dx, dy] as const));
