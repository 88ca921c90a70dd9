import { createBitWriter } from './bit-writer.ts';
import { encodeGb18030, encodeUtf8 } from './character-set.ts';
import { readPayload } from './payload.ts';
import type { Segment } from './segment.ts';
import { writeSegment } from './segment-writer.ts';
import { maxContentBytes, splitContent } from './segmentation.ts';

/** How text becomes bytes: `auto` takes GB 18030, or UTF-8 with its ECI when that is shorter. */
export type TextEncoding = 'auto' | 'gb18030' | 'utf-8' | 'unicode-mode';

/** The segments for a text or for bytes; null when it is longer than any symbol holds. Throws a RangeError for lone surrogates. */
export function planContent(content: string | Uint8Array, encoding: TextEncoding): readonly Segment[] | null {
  if (typeof content !== 'string') return content.length > maxContentBytes ? null : splitContent(content, false);
  if (content.length > maxContentBytes) return null;
  const utf8 = encodeUtf8(content);
  if (utf8 === null) throw new RangeError('The text holds a lone surrogate');
  if (encoding === 'unicode-mode') return [{ mode: 'unicode', bytes: utf8 }];
  const asUtf8 = withEci(eciUtf8, utf8, content, false);
  if (encoding === 'utf-8') return asUtf8;
  const gb = encodeGb18030(content);
  const asGb = gb === null ? null : withEci(eciGb18030, gb, content, true);
  if (encoding === 'gb18030' || asUtf8 === null) return asGb;
  return asGb !== null && segmentBits(asGb) <= segmentBits(asUtf8) ? asGb : asUtf8;
}

/** Bits that segments need in the symbol. */
export function segmentBits(segments: readonly Segment[]): number {
  const writer = createBitWriter();
  for (const segment of segments) writeSegment(writer, segment);
  return writer.length();
}

const eciUtf8 = 26;
const eciGb18030 = 32;

/** Names the character set by ECI only where a reader without that hint would get another text: old scanners stop at ECI. */
function withEci(designator: number, bytes: Uint8Array, text: string, chinese: boolean): readonly Segment[] | null {
  if (bytes.length > maxContentBytes) return null;
  const plain = splitContent(bytes, chinese);
  const writer = createBitWriter();
  for (const segment of plain) writeSegment(writer, segment);
  const read = readPayload(writer.bytes());
  const ascii = bytes.every((byte) => byte < 0x80);
  const obvious = read !== null && read.text === text && (ascii || chinese);
  return obvious ? plain : [{ mode: 'eci', designator }, ...plain];
}
