import { Unzlib } from 'fflate';

/** What a strip unpacks to: `length` bytes of `bytes` are filled, the rest is zero because the data ends or breaks there. */
export interface Unpacked {
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** Unpacks a strip of a TIFF into at most `size` bytes. */
export type Unpacker = (data: Uint8Array, size: number) => Unpacked;

/** No compression (TIFF 1). */
export function copyPlain(data: Uint8Array, size: number): Unpacked {
  const bytes = new Uint8Array(size);
  bytes.set(data.subarray(0, size));
  return { bytes, length: Math.min(size, data.length) };
}

/** Runs and literals of bytes (TIFF 32773). */
export function unpackBits(data: Uint8Array, size: number): Unpacked {
  const bytes = new Uint8Array(size);
  let length = 0;
  for (let at = 0; at < data.length && length < size; ) {
    const head = data[at] ?? 0;
    at += 1;
    if (head < 128) {
      const literal = data.subarray(at, Math.min(at + head + 1, at + size - length));
      bytes.set(literal, length);
      length += literal.length;
      at += head + 1;
    } else if (head > 128) {
      const end = Math.min(size, length + 257 - head);
      bytes.fill(data[at] ?? 0, length, end);
      length = end;
      at += 1;
    }
  }
  return { bytes, length };
}

/** Small pieces: one piece of packed zeros gives at most a thousand times its size before the end is noticed. */
const pieceSize = 4096;

/** RFC 1950 (TIFF 8 and 32946). */
export function inflateStrip(data: Uint8Array, size: number): Unpacked {
  const bytes = new Uint8Array(size);
  let length = 0;
  const stream = new Unzlib((piece) => {
    const part = piece.subarray(0, size - length);
    bytes.set(part, length);
    length += part.length;
  });
  try {
    for (let at = 0; at < data.length && length < size; at += pieceSize) stream.push(data.subarray(at, at + pieceSize), at + pieceSize >= data.length);
  } catch {
    // The library tells everything that is wrong with the data by throwing; what came before counts.
  }
  return { bytes, length };
}

const clearCode = 256;
const endCode = 257;
const mostCodes = 4096;

/** LZW with codes of nine to twelve bits, the highest bit first, each width left one code early (TIFF 5). */
export function unpackLzw(data: Uint8Array, size: number): Unpacked {
  const bytes = new Uint8Array(size);
  // What a code stands for was written to `bytes` before: a string, and the first byte of the one behind it.
  const [starts, lengths] = [new Int32Array(mostCodes), new Int32Array(mostCodes)];
  let [length, next, width] = [0, endCode + 1, 9];
  for (let bit = 0; length < size && bit + width <= data.length * 8; ) {
    const code = readCode(data, bit, width);
    bit += width;
    if (code === endCode || code >= next) break;
    if (code === clearCode) {
      [next, width] = [endCode + 1, 9];
      continue;
    }
    const start = length;
    if (code < clearCode) bytes[length++] = code;
    else length = repeat(bytes, { from: starts[code] ?? 0, count: lengths[code] ?? 0, to: start });
    if (next === mostCodes) continue;
    starts[next] = start;
    lengths[next] = length - start + 1;
    next += 1;
    if (next === 1 << width && width < 12) width += 1;
  }
  return { bytes, length };
}

function readCode(data: Uint8Array, bit: number, width: number): number {
  const at = bit >> 3;
  const word = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
  return (word >> (24 - (bit & 7) - width)) & ((1 << width) - 1);
}

/** Byte by byte, because a string may run into its own copy; where the copy ends. */
function repeat(bytes: Uint8Array, { from, count, to }: { from: number; count: number; to: number }): number {
  const end = Math.min(bytes.length, to + count);
  for (let at = 0; to + at < end; at++) bytes[to + at] = bytes[from + at] ?? 0;
  return end;
}
