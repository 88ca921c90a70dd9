/**
 * A stretch of content in one mode. `region` holds pairs of Chinese regions 1 and 2, `gs1` has GS (0x1D) for FNC1,
 * `uri` and `gs1` are ASCII, `unicode` is UTF-8; the others give their bytes as they are.
 */
export type Segment =
  | { readonly mode: ByteMode; readonly bytes: Uint8Array }
  | { readonly mode: 'eci'; readonly designator: number };

/** Modes that carry bytes. */
export type ByteMode = 'numeric' | 'text' | 'binary' | 'region' | 'two-byte' | 'four-byte' | 'unicode' | 'gs1' | 'uri';

/** Mode indicators (ISO/IEC 20830 5.4); `gs1` and `uri` have eight bits, the others four. */
export const indicators = { numeric: 1, text: 2, binary: 3, region1: 4, region2: 5, twoByte: 6, fourByte: 7, eci: 8, unicode: 9, gs1: 0xe1, uri: 0xe2 } as const;

/** FNC1 inside numeric segments of GS1 mode. */
export const numericFnc1 = 1000;

/** GS, how FNC1 appears in the bytes. */
export const groupSeparator = 0x1d;

/** Text sub-mode 1 value of a byte, 0..61, or -1. */
export function textValue1(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x41 && byte <= 0x5a) return byte - 0x41 + 10;
  if (byte >= 0x61 && byte <= 0x7a) return byte - 0x61 + 36;
  return -1;
}

/** Text sub-mode 2 value of a byte, 0..61, or -1: what ASCII has beside letters and digits, without 0x1C..0x1F. */
export function textValue2(byte: number): number {
  for (const [from, to, value] of text2Ranges) if (byte >= from && byte <= to) return byte - from + value;
  return -1;
}

/** The byte of a text value 0..61. */
export function textByte(value: number, subMode: 1 | 2): number {
  if (subMode === 1) return value < 10 ? 0x30 + value : value < 36 ? 0x41 + value - 10 : 0x61 + value - 36;
  for (const [from, to, first] of text2Ranges) if (value >= first && value <= first + to - from) return from + value - first;
  return 0;
}

const text2Ranges: readonly (readonly [number, number, number])[] = [
  [0x00, 0x1b, 0],
  [0x20, 0x2f, 28],
  [0x3a, 0x40, 44],
  [0x5b, 0x60, 51],
  [0x7b, 0x7f, 57],
];

/** Twelve-bit value of a pair in Chinese region 1, or -1. */
export function region1Value(b1: number, b2: number): number {
  if (b2 < 0xa1 || b2 > 0xfe) return -1;
  if (b1 >= 0xb0 && b1 <= 0xd7) return 94 * (b1 - 0xb0) + b2 - 0xa1;
  if (b1 >= 0xa1 && b1 <= 0xa3) return 94 * (b1 - 0xa1) + b2 - 0xa1 + 0xeb0;
  return b1 === 0xa8 && b2 <= 0xc0 ? b2 - 0xa1 + 0xfca : -1;
}

/** The pair of a region 1 value as b1 * 256 + b2, or -1. */
export function region1Pair(value: number): number {
  if (value < 0xeb0) return ((0xb0 + Math.floor(value / 94)) << 8) | (0xa1 + (value % 94));
  if (value < 0xfca) return ((0xa1 + Math.floor((value - 0xeb0) / 94)) << 8) | (0xa1 + ((value - 0xeb0) % 94));
  return value < 0xfea ? 0xa8a1 + value - 0xfca : -1;
}

/** Twelve-bit value of a pair in Chinese region 2, or -1. */
export function region2Value(b1: number, b2: number): number {
  return b1 >= 0xd8 && b1 <= 0xf7 && b2 >= 0xa1 && b2 <= 0xfe ? 94 * (b1 - 0xd8) + b2 - 0xa1 : -1;
}

/** The pair of a region 2 value, or -1. */
export function region2Pair(value: number): number {
  return value < 94 * 32 ? ((0xd8 + Math.floor(value / 94)) << 8) | (0xa1 + (value % 94)) : -1;
}

/** Fifteen-bit value of a GB 18030 two-byte sequence, or -1. */
export function twoByteValue(b1: number, b2: number): number {
  if (b1 < 0x81 || b1 > 0xfe || b2 < 0x40 || b2 > 0xfe || b2 === 0x7f) return -1;
  return 190 * (b1 - 0x81) + b2 - 0x40 - (b2 >= 0x80 ? 1 : 0);
}

/** The pair of a two-byte value, or -1. */
export function twoBytePair(value: number): number {
  if (value >= 190 * 126) return -1;
  const trail = value % 190;
  return ((0x81 + Math.floor(value / 190)) << 8) | (trail + 0x40 + (trail >= 0x3f ? 1 : 0));
}

/** Twenty-one-bit value of a GB 18030 four-byte sequence, or -1. */
export function fourByteValue(b1: number, b2: number, b3: number, b4: number): number {
  if (b1 < 0x81 || b1 > 0xfe || b3 < 0x81 || b3 > 0xfe || b2 < 0x30 || b2 > 0x39 || b4 < 0x30 || b4 > 0x39) return -1;
  return 12_600 * (b1 - 0x81) + 1260 * (b2 - 0x30) + 10 * (b3 - 0x81) + b4 - 0x30;
}

/** Number of four-byte sequences: larger values are invalid. */
export const fourByteCount = 126 * 12_600;
