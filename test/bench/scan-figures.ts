import { BinaryBitmap, DecodeHintType, HybridBinarizer, QRCodeReader, RGBLuminanceSource } from '@zxing/library';
import { createHanXinDecoder } from '../../renderer/camera/han-xin-decoder.ts';
import { passOfFrame } from '../../renderer/camera/luma.ts';
import { loadCodeDecoder } from '../fakes/code-decoder.ts';
import { drawDesk, drawHanXin, drawQR, frame, holdBefore } from './drawn-frames.ts';
import { cpuTime, type Figure, median, printMs, printRatio } from './measuring.ts';

const text = '0123456789ABCDEF'.repeat(15).slice(0, 237);
const rounds = 48;
const warmUp = 16;

/**
 * One 1280×720 camera frame as the window's worker looks at it (QR and Han Xin, strategies in rotation) in turns with
 * zxing-wasm alone and with `@zxing/library`, both with full effort; CPU time.
 */
export async function measureFrames(): Promise<Figure[]> {
  const decoder = await loadCodeDecoder();
  const desk = drawDesk();
  const [qr, hanXin] = [drawQR(text), drawHanXin(text)];
  const scenes = [
    ['without a code', desk],
    ['with a QR code', holdBefore(desk, qr, 420)],
    ['with a Han Xin code', holdBefore(desk, hanXin, 420)],
    ['with both', holdBefore(holdBefore(desk, qr, 320), hanXin, 940)],
  ] as const;
  const overHours: Figure = { area: 'Camera', what: 'memory over 30 minutes of frames', value: 'by `npm run soak -- camera --minutes 30`: it fails when page, worker or processes grow', compared: '', ratio: '', aim: 'flat' };
  const looks = scenes.map(([what, values]) => {
    const luma = { ...frame, values };
    const other = createHanXinDecoder(() => performance.now());
    const [ours, wasm, library] = timeInTurns([
      (round) => decoder.readFrame(luma, passOfFrame(round)).codes.length + other.readFrame(luma).length,
      () => decoder.readFrame(luma, passOfFrame(0)).codes.length,
      () => (readByLibrary(values) === null ? 0 : 1),
    ]);
    return {
      area: 'Camera',
      what: `a 1280×720 frame ${what}, CPU`,
      value: printColumn(ours),
      compared: `${printColumn(wasm)} (zxing-wasm alone); ${printColumn(library)} (@zxing/library)`,
      ratio: printRatio((ours?.ms ?? 0) / (wasm?.ms ?? 1)),
      aim: '',
    };
  });
  return [...looks, overHours];
}

interface Column {
  readonly ms: number;
  readonly codes: number;
}

function printColumn(column: Column | undefined): string {
  return column === undefined ? '' : `${printMs(column.ms)}, ${column.codes} read`;
}

/** Runs works in turns, so that whatever else the machine does falls on all; medians, and what each saw in its best round. */
function timeInTurns(works: readonly ((round: number) => number)[]): readonly Column[] {
  const seen = works.map(() => ({ times: [] as number[], codes: 0 }));
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const [index, work] of works.entries()) {
      const started = cpuTime();
      const codes = work(round);
      const column = seen[index];
      if (column === undefined || round < warmUp) continue;
      column.times.push(cpuTime() - started);
      column.codes = Math.max(column.codes, codes);
    }
  }
  return seen.map(({ times, codes }) => ({ ms: median(times), codes }));
}

const baseline = new QRCodeReader();
const hints = new Map([[DecodeHintType.TRY_HARDER, true]]);

function readByLibrary(luma: Uint8Array): string | null {
  const source = new RGBLuminanceSource(Uint8ClampedArray.from(luma), frame.width, frame.height);
  try {
    return baseline.decode(new BinaryBitmap(new HybridBinarizer(source)), hints).getText();
  } catch {
    // The library tells "nothing found" by throwing.
    return null;
  }
}
