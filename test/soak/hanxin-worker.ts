import { parentPort, workerData } from 'node:worker_threads';
import { createVideoSession, drawPixels, encodeHanXin, type GreyImage } from '../../hanxin/index.ts';
import { createDraw, createHostileKinds, type HostileOutcome } from '../hanxin/hostile-inputs.ts';

/** What the thread is to do; it counts finished inputs and frames in `done`. */
export interface HanXinWork {
  readonly inputs: number;
  readonly frames: number;
  readonly seed: number;
  readonly done: Int32Array;
}

/** What the thread counted; memory in MiB after collections, the first when everything was warm. */
export interface SoakReport {
  readonly kinds: readonly ({ readonly name: string; readonly inputs: number; readonly slowestMs: number } & Readonly<Record<HostileOutcome, number>>)[];
  readonly inputMemory: readonly number[];
  readonly frameMemory: readonly number[];
  readonly framesRead: number;
}

const work = workerData as HanXinWork;
const inputs = feedInputs();
const frames = feedFrames();
const report: SoakReport = { ...inputs, ...frames };
parentPort?.postMessage(report);

function feedInputs(): Pick<SoakReport, 'kinds' | 'inputMemory'> {
  const kinds = createHostileKinds(work.seed).map((kind) => ({ ...kind, inputs: 0, slowestMs: 0, counts: { read: 0, nothing: 0, refused: 0 } }));
  // Each thousand holds every kind by its share, so that memory is looked at over an equal mixture.
  const mixture = kinds.flatMap((kind) => Array.from({ length: kind.share }, () => kind));
  const inputMemory: number[] = [];
  const warm = Math.floor(work.inputs / 10);
  for (let input = 0; input < work.inputs; input++) {
    const kind = mixture[(input * 617) % mixture.length];
    if (kind === undefined) break;
    const started = performance.now();
    kind.counts[kind.feed()] += 1;
    kind.slowestMs = Math.max(kind.slowestMs, performance.now() - started);
    kind.inputs += 1;
    Atomics.add(work.done, 0, 1);
    if ((input + 1) % warm === 0) inputMemory.push(memoryInUse());
  }
  return { kinds: kinds.map(({ name, inputs, slowestMs, counts }) => ({ name, inputs, slowestMs, ...counts })), inputMemory };
}

/** A phone that comes, stays and goes: three frames of ten show a symbol. */
function feedFrames(): Pick<SoakReport, 'frameMemory' | 'framesRead'> {
  const session = createVideoSession();
  const [empty, held] = [drawScene(false), drawScene(true)];
  const frameMemory: number[] = [];
  const warm = Math.max(1, Math.floor(work.frames / 10));
  let framesRead = 0;
  for (let frame = 0; frame < work.frames; frame++) {
    framesRead += session.read(frame % 10 < 3 ? held : empty).symbols.length;
    Atomics.add(work.done, 0, 1);
    if ((frame + 1) % warm === 0) frameMemory.push(memoryInUse());
  }
  return { frameMemory, framesRead };
}

function drawScene(isHeld: boolean): GreyImage {
  const [width, height] = [1280, 720];
  const draw = createDraw(7);
  const data = new Uint8Array(width * height).map((_, i) => 150 + 40 * Math.sin(i / 97) + draw(12));
  const symbol = encodeHanXin('QYM1 91310000MA1K35T4X6 企业服务码', { version: 10 });
  if (!isHeld || symbol === null) return { width, height, data };
  const picture = drawPixels(symbol, { moduleSize: 6 });
  for (let y = 0; y < picture.height; y++) data.set(picture.data.subarray(y * picture.width, (y + 1) * picture.width), (y + 150) * width + 400);
  return { width, height, data };
}

function memoryInUse(): number {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}
