import { inflateSync } from 'node:zlib';

/** The most that one compressed stream, and all of them together, may inflate to. */
export const inflationLimits = { streamBytes: 64 * 1024 * 1024, totalBytes: 256 * 1024 * 1024, nesting: 3 } as const;

/**
 * Whether every compressed stream of a PDF stays within the limits (threat T9). Looked for by the marks around them, so that
 * no table of a hostile file has to be believed; what does not inflate is left for the reader to refuse.
 */
export function inflatesWithinLimits(pdf: Uint8Array): boolean {
  const file = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  let total = 0;
  for (let at = file.indexOf('stream'); at >= 0; at = file.indexOf('stream', at + 6)) {
    const start = skipLineEnd(file, at + 6);
    if (!isCompressed(file, start)) continue;
    const size = measure(file.subarray(start), 0);
    if (size === null) return false;
    total += size;
    if (total > inflationLimits.totalBytes) return false;
  }
  return true;
}

/** The inflated size, through streams compressed several times over; null beyond the limit. */
function measure(compressed: Uint8Array, depth: number): number | null {
  try {
    const inflated = inflateSync(compressed, { maxOutputLength: inflationLimits.streamBytes });
    if (!isCompressed(inflated, 0) || depth === inflationLimits.nesting) return inflated.length;
    const inner = measure(inflated, depth + 1);
    return inner === null ? null : inflated.length + inner;
  } catch (error) {
    // Trailing bytes, a cut-off end or no compressed data after all: nothing grows from that.
    return isTooLarge(error) ? null : 0;
  }
}

/** The two-byte header of RFC 1950. */
function isCompressed(bytes: Uint8Array, at: number): boolean {
  const [method = 0, flags = 0] = [bytes[at], bytes[at + 1]];
  return (method & 0x0f) === 8 && (method * 256 + flags) % 31 === 0;
}

function skipLineEnd(file: Uint8Array, at: number): number {
  let next = at;
  while (file[next] === 0x0d || file[next] === 0x0a || file[next] === 0x20) next += 1;
  return next;
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
