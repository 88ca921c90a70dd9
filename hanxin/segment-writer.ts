import type { BitWriter } from './bit-writer.ts';
import { fourByteValue, groupSeparator, indicators, numericFnc1, region1Value, region2Value, textValue1, textValue2, twoByteValue, type ByteMode, type Segment } from './segment.ts';
import { writeUnicode } from './unicode-mode.ts';
import { writeUri } from './uri-mode.ts';

/** Writes one segment with its indicator and terminator; throws a RangeError when the mode cannot hold the bytes. */
export function writeSegment(writer: BitWriter, segment: Segment): void {
  if (segment.mode === 'eci') writeEci(writer, segment.designator);
  else writers[segment.mode](writer, segment.bytes);
}

const writers: Readonly<Record<ByteMode, (writer: BitWriter, bytes: Uint8Array) => void>> = {
  numeric: writeNumeric,
  text: writeText,
  binary: writeBinary,
  region: writeRegion,
  'two-byte': writeTwoByte,
  'four-byte': writeFourByte,
  unicode: (writer, bytes) => {
    writer.write(indicators.unicode, 4);
    writeUnicode(writer, bytes);
  },
  gs1: writeGs1,
  uri: (writer, bytes) => {
    writer.write(indicators.uri, 8);
    if (!writeUri(writer, bytes)) throw new RangeError('URI mode holds printable ASCII only');
  },
};

/** Numeric mode: ten bits a group of three; the terminator tells how many digits the last group had (ISO/IEC 20830 5.4). */
function writeNumeric(writer: BitWriter, bytes: Uint8Array): void {
  writer.write(indicators.numeric, 4);
  let group = 0;
  let count = 0;
  for (const byte of bytes) {
    if (byte < 0x30 || byte > 0x39) throw new RangeError('Numeric mode holds digits only');
    if (count === 3) {
      writer.write(group, 10);
      group = 0;
      count = 0;
    }
    group = 10 * group + byte - 0x30;
    count++;
  }
  if (count === 0) throw new RangeError('A numeric segment needs a digit');
  writer.write(group, 10);
  writer.write(1020 + count, 10);
}

/** Text mode: starts in sub-mode 1; 62 toggles the sub-mode, 63 ends. */
function writeText(writer: BitWriter, bytes: Uint8Array): void {
  writer.write(indicators.text, 4);
  let second = false;
  for (const byte of bytes) {
    const first = textValue1(byte);
    const value = first >= 0 ? first : textValue2(byte);
    if (value < 0) throw new RangeError('Text mode holds ASCII without 0x1C to 0x1F only');
    if (second !== first < 0) {
      writer.write(62, 6);
      second = !second;
    }
    writer.write(value, 6);
  }
  writer.write(63, 6);
}

function writeBinary(writer: BitWriter, bytes: Uint8Array): void {
  if (bytes.length > 8191) throw new RangeError('A binary segment holds at most 8191 bytes');
  writer.write(indicators.binary, 4);
  writer.write(bytes.length, 13);
  for (const byte of bytes) writer.write(byte, 8);
}

/** Chinese regions: the indicator names the region of the first pair, 0xFFE changes it, 0xFFF ends. */
function writeRegion(writer: BitWriter, bytes: Uint8Array): void {
  let inFirst = region1Value(bytes[0] ?? 0, bytes[1] ?? 0) >= 0;
  writer.write(inFirst ? indicators.region1 : indicators.region2, 4);
  for (let i = 0; i < bytes.length; i += 2) {
    const first = region1Value(bytes[i] ?? 0, bytes[i + 1] ?? 0);
    const value = first >= 0 ? first : region2Value(bytes[i] ?? 0, bytes[i + 1] ?? 0);
    if (value < 0) throw new RangeError('A region segment holds pairs of the Chinese regions only');
    if (inFirst !== first >= 0) {
      writer.write(0xffe, 12);
      inFirst = !inFirst;
    }
    writer.write(value, 12);
  }
  writer.write(0xfff, 12);
}

function writeTwoByte(writer: BitWriter, bytes: Uint8Array): void {
  writer.write(indicators.twoByte, 4);
  for (let i = 0; i < bytes.length; i += 2) {
    const value = twoByteValue(bytes[i] ?? 0, bytes[i + 1] ?? 0);
    if (value < 0) throw new RangeError('A two-byte segment holds GB 18030 pairs only');
    writer.write(value, 15);
  }
  // Fifteen bits; older texts print twelve by mistake.
  writer.write(0x7fff, 15);
}

/** Four-byte mode holds one character; each further one repeats the indicator. */
function writeFourByte(writer: BitWriter, bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i += 4) {
    const value = fourByteValue(bytes[i] ?? 0, bytes[i + 1] ?? 0, bytes[i + 2] ?? 0, bytes[i + 3] ?? 0);
    if (value < 0) throw new RangeError('A four-byte segment holds GB 18030 sequences of four only');
    writer.write(indicators.fourByte, 4);
    writer.write(value, 21);
  }
}

/** ECI designators of 7, 14 or 21 bits behind the prefixes 0, 10 and 110. */
function writeEci(writer: BitWriter, designator: number): void {
  if (!Number.isInteger(designator) || designator < 0 || designator > 999_999) throw new RangeError('An ECI designator is 0 to 999999');
  writer.write(indicators.eci, 4);
  if (designator < 1 << 7) writer.write(designator, 8);
  else if (designator < 1 << 14) writer.write(0x8000 | designator, 16);
  else writer.write(0xc00000 | designator, 24);
}

/** GS1 mode: numeric and text segments inside, FNC1 as numeric value 1000, eight ones at the end. */
function writeGs1(writer: BitWriter, bytes: Uint8Array): void {
  writer.write(indicators.gs1, 8);
  let start = 0;
  while (start < bytes.length) {
    const kind = gs1Kind(bytes[start] ?? 0);
    let end = start + 1;
    while (end < bytes.length && gs1Kind(bytes[end] ?? 0) === kind && kind !== 'fnc1') end++;
    if (kind === 'fnc1') {
      writer.write(indicators.numeric, 4);
      writer.write(numericFnc1, 10);
      writer.write(1023, 10);
    } else {
      writers[kind](writer, bytes.subarray(start, end));
    }
    start = end;
  }
  writer.write(0xff, 8);
}

function gs1Kind(byte: number): 'fnc1' | 'numeric' | 'text' {
  if (byte === groupSeparator) return 'fnc1';
  return byte >= 0x30 && byte <= 0x39 ? 'numeric' : 'text';
}
