import { createFrameReader, type Stage } from '../../hanxin/index.ts';
import { passOfFrame } from '../../renderer/camera/luma.ts';
import { loadCodeDecoder } from '../fakes/code-decoder.ts';
import { drawDesk, drawHanXin, drawQR, frame, holdBefore } from './drawn-frames.ts';
import { cpuTime, type Figure, median, printMs, printRatio } from './measuring.ts';

const text = '0123456789ABCDEF'.repeat(15).slice(0, 237);
const rounds = 60;
const warmUp = 20;

/**
 * One plain look of the Han Xin reader at a 1280×720 frame with a symbol and at an empty one, stage by stage, in turns with
 * zxing-wasm's look (full effort, from the brightness plane) at a frame with a QR code of the same text and at the same empty one.
 */
export async function measureHanXin(): Promise<Figure[]> {
  const decoder = await loadCodeDecoder();
  const desk = drawDesk();
  const measure = (what: string, ours: Uint8Array, theirs: Uint8Array, aim: string): Figure[] => {
    const times = timeInTurns(ours, () => decoder.readFrame({ ...frame, values: theirs }, passOfFrame(0)).codes.length);
    const row = (part: string, ms: number, rest: Partial<Figure> = {}): Figure => ({ area: 'Han Xin', what: part, value: printMs(ms), compared: '', ratio: '', aim: '', ...rest });
    return [
      row(`a 1280×720 frame ${what}, CPU`, times.total, { value: `${printMs(times.total)}, ${times.symbols} read`, compared: `${printMs(times.theirs)}, ${times.codes} read (zxing-wasm, QR)`, ratio: printRatio(times.total / times.theirs), aim }),
      ...stageNames.map(([stage, name]) => row(`— ${name}`, times.stages.get(stage) ?? 0)),
    ];
  };
  return [
    ...measure('with a symbol', holdBefore(desk, drawHanXin(text), 420), holdBefore(desk, drawQR(text), 420), '≤ 15 ms'),
    ...measure('without a code', desk, desk, '≤ 12 ms'),
  ];
}

const stageNames = [['binary', 'thresholds, dark and light'], ['crossings', 'scan of rows and columns'], ['finders', 'rays'], ['symbols', 'symbol']] as const;

interface Times {
  readonly total: number;
  readonly stages: ReadonlyMap<Stage, number>;
  readonly theirs: number;
  readonly symbols: number;
  readonly codes: number;
}

function timeInTurns(luma: Uint8Array, other: () => number): Times {
  const reader = createFrameReader();
  const marks = new Map<Stage, number>();
  // The hook is told without drawing; a reader of its own, so that the whole is timed without it.
  const staged = createFrameReader({ onStage: (stage) => void marks.set(stage, cpuTime()) });
  const seen = { total: [] as number[], theirs: [] as number[], stages: new Map<Stage, number[]>(stageNames.map(([stage]) => [stage, []])), symbols: 0, codes: 0 };
  for (let round = 0; round < warmUp + rounds; round++) {
    const started = cpuTime();
    seen.symbols = reader.read({ ...frame, data: luma }).symbols.length;
    const between = cpuTime();
    seen.codes = other();
    const ended = cpuTime();
    staged.read({ ...frame, data: luma });
    if (round < warmUp) continue;
    seen.total.push(between - started);
    seen.theirs.push(ended - between);
    let before = ended;
    for (const [stage] of stageNames) {
      const at = marks.get(stage) ?? before;
      seen.stages.get(stage)?.push(at - before);
      before = at;
    }
  }
  return { total: median(seen.total), theirs: median(seen.theirs), stages: new Map([...seen.stages].map(([stage, times]) => [stage, median(times)])), symbols: seen.symbols, codes: seen.codes };
}
