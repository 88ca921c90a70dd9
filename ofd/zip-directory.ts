import type { OfdLimits } from './limits.ts';
import { done, type OfdResult, refuse } from './result.ts';

/** One entry as the central directory declares it; nothing is unpacked yet. */
export interface ZipEntry {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  readonly packedSize: number;
  readonly size: number;
  readonly crc32: number;
  readonly headerOffset: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endSize = 22;
const longestComment = 0xffff;

/**
 * Reads the central directory of a ZIP file (APPNOTE 4.3.12) and refuses, before a byte is unpacked: too many or too large
 * entries, names that leave the package, the same name twice, encryption, links and unknown compression.
 */
export function readZipDirectory(bytes: Uint8Array, limits: OfdLimits): OfdResult<readonly ZipEntry[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === null) return refuse('package/not-a-zip');
  const { count, start } = readEnd(view, end);
  if (count > limits.entries) return refuse('package/too-many-entries', String(count));
  const entries = new Map<string, ZipEntry>();
  let at = start;
  let total = 0;
  for (let index = 0; index < count; index++) {
    const record = readRecord(view, at);
    if (record === null) return refuse('package/damaged', 'directory');
    at = record.next;
    const entry = checkRecord(record, limits);
    if (!entry.ok) return entry;
    if (entry.value === null) continue;
    const { name, size } = entry.value;
    // Windows and macOS would take the two for one file, and so would a reader that ignores case.
    const key = name.toLowerCase();
    if (entries.has(key)) return refuse('package/duplicate-name', name);
    total += size;
    if (total > limits.packageBytes) return refuse('package/too-large', String(total));
    entries.set(key, entry.value);
  }
  return done([...entries.values()]);
}

const largeLocatorSignature = 0x07064b50;
const largeEndSignature = 0x06064b50;

/** Where the directory begins and how many entries it has; from the ZIP64 record where the usual one has no room (4.3.14). */
function readEnd(view: DataView, end: number): { readonly count: number; readonly start: number } {
  const usual = { count: view.getUint16(end + 10, true), start: view.getUint32(end + 16, true) };
  if ((usual.count !== 0xffff && usual.start !== 0xffffffff) || end < 20 || view.getUint32(end - 20, true) !== largeLocatorSignature) return usual;
  const at = Number(view.getBigUint64(end - 12, true));
  if (at + 56 > view.byteLength || view.getUint32(at, true) !== largeEndSignature) return usual;
  return { count: Number(view.getBigUint64(at + 32, true)), start: Number(view.getBigUint64(at + 48, true)) };
}

function findEnd(view: DataView): number | null {
  const first = Math.max(0, view.byteLength - endSize - longestComment);
  for (let at = view.byteLength - endSize; at >= first; at--) if (view.getUint32(at, true) === endSignature) return at;
  return null;
}

interface DirectoryRecord {
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly packedSize: number;
  readonly size: number;
  readonly attributes: number;
  readonly madeOn: number;
  readonly headerOffset: number;
  readonly name: Uint8Array;
  readonly next: number;
}

function readRecord(view: DataView, at: number): DirectoryRecord | null {
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== entrySignature) return null;
  const nameEnd = at + 46 + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const next = extraEnd + view.getUint16(at + 32, true);
  if (next > view.byteLength) return null;
  const sizes = { size: view.getUint32(at + 24, true), packedSize: view.getUint32(at + 20, true), headerOffset: view.getUint32(at + 42, true) };
  const large = readLargeSizes(view, { from: nameEnd, to: extraEnd, sizes });
  if (large === null) return null;
  return {
    ...large,
    madeOn: view.getUint8(at + 5),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc32: view.getUint32(at + 16, true),
    attributes: view.getUint32(at + 38, true),
    name: new Uint8Array(view.buffer, view.byteOffset + at + 46, nameEnd - at - 46),
    next,
  };
}

interface Sizes {
  readonly size: number;
  readonly packedSize: number;
  readonly headerOffset: number;
}

/** Some writers put every size into the ZIP64 field, however small it is. */
function readLargeSizes(view: DataView, { from, to, sizes }: { from: number; to: number; sizes: Sizes }): Sizes | null {
  const unknown = 0xffffffff;
  if (sizes.size !== unknown && sizes.packedSize !== unknown && sizes.headerOffset !== unknown) return sizes;
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let field = at + 4;
    const read = (value: number): number => {
      if (value !== unknown) return value;
      if (field + 8 > to) return Number.NaN;
      field += 8;
      return Number(view.getBigUint64(field - 8, true));
    };
    const large = { size: read(sizes.size), packedSize: read(sizes.packedSize), headerOffset: read(sizes.headerOffset) };
    return Object.values(large).every(Number.isSafeInteger) ? large : null;
  }
  return null;
}

/** Null for a folder. */
function checkRecord(record: DirectoryRecord, limits: OfdLimits): OfdResult<ZipEntry | null> {
  const { flags, method, attributes, madeOn, packedSize, size, crc32, headerOffset } = record;
  const name = decodeName(record.name, (flags & 0x800) !== 0);
  if (!isSafeName(name)) return refuse('package/unsafe-name', name.slice(0, 80));
  if ((flags & 0x2041) !== 0) return refuse('package/encrypted', name);
  const fileType = madeOn === 3 ? (attributes >>> 16) & 0o170000 : 0;
  if (fileType === 0o120000) return refuse('package/link', name);
  if (name.endsWith('/')) return done(null);
  if (method !== 0 && method !== 8) return refuse('package/unknown-compression', name);
  if (size > limits.entryBytes) return refuse('package/entry-too-large', name);
  return done({ name, method: method === 0 ? 'stored' : 'deflated', packedSize, size, crc32, headerOffset });
}

/** Names without the UTF-8 mark come as UTF-8 all the same, or in the code page of a Chinese Windows. */
function decodeName(bytes: Uint8Array, isUtf8: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder(isUtf8 ? 'utf-8' : 'gb18030').decode(bytes);
  }
}

function isSafeName(name: string): boolean {
  if (name === '' || name.includes('\0') || /^[/\\]|^[a-z]:/i.test(name)) return false;
  return !name.split(/[/\\]/).includes('..');
}
