import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { uriSets } from './uri-mode.table.ts';

/** Behind the indicator: the cheapest way through the sets A, B and C; false when a character is in none of them. */
export function writeUri(writer: BitWriter, bytes: Uint8Array): boolean {
  const text = String.fromCharCode(...bytes);
  const path = cheapestPath(text);
  if (path === null) return false;
  let set = -1;
  for (const step of path) {
    if (set === -1) writer.write(step.set + 1, 3);
    else if (set !== step.set) writeSwitch(writer, set, step.set);
    set = step.set;
    writer.write(step.value, set === setC ? 7 : 6);
  }
  if (set !== -1) writer.write(set === setC ? 127 : 63, set === setC ? 7 : 6);
  writer.write(7, 3);
  return true;
}

function writeSwitch(writer: BitWriter, from: number, to: number): void {
  if (from === setC) {
    writer.write(125 + to, 7);
  } else if (to === setC) {
    writer.write(63, 6);
    writer.write(setC + 1, 3);
  } else {
    writer.write(62, 6);
  }
}

interface Step {
  readonly set: number;
  readonly value: number;
  readonly length: number;
  readonly cost: number;
  readonly previous: number;
}

function cheapestPath(text: string): readonly Step[] | null {
  const best: (Step | undefined)[][] = Array.from({ length: text.length + 1 }, () => []);
  for (let i = 0; i < text.length; i++) {
    for (let set = 0; set < 3; set++) {
      const arrival = cheapestArrival(best[i] ?? [], set, i === 0);
      if (arrival === null) continue;
      (uriSets[set] ?? []).forEach((token, value) => {
        if (!text.startsWith(token, i)) return;
        const cost = arrival.cost + (set === setC ? 7 : 6);
        const steps = best[i + token.length];
        if (steps !== undefined && cost < (steps[set]?.cost ?? Infinity)) steps[set] = { set, value, length: token.length, cost, previous: arrival.set };
      });
    }
  }
  if (text.length === 0) return [];
  let set = [0, 1, 2].reduce((a, b) => ((best[text.length]?.[b]?.cost ?? Infinity) < (best[text.length]?.[a]?.cost ?? Infinity) ? b : a));
  const path: Step[] = [];
  for (let at = text.length; at > 0; ) {
    const step = best[at]?.[set];
    if (step === undefined) return null;
    path.push(step);
    at -= step.length;
    set = step.previous;
  }
  return path.toReversed();
}

/** Cheapest way to be in a set at a place, the switch included. */
function cheapestArrival(steps: readonly (Step | undefined)[], set: number, atStart: boolean): { set: number; cost: number } | null {
  if (atStart) return { set, cost: 3 };
  let found: { set: number; cost: number } | null = null;
  steps.forEach((step, from) => {
    if (step === undefined) return;
    const cost = step.cost + (from === set ? 0 : (switchBits[from]?.[set] ?? 0));
    if (found === null || cost < found.cost) found = { set: from, cost };
  });
  return found;
}

const setC = 2;
const switchBits = [
  [0, 6, 9],
  [6, 0, 9],
  [7, 7, 0],
];

/** Appends the ASCII bytes of URI mode to `out`; false when the bits break the grammar or give more than `limit` bytes. */
export function readUri(reader: BitReader, out: number[], limit: number): boolean {
  for (;;) {
    const set = reader.read(3);
    if (set === 7) return true;
    const ok = set >= 1 && set <= 3 ? readSets(reader, set - 1, out) : set === 4 && readPercent(reader, out);
    if (!ok || out.length > limit) return false;
  }
}

function readSets(reader: BitReader, first: number, out: number[]): boolean {
  let set = first;
  for (;;) {
    const value = reader.read(set === setC ? 7 : 6);
    if (value < 0) return false;
    if (value === (set === setC ? 127 : 63)) return true;
    const token = uriSets[set]?.[value];
    if (token !== undefined) for (let i = 0; i < token.length; i++) out.push(token.charCodeAt(i));
    else if (set === setC) set = value - 125;
    else set = 1 - set;
  }
}

/** Percent-encoded set: a six-bit count of bytes, each of which reads as `%XX`. */
function readPercent(reader: BitReader, out: number[]): boolean {
  const count = reader.read(6);
  for (let i = 0; i < count; i++) {
    const byte = reader.read(8);
    if (byte < 0) return false;
    for (const character of `%${byte.toString(16).toUpperCase().padStart(2, '0')}`) out.push(character.charCodeAt(0));
  }
  return count >= 0;
}
