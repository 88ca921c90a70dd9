import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';

/** Behind the indicator: groups of characters with equal UTF-8 length, as minima and differences (ISO/IEC 20830 5.4.12). */
export function writeUnicode(writer: BitWriter, bytes: Uint8Array): void {
  let start = 0;
  while (start < bytes.length) {
    const width = sequenceLength(bytes[start] ?? 0);
    let end = start + width;
    while (end < bytes.length && sequenceLength(bytes[end] ?? 0) === width && (end - start) / width < maxGroup) end += width;
    writeGroup(writer, bytes.subarray(start, end), width);
    start = end;
  }
  writer.write(15, 4);
}

function writeGroup(writer: BitWriter, bytes: Uint8Array, width: number): void {
  const count = Math.ceil(bytes.length / width);
  writer.write(width, 4);
  writeCount(writer, count);
  const minima = columns(bytes, width, Math.min);
  const widths = columns(bytes, width, Math.max).map((most, i) => 32 - Math.clz32(most - (minima[i] ?? 0)));
  for (const bits of widths) writer.write(bits, 4);
  for (const least of minima) writer.write(least, 8);
  bytes.forEach((byte, i) => writer.write(byte - (minima[i % width] ?? 0), widths[i % width] ?? 0));
}

function columns(bytes: Uint8Array, width: number, pick: (a: number, b: number) => number): number[] {
  return Array.from({ length: width }, (_, column) => {
    let value = bytes[column] ?? 0;
    for (let i = column; i < bytes.length; i += width) value = pick(value, bytes[i] ?? 0);
    return value;
  });
}

/** Counts of 3, 6, 9, 12 or 15 bits behind the prefixes 0, 10, 110, 1110, 11110. */
function writeCount(writer: BitWriter, count: number): void {
  let size = 1;
  while (count >= 1 << (3 * size)) size++;
  for (let i = 1; i < size; i++) writer.write(1, 1);
  writer.write(0, 1);
  writer.write(count, 3 * size);
}

/** Appends the bytes of Unicode mode to `out`; false when the bits break the grammar or give more than `limit` bytes. */
export function readUnicode(reader: BitReader, out: number[], limit: number): boolean {
  for (;;) {
    const width = reader.read(4);
    if (width === 15) return true;
    if (width < 1 || width > 4) return false;
    let size = 1;
    while (size < 6 && reader.read(1) === 1) size++;
    if (size > 5) return false;
    const count = reader.read(3 * size);
    const widths = Array.from({ length: width }, () => reader.read(4));
    const minima = Array.from({ length: width }, () => reader.read(8));
    if (count < 0 || widths.some((bits) => bits < 0 || bits > 8) || minima.some((least) => least < 0)) return false;
    if (out.length + count * width > limit) return false;
    for (let i = 0; i < count * width; i++) {
      const value = (minima[i % width] ?? 0) + reader.read(widths[i % width] ?? 0);
      if (reader.failed() || value > 255) return false;
      out.push(value);
    }
  }
}

const maxGroup = 32_767;

function sequenceLength(lead: number): number {
  if (lead < 0xc0) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}
