import { decodeHex } from '../../domain/crypto/hex.ts';
import { readDerNode } from '../../ofd/der-tree.ts';

/** A signature dictionary found in a PDF (ISO 32000-1, 12.8.1), with what it covers. */
export interface PdfSignatureRange {
  /** End of the covered bytes in the file. */
  readonly extent: number;
  /** The covered bytes, both ranges joined; null when the range breaks a rule. */
  readonly data: Uint8Array | null;
  /** The value without its padding; null when it cannot be cut out. */
  readonly value: Uint8Array | null;
  readonly subFilter: string;
  /** The date as written (`D:20260301020304Z`), or null. */
  readonly date: string | null;
  /** Which rule is broken, for technicians. */
  readonly fault: string | null;
}

const rangeShape = /\/ByteRange\s*\[\s*([0-9]{1,12})\s+([0-9]{1,12})\s+([0-9]{1,12})\s+([0-9]{1,12})\s*\]/g;
const mostSignatures = 100;

/**
 * Finds the signatures of a PDF by their byte ranges, in file order. A range must begin at the start of the file and leave out
 * exactly the hexadecimal string of /Contents: everything else is a way to show what was not signed.
 */
export function findPdfSignatures(file: Uint8Array): readonly PdfSignatureRange[] {
  const text = Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString('latin1');
  const found: PdfSignatureRange[] = [];
  for (const match of text.matchAll(rangeShape)) {
    const [a = 0, b = 0, c = 0, d = 0] = match.slice(1).map(Number);
    found.push(readRange(file, text, match.index, [a, b, c, d]));
    if (found.length === mostSignatures) break;
  }
  return found.toSorted((one, other) => one.extent - other.extent);
}

function readRange(file: Uint8Array, text: string, at: number, [a, b, c, d]: readonly [number, number, number, number]): PdfSignatureRange {
  const dictionary = dictionaryAround(text, at, { from: b, to: c });
  const subFilter = /\/SubFilter\s*\/([A-Za-z0-9.#_-]+)/.exec(dictionary)?.[1] ?? '';
  const date = /\/M\s*\(((?:\\.|[^\\)])*)\)/.exec(dictionary)?.[1] ?? null;
  const base = { extent: c + d, subFilter, date: date === null ? null : unescape(date) };
  const fault = findFault(text, at, [a, b, c, d]);
  if (fault !== null) return { ...base, data: null, value: null, fault };
  const gap = decodeHex(text.slice(b + 1, c - 1));
  const node = gap === null ? null : readDerNode(gap);
  const isPadded = gap !== null && node !== null && gap.subarray(node.end).every((byte) => byte === 0);
  const data = Buffer.concat([file.subarray(0, b), file.subarray(c, c + d)]);
  return { ...base, data, value: isPadded ? gap.subarray(0, node.end) : null, fault: isPadded ? null : 'contents' };
}

function findFault(text: string, at: number, [a, b, c, d]: readonly [number, number, number, number]): string | null {
  if (a !== 0) return 'does not start at 0';
  if (c <= b + 1 || c + d > text.length) return 'outside the file';
  if (at > b && at < c) return 'inside the gap';
  const gap = text.slice(b, c);
  // One case throughout, as every signer writes it: otherwise a letter could be changed without changing the value.
  if (!/^<(?:[0-9a-f]*|[0-9A-F]*)>$/.test(gap)) return 'the gap is not one string';
  return /\/Contents\s*$/.test(text.slice(Math.max(0, b - 40), b)) ? null : 'the gap is not /Contents';
}

/** The object that the range stands in, the value left out. */
function dictionaryAround(text: string, at: number, gap: { from: number; to: number }): string {
  const start = Math.max(0, text.lastIndexOf(' obj', at), at - 65_536);
  const isGapBefore = gap.to <= at && gap.from > start;
  const before = isGapBefore ? text.slice(start, gap.from) + text.slice(gap.to, at) : text.slice(start, at);
  const after = gap.from > at && gap.to > gap.from ? text.slice(at, gap.from) + text.slice(gap.to, gap.to + 4096) : text.slice(at, at + 4096);
  return before + (after.split('endobj')[0] ?? '');
}

function unescape(literal: string): string {
  return literal.replace(/\\([0-7]{1,3}|.)/g, (_, code: string) => (/^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : code));
}

/** A PDF date (ISO 32000-1, 7.9.4) as epoch ms, or null. */
export function parsePdfDate(date: string | null): number | null {
  const match = /^D:([0-9]{4})([0-9]{2})?([0-9]{2})?([0-9]{2})?([0-9]{2})?([0-9]{2})?(?:Z|([+-])([0-9]{2})'?([0-9]{2})?)?/.exec(date ?? '');
  if (match === null) return null;
  const [year = 0, month, day, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((digits) => (digits === undefined ? undefined : Number(digits)));
  const offset = (Number(match[8] ?? 0) * 60 + Number(match[9] ?? 0)) * 60_000 * (match[7] === '-' ? -1 : 1);
  return Date.UTC(year, (month ?? 1) - 1, day ?? 1, hour, minute, second) - offset;
}
