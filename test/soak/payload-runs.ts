import { classifyCode, codeKindIds } from '../../domain/code-kind.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { createScanHub } from '../../main/devices/scan-hub.ts';
import { codeCorpus } from '../domain/code-corpus.table.ts';

/** What many payloads came to; times from `submit` to the name, for one payload: by the clock, and of this thread's processor. */
export interface PayloadCount {
  readonly payloads: number;
  readonly named: number;
  readonly repeats: number;
  readonly refused: number;
  readonly thrown: number;
  readonly kinds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly cpuP99Ms: number;
  readonly cpuMaxMs: number;
  readonly heapGrowthMb: number;
  readonly seconds: number;
}

/** Sends random and mutated payloads through hub and classifier, one after the other. The same seed gives the same payloads. */
export async function runPayloads({ payloads, seed }: { readonly payloads: number; readonly seed: number }): Promise<PayloadCount> {
  const random = createRandom(seed);
  const hub = createScanHub({ now: () => 0, monotonic: () => performance.now(), random: systemRandom });
  const seen = new Set<string>();
  const count = { named: 0, repeats: 0, refused: 0, thrown: 0 };
  hub.onScan(({ text, bytes, symbology }) => {
    const { kind } = classifyCode({ text, bytes, symbology });
    seen.add(kind);
    count.named += 1;
  });
  hub.onRepeat(() => (count.repeats += 1));
  const [times, cpuTimes] = [new Float64Array(payloads), new Float64Array(payloads)];
  const warmUp = Math.min(2000, payloads);
  let heapBefore = 0;
  const started = performance.now();
  for (let i = 0; i < payloads; i++) {
    if (i === warmUp) heapBefore = heapUsed();
    const bytes = makePayload(random);
    const symbology = symbologies[random(symbologies.length)];
    const startedMono = performance.now();
    const startedCpu = process.threadCpuUsage();
    try {
      if (!hub.submit({ source: 'serial', device: 'x', bytes, takeOffAim: true, ...(symbology === undefined ? {} : { symbology }) }).ok) count.refused += 1;
    } catch {
      count.thrown += 1;
    }
    times[i] = performance.now() - startedMono;
    const { user, system } = process.threadCpuUsage(startedCpu);
    cpuTimes[i] = (user + system) / 1000;
    await hub.idle();
  }
  const seconds = (performance.now() - started) / 1000;
  const heapGrowthMb = (heapUsed() - heapBefore) / 2 ** 20;
  const kinds = [...seen].filter((kind) => (codeKindIds as readonly string[]).includes(kind)).length;
  const spread = { p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99), maxMs: quantile(times, 1), cpuP99Ms: quantile(cpuTimes, 0.99), cpuMaxMs: quantile(cpuTimes, 1) };
  return { payloads, ...count, kinds, ...spread, heapGrowthMb, seconds };
}

function quantile(times: Float64Array, part: number): number {
  const sorted = times.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

const symbologies = [undefined, undefined, ']Q1', ']C0', ']E0', 'QRCode', 'EAN13'];
const corpus = Object.values(codeCorpus)
  .flat()
  .map(({ text, bytes }) => (text === '' && bytes !== undefined ? bytes : encodeUtf8(text)))
  .filter((bytes) => bytes.length > 0);
const pieces = ['\u0000', '\u202e', '\u200b', '\ufeff', '\r', '<script>', '{', '%s', '01', 'QYM1', ']Q1', 'https://', '\u{1f600}', '企', '\u001d'].map(encodeUtf8);

type Random = (below: number) => number;

function makePayload(random: Random): Uint8Array {
  const kind = random(10);
  if (kind === 0) return randomBytes(random, 1 + random(300));
  if (kind === 1) return Uint8Array.from({ length: 1 + random(300) }, () => 0x20 + random(95));
  // Now and then as long as may be, and longer.
  if (kind === 2 && random(20) === 0) return repeat(pieces[random(pieces.length)] ?? pieces[0] ?? new Uint8Array(1), 1 + random(5000));
  let bytes: Uint8Array = corpus[random(corpus.length)] ?? new Uint8Array(1);
  for (let steps = random(5); steps > 0; steps--) bytes = mutate(bytes, random);
  return bytes;
}

function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random(bytes.length + 1);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  const step = random(6);
  if (step === 0) return Uint8Array.of(...head, random(256), ...tail.subarray(1));
  if (step === 1) return Uint8Array.of(...head, ...tail.subarray(1 + random(8)), 0x41);
  if (step === 2) return Uint8Array.of(...head, ...(pieces[random(pieces.length)] ?? []), ...tail);
  if (step === 3) return Uint8Array.of(...head, ...(corpus[random(corpus.length)] ?? []));
  if (step === 4) return Uint8Array.of(...tail, ...head, 0x30);
  return Uint8Array.of(...bytes, ...randomBytes(random, 1 + random(8)));
}

function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random(256));
}

function repeat(piece: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => piece[at % piece.length] ?? 0);
}

/** Marsaglia's xorshift with 32 bits: the same everywhere. */
function createRandom(seed: number): Random {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function heapUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
