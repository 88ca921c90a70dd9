import { fourByteValue, region1Value, region2Value, textValue1, textValue2, twoByteValue, type ByteMode, type Segment } from './segment.ts';

/** Longest content that can fit any symbol: digits in version 84 L1. */
export const maxContentBytes = 7827;

/**
 * Splits bytes into the segments with the fewest bits (exact, by dynamic programming over all modes and sub-modes).
 * `chinese` allows the GB 18030 modes, which make readers take the whole content for GB 18030. At most `maxContentBytes`.
 */
export function splitContent(bytes: Uint8Array, chinese: boolean): readonly Segment[] {
  const n = bytes.length;
  const cost = new Int32Array((n + 5) * stateCount).fill(unreachable);
  const from = new Uint8Array((n + 5) * stateCount);
  cost[outside] = 0;
  const relax = (at: number, state: number, value: number, previous: number) => {
    if (value < (cost[at * stateCount + state] ?? 0)) {
      cost[at * stateCount + state] = value;
      from[at * stateCount + state] = previous;
    }
  };
  for (let i = 0; i <= n; i++) {
    const base = i * stateCount;
    for (let state = 1; state < stateCount; state++) relax(i, outside, (cost[base + state] ?? 0) + (leaveBits[state] ?? 0), state);
    if (i === n) break;
    for (const step of stepsAt(bytes, i, chinese)) {
      for (const [previous, bits] of arrivals[step] ?? []) relax(i + (stepBytes[step] ?? 1), step === fourByteStep ? outside : step, (cost[base + previous] ?? 0) + bits, previous === outside && step === fourByteStep ? fourByteMark : previous);
    }
  }
  return traceSegments(bytes, from);
}

// States: outside any segment, one to three digits in the open group, text sub-modes, binary, regions, two-byte.
const outside = 0;
const digits1 = 1;
const digits2 = 2;
const digits3 = 3;
const text1 = 4;
const text2 = 5;
const binary = 6;
const region1 = 7;
const region2 = 8;
const twoByte = 9;
const stateCount = 10;
/** Four-byte characters have no state: each is a segment of its own, from outside to outside. */
const fourByteStep = 10;
const fourByteMark = 255;
const unreachable = 1 << 28;

/** Bits of the terminator on leaving a state. */
const leaveBits = [0, 10, 10, 10, 6, 6, 0, 12, 12, 15];

/** Bytes consumed by arriving in a state. */
const stepBytes = [0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 4];

/** For each arrival: previous states and the bits that the step costs from there (indicator, switch and character). */
const arrivals: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[outside, 14], [digits3, 10]],
  [[digits1, 0]],
  [[digits2, 0]],
  [[text1, 6], [text2, 12], [outside, 10]],
  [[text2, 6], [text1, 12], [outside, 16]],
  [[binary, 8], [outside, 25]],
  [[region1, 12], [region2, 24], [outside, 16]],
  [[region2, 12], [region1, 24], [outside, 16]],
  [[twoByte, 15], [outside, 19]],
  [[outside, 25]],
];

/** The states that the next byte or bytes can lead to. */
function stepsAt(bytes: Uint8Array, i: number, chinese: boolean): number[] {
  const b1 = bytes[i] ?? 0;
  const steps = [binary];
  if (b1 >= 0x30 && b1 <= 0x39) steps.push(digits1, digits2, digits3);
  if (textValue1(b1) >= 0) steps.push(text1);
  else if (textValue2(b1) >= 0) steps.push(text2);
  if (!chinese || i + 1 >= bytes.length) return steps;
  const b2 = bytes[i + 1] ?? 0;
  if (region1Value(b1, b2) >= 0) steps.push(region1);
  if (region2Value(b1, b2) >= 0) steps.push(region2);
  if (twoByteValue(b1, b2) >= 0) steps.push(twoByte);
  if (i + 3 < bytes.length && fourByteValue(b1, b2, bytes[i + 2] ?? 0, bytes[i + 3] ?? 0) >= 0) steps.push(fourByteStep);
  return steps;
}

/** Walks the cheapest way back from the end. */
function traceSegments(bytes: Uint8Array, from: Uint8Array): readonly Segment[] {
  const segments: Segment[] = [];
  let at = bytes.length;
  while (at > 0) {
    const end = at;
    let state = from[at * stateCount + outside] ?? 0;
    if (state === fourByteMark) {
      at -= 4;
      segments.push({ mode: 'four-byte', bytes: bytes.slice(at, end) });
      continue;
    }
    const mode = modeOfState[state] ?? 'binary';
    while (state !== outside) {
      const previous = from[at * stateCount + state] ?? 0;
      at -= stepBytes[state] ?? 1;
      state = previous;
    }
    segments.push({ mode, bytes: bytes.slice(at, end) });
  }
  return segments.toReversed();
}

const modeOfState: readonly ByteMode[] = ['binary', 'numeric', 'numeric', 'numeric', 'text', 'text', 'binary', 'region', 'region', 'two-byte'];
