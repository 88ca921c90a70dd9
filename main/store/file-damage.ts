import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { equalBytes } from '../../domain/crypto/bytes.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';

/** How a database file can be damaged: gone though its log is known of, no database, cut short, pages that do not read, or a write-ahead log that does not. */
export type FileDamage = 'missing' | 'not-a-database' | 'truncated' | 'unreadable' | 'log-unreadable';

/**
 * What a look at the files alone shows, before any library opens (and changes) them; `isKnown`: something outside says that
 * there was a log. A `log-unreadable` may have lost nothing: a power cut leaves the end of a write-ahead log torn too.
 */
export function findFileDamage(file: string, isKnown: boolean): FileDamage | null {
  const size = existsSync(file) ? statSync(file).size : 0;
  if (size === 0) return isKnown ? 'missing' : null;
  const header = readStart(file, headerLength);
  if (!equalBytes(header.subarray(0, magic.length), magic)) return 'not-a-database';
  const log = `${file}-wal`;
  const written = existsSync(log) ? readFileSync(log) : new Uint8Array();
  // A log that was laid out and not yet written to is none.
  if (!isZero(written)) return isLogWhole(written) ? null : 'log-unreadable';
  return size < statedLength(header) ? 'truncated' : null;
}

const magic = encodeUtf8('SQLite format 3\0');
const headerLength = 100;

function readStart(file: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const handle = openSync(file, 'r');
  readSync(handle, bytes, 0, length, 0);
  closeSync(handle);
  return bytes;
}

/** Pages times their size, as the header of a SQLite file states them; a page size of 1 means 65,536. */
function statedLength(header: Uint8Array): number {
  const view = new DataView(header.buffer);
  const pageSize = view.getUint16(16);
  return (pageSize === 1 ? 65_536 : pageSize) * view.getUint32(28);
}

const logHeader = 32;
const frameHeader = 24;
const logMagic = 0x377f0682;

/**
 * Whether a write-ahead log reads from its header to the last frame of its own salts (SQLite's file format, 4.1): every
 * frame carries a running checksum. Frames of other salts are left over from before, zeros were never written to: both end it.
 */
export function isLogWhole(log: Uint8Array): boolean {
  if (log.length < logHeader) return false;
  const view = new DataView(log.buffer, log.byteOffset, log.length);
  const isBigEndian = view.getUint32(0) === logMagic + 1;
  if (!isBigEndian && view.getUint32(0) !== logMagic) return false;
  const sum = createRunningSum(view, !isBigEndian);
  sum.add(0, 24);
  if (!sum.equals(24)) return false;
  const length = frameHeader + view.getUint32(8);
  for (let at = logHeader; at < log.length; at += length) {
    if (at + length > log.length) return isZero(log.subarray(at));
    if (!equalBytes(log.subarray(at + 8, at + 16), log.subarray(16, 24))) return true;
    sum.add(at, 8);
    sum.add(at + frameHeader, length - frameHeader);
    if (!sum.equals(at + 16)) return false;
  }
  return true;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function createRunningSum(view: DataView, isLittleEndian: boolean) {
  let a = 0;
  let b = 0;
  return {
    add: (from: number, length: number): void => {
      for (let at = from; at < from + length; at += 8) {
        a = (a + view.getUint32(at, isLittleEndian) + b) >>> 0;
        b = (b + view.getUint32(at + 4, isLittleEndian) + a) >>> 0;
      }
    },
    equals: (at: number): boolean => view.getUint32(at) === a && view.getUint32(at + 4) === b,
  };
}
