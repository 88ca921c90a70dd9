import type { BitReader } from './bit-reader.ts';
import { fourByteCount, groupSeparator, indicators, numericFnc1, region1Pair, region2Pair, textByte, twoBytePair } from './segment.ts';
import { readUnicode } from './unicode-mode.ts';
import { readUri } from './uri-mode.ts';

/** A segment as read; `designator` is only meaningful in mode `eci`, whose bytes are empty. */
export interface ReadSegment {
  readonly mode: 'numeric' | 'text' | 'binary' | 'region' | 'two-byte' | 'four-byte' | 'eci' | 'unicode' | 'gs1' | 'uri';
  readonly bytes: Uint8Array;
  readonly designator: number;
}

/** More bytes than any symbol honestly carries: Unicode mode can announce millions in a few bits. */
const maxBytes = 65_536;

/** Reads the segments up to the end indicator; null for reserved modes, values out of range, or padding other than zeros. */
export function readSegments(reader: BitReader): readonly ReadSegment[] | null {
  const segments: ReadSegment[] = [];
  let total = 0;
  while (reader.left() >= 4) {
    const indicator = reader.read(4);
    if (indicator === 0) return onlyZeros(reader) ? segments : null;
    const segment = readSegment(reader, indicator, maxBytes - total);
    if (segment === null || reader.failed()) return null;
    total += segment.bytes.length;
    if (total > maxBytes) return null;
    segments.push(segment);
  }
  return onlyZeros(reader) ? segments : null;
}

function readSegment(reader: BitReader, indicator: number, limit: number): ReadSegment | null {
  const out: number[] = [];
  const made = (mode: ReadSegment['mode'], ok: boolean, designator = 0): ReadSegment | null => (ok ? { mode, bytes: Uint8Array.from(out), designator } : null);
  switch (indicator) {
    case indicators.numeric:
      return made('numeric', readNumeric(reader, out, false));
    case indicators.text:
      return made('text', readTextMode(reader, out));
    case indicators.binary:
      return made('binary', readBinary(reader, out));
    case indicators.region1:
    case indicators.region2:
      return made('region', readRegion(reader, out, indicator === indicators.region1));
    case indicators.twoByte:
      return made('two-byte', readTwoByte(reader, out));
    case indicators.fourByte:
      return made('four-byte', readFourByte(reader, out));
    case indicators.eci: {
      const designator = readEci(reader);
      return made('eci', designator >= 0, designator);
    }
    case indicators.unicode:
      return made('unicode', readUnicode(reader, out, limit));
    case 14: {
      const full = (indicator << 4) | reader.read(4);
      if (full === indicators.gs1) return made('gs1', readGs1(reader, out));
      return full === indicators.uri ? made('uri', readUri(reader, out, limit)) : null;
    }
    default:
      return null;
  }
}

function onlyZeros(reader: BitReader): boolean {
  while (reader.left() > 0) if (reader.read(1) !== 0) return false;
  return true;
}

/** One group of lookahead: only the terminator tells how many digits the last group had. */
function readNumeric(reader: BitReader, out: number[], gs1: boolean): boolean {
  let pending = -1;
  for (;;) {
    const value = reader.read(10);
    if (value > 1020) return pushGroup(out, pending, value - 1020);
    if (value < 0 || value > numericFnc1 || (value === numericFnc1 && !gs1)) return false;
    if (pending >= 0 && !pushGroup(out, pending, 3)) return false;
    pending = value;
  }
}

function pushGroup(out: number[], value: number, digits: number): boolean {
  if (value === numericFnc1 && digits === 3) {
    out.push(groupSeparator);
    return true;
  }
  if (value < 0 || value >= 10 ** digits) return false;
  for (const digit of String(value).padStart(digits, '0')) out.push(digit.charCodeAt(0));
  return true;
}

function readTextMode(reader: BitReader, out: number[]): boolean {
  let subMode: 1 | 2 = 1;
  for (;;) {
    const value = reader.read(6);
    if (value === 63) return true;
    if (value < 0) return false;
    if (value === 62) subMode = subMode === 1 ? 2 : 1;
    else out.push(textByte(value, subMode));
  }
}

function readBinary(reader: BitReader, out: number[]): boolean {
  const count = reader.read(13);
  if (count < 0 || count * 8 > reader.left()) return false;
  for (let i = 0; i < count; i++) out.push(reader.read(8));
  return true;
}

function readRegion(reader: BitReader, out: number[], startsInFirst: boolean): boolean {
  let inFirst = startsInFirst;
  for (;;) {
    const value = reader.read(12);
    if (value === 0xfff) return true;
    if (value < 0) return false;
    if (value === 0xffe) {
      inFirst = !inFirst;
      continue;
    }
    const pair = inFirst ? region1Pair(value) : region2Pair(value);
    if (pair < 0) return false;
    out.push(pair >> 8, pair & 255);
  }
}

function readTwoByte(reader: BitReader, out: number[]): boolean {
  for (;;) {
    const value = reader.read(15);
    if (value === 0x7fff) return true;
    const pair = value < 0 ? -1 : twoBytePair(value);
    if (pair < 0) return false;
    out.push(pair >> 8, pair & 255);
  }
}

function readFourByte(reader: BitReader, out: number[]): boolean {
  const value = reader.read(21);
  if (value < 0 || value >= fourByteCount) return false;
  out.push(0x81 + Math.floor(value / 12_600), 0x30 + (Math.floor(value / 1260) % 10), 0x81 + (Math.floor(value / 10) % 126), 0x30 + (value % 10));
  return true;
}

/** The prefix bits are not part of the designator. */
function readEci(reader: BitReader): number {
  if (reader.read(1) === 0) return reader.read(7);
  if (reader.read(1) === 0) return reader.read(14);
  const designator = reader.read(1) === 0 ? reader.read(21) : -1;
  return designator <= 999_999 ? designator : -1;
}

/** Numeric and text segments (some makers write binary ones too) up to eight ones. */
function readGs1(reader: BitReader, out: number[]): boolean {
  for (;;) {
    const indicator = reader.read(4);
    if (indicator === 15) return reader.read(4) === 15;
    const ok =
      (indicator === indicators.numeric && readNumeric(reader, out, true)) ||
      (indicator === indicators.text && readTextMode(reader, out)) ||
      (indicator === indicators.binary && readBinary(reader, out));
    if (!ok) return false;
  }
}
