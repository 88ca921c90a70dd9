import { closeSync, existsSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { Zip, ZipDeflate, type ZipInputFile } from 'fflate';
import type { ExportTarget } from './export.ts';

/** Whether an export may be written there: a folder that is missing or empty. */
export function isFreeFolder(folder: string): boolean {
  return !existsSync(folder) || readdirSync(folder).length === 0;
}

/** A folder, for this user only; no file that is there is written over. */
export function createFolderTarget(folder: string): ExportTarget {
  const placeOf = (name: string): string => {
    const place = join(folder, name);
    mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
    return place;
  };
  for (const name of ['checkpoints', 'countersigned']) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  return {
    file: (name, content) => writeFileSync(placeOf(name), content, { flag: 'wx', mode: 0o600 }),
    stream: (name) => {
      const handle = openSync(placeOf(name), 'wx', 0o600);
      return { write: (bytes) => void writeSync(handle, bytes), end: () => closeSync(handle) };
    },
    settle: () => Promise.resolve(),
  };
}

/** An archive, piece by piece; `finish` when everything is in it. */
export interface ZipTarget extends ExportTarget {
  finish(): Promise<void>;
  /** More than the fields of an archive can say was put into it, and it is of no use. */
  isTooLarge(): boolean;
}

/**
 * A ZIP archive of one folder of that name. `take` is given its bytes and says when it can take more; meanwhile the export
 * waits. Files that are open at once wait compressed in memory for those begun before them. `most`: bytes that a file and the
 * whole may have; the archiver writes places and sizes into four bytes, and does not look whether they fit.
 */
export function createZipTarget(folder: string, at: number, take: (bytes: Uint8Array) => Promise<void>, most = 0xff_ff_ff_ff): ZipTarget {
  const pieces: Uint8Array[] = [];
  let [files, length, longest] = [0, 0, 0];
  const zip = new Zip((error, bytes, isEnd) => {
    if (error !== null) throw error;
    // The archiver uses its buffers again.
    const piece = isEnd && files >= countless ? countFiles(bytes, length, files) : bytes.slice();
    length += piece.length;
    pieces.push(piece);
  });
  const add = (file: ZipInputFile): void => {
    file.mtime = at;
    zip.add(file);
    files += 1;
  };
  const settle = async (): Promise<void> => {
    if (pieces.length > 0) await take(Buffer.concat(pieces.splice(0)));
  };
  const stream: ExportTarget['stream'] = (name) => {
    const file = new ZipDeflate(`${folder}/${name}`, { level: 6 });
    add(file);
    let size = 0;
    return {
      write: (bytes) => {
        size += bytes.length;
        longest = Math.max(longest, size);
        file.push(bytes);
      },
      end: () => file.push(new Uint8Array(), true),
    };
  };
  return {
    stream,
    // Small ones by the thousand: what the archiver sets up for each costs it forty times the work.
    file: (name, content) => {
      const file: ZipInputFile = { filename: `${folder}/${name}`, size: content.length, crc: crc32(content), compression: 8 };
      add(file);
      file.ondata?.(null, deflateRawSync(content), true);
    },
    settle,
    isTooLarge: () => length > most || longest > most,
    finish: () => {
      zip.end();
      return settle();
    },
  };
}

/** What the end of an archive cannot say of its files in two bytes; the archiver does not look. */
const countless = 0xff_ff;
const [endLength, longEndLength, locatorLength] = [22, 56, 20];

/** The directory of an archive that goes on after `before` bytes, its end with the longer record that can count them (APPNOTE 4.3.14 to 4.3.16). */
function countFiles(directory: Uint8Array, before: number, files: number): Uint8Array {
  const short = directory.length - endLength;
  const counted = new Uint8Array(directory.length + longEndLength + locatorLength);
  counted.set(directory.subarray(0, short));
  const view = new DataView(counted.buffer);
  const [longEnd, locator, end] = [short, short + longEndLength, short + longEndLength + locatorLength];
  view.setUint32(longEnd, 0x06_06_4b_50, true);
  view.setBigUint64(longEnd + 4, BigInt(longEndLength - 12), true);
  view.setUint16(longEnd + 12, 45, true);
  view.setUint16(longEnd + 14, 45, true);
  view.setBigUint64(longEnd + 24, BigInt(files), true);
  view.setBigUint64(longEnd + 32, BigInt(files), true);
  view.setBigUint64(longEnd + 40, BigInt(short), true);
  view.setBigUint64(longEnd + 48, BigInt(before), true);
  view.setUint32(locator, 0x07_06_4b_50, true);
  view.setBigUint64(locator + 8, BigInt(before + longEnd), true);
  view.setUint32(locator + 16, 1, true);
  view.setUint32(end, 0x06_05_4b_50, true);
  view.setUint16(end + 8, countless, true);
  view.setUint16(end + 10, countless, true);
  view.setUint32(end + 12, short, true);
  view.setUint32(end + 16, before, true);
  return counted;
}
