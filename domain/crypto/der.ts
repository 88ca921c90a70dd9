import { concatBytes } from './bytes.ts';

/** The DER tags used by SM2 keys, signatures and ciphertexts (ITU-T X.690). */
export const derTag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
  context0: 0xa0,
  context1: 0xa1,
} as const;

/** One of the tags this reader and writer know. */
export type DerTag = (typeof derTag)[keyof typeof derTag];

/** Reads DER elements one after the other; every method answers null for what is not canonical DER of that kind. */
export interface DerReader {
  /** The content of the next element if it carries this tag; moves past it. */
  read(tag: DerTag): Uint8Array | null;
  /** The next element as an unsigned integer in exactly `width` big-endian bytes. */
  readUnsigned(width: number): Uint8Array | null;
  /** Whether nothing is left. */
  isAtEnd(): boolean;
}

/** Encodes one element: tag, shortest definite length, content. */
export function encodeDer(tag: DerTag, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(...content);
  return concatBytes(Uint8Array.of(tag), encodeLength(body.length), body);
}

/** Encodes an unsigned big-endian integer in its shortest form. */
export function encodeDerUnsigned(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const shortest = bytes.subarray(start);
  // A leading one bit would make it negative.
  const sign = ((shortest[0] ?? 0) & 0x80) !== 0 || shortest.length === 0 ? Uint8Array.of(0) : new Uint8Array();
  return encodeDer(derTag.integer, sign, shortest);
}

/** Starts reading DER from the first byte. */
export function createDerReader(bytes: Uint8Array): DerReader {
  let at = 0;
  const read = (tag: DerTag): Uint8Array | null => {
    if (bytes[at] !== tag) return null;
    const length = decodeLength(bytes, at + 1);
    if (length === null || length.end + length.value > bytes.length) return null;
    at = length.end + length.value;
    return bytes.subarray(length.end, at);
  };
  return {
    read,
    readUnsigned(width) {
      const content = read(derTag.integer);
      return content === null ? null : unsignedOf(content, width);
    },
    isAtEnd: () => at === bytes.length,
  };
}

function unsignedOf(content: Uint8Array, width: number): Uint8Array | null {
  const first = content[0];
  if (first === undefined || first >= 0x80) return null;
  // A zero byte may lead only where the next bit would otherwise be taken for a sign.
  if (first === 0 && content.length > 1 && (content[1] ?? 0) < 0x80) return null;
  const digits = first === 0 ? content.subarray(1) : content;
  if (digits.length > width) return null;
  const fixed = new Uint8Array(width);
  fixed.set(digits, width - digits.length);
  return fixed;
}

function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Uint8Array.of(0x80 | digits.length, ...digits);
}

function decodeLength(bytes: Uint8Array, at: number): { value: number; end: number } | null {
  const first = bytes[at];
  if (first === undefined || first === 0x80 || first > 0x84) return null;
  if (first < 0x80) return { value: first, end: at + 1 };
  const end = at + 1 + (first & 0x7f);
  if (end > bytes.length || bytes[at + 1] === 0) return null;
  let value = 0;
  for (let i = at + 1; i < end; i++) value = value * 256 + (bytes[i] ?? 0);
  return value < 0x80 ? null : { value, end };
}
