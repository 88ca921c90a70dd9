import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { segmentBits } from '../../hanxin/content.ts';
import { decodeMatrix, encodeSegments, type ByteMode, type Segment } from '../../hanxin/index.ts';
import { splitContent } from '../../hanxin/segmentation.ts';

const modes: readonly ByteMode[] = ['numeric', 'text', 'binary', 'region', 'two-byte', 'four-byte'];

/** Fewest bits by trying every cut and every mode with the writer itself. */
function fewestBits(bytes: Uint8Array, chinese: boolean): number {
  const best = [0];
  for (let end = 1; end <= bytes.length; end++) {
    best[end] = Infinity;
    for (let start = 0; start < end; start++) {
      for (const mode of chinese ? modes : modes.slice(0, 3)) {
        best[end] = Math.min(best[end]!, best[start]! + bitsAlone({ mode, bytes: bytes.subarray(start, end) }));
      }
    }
  }
  return best[bytes.length]!;
}

function bitsAlone(segment: Segment): number {
  try {
    return segmentBits([segment]);
  } catch {
    return Infinity;
  }
}

describe('splitting content', () => {
  const piece = fc.oneof(
    fc.stringMatching(/^\d{1,7}$/).map((text) => [...new TextEncoder().encode(text)]),
    fc.stringMatching(/^[A-Za-z ,.;]{1,5}$/).map((text) => [...new TextEncoder().encode(text)]),
    fc.uint8Array({ minLength: 1, maxLength: 3 }).map((bytes) => [...bytes]),
    fc.array(fc.tuple(fc.constantFrom(0xb0, 0xc4, 0xd8, 0xe1, 0x81, 0xa4), fc.integer({ min: 0xa1, max: 0xfe })), { minLength: 1, maxLength: 5 }).map((pairs) => pairs.flat()),
    fc.constant([0x82, 0x30, 0xa8, 0x35]),
  );
  const content = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => Uint8Array.from(pieces.flat()));

  test('no other cut into segments has fewer bits', () => {
    fc.assert(
      fc.property(content, fc.boolean(), (bytes, chinese) => {
        const segments = splitContent(bytes, chinese);
        expect(segments.flatMap((segment) => (segment.mode === 'eci' ? [] : [...segment.bytes]))).toEqual([...bytes]);
        expect(segmentBits(segments)).toBe(fewestBits(bytes, chinese));
      }),
      { numRuns: 300 },
    );
  });

  test('Chinese modes are taken for GB 18030 even where the bytes are valid UTF-8', () => {
    const bytes = Uint8Array.of(0xc2, 0xa9, 0xc3, 0xa9);
    const expected = new TextDecoder('gb18030').decode(bytes);
    expect(decodeMatrix(encodeSegments([{ mode: 'two-byte', bytes }])!)!.text).toBe(expected);
    expect(decodeMatrix(encodeSegments([{ mode: 'binary', bytes }])!)!.text).toBe('©é');
  });
});
