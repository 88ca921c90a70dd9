import { closeSync, existsSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Zip, ZipDeflate } from 'fflate';
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
}

/**
 * A ZIP archive of one folder of that name. `take` is given its bytes and says when it can take more; meanwhile the export
 * waits. Files that are open at once wait compressed in memory for those begun before them.
 */
export function createZipTarget(folder: string, at: number, take: (bytes: Uint8Array) => Promise<void>): ZipTarget {
  const pieces: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error !== null) throw error;
    // The archiver uses its buffers again.
    pieces.push(bytes.slice());
  });
  const settle = async (): Promise<void> => {
    if (pieces.length > 0) await take(Buffer.concat(pieces.splice(0)));
  };
  const stream: ExportTarget['stream'] = (name) => {
    const file = new ZipDeflate(`${folder}/${name}`, { level: 6 });
    file.mtime = at;
    zip.add(file);
    return { write: (bytes) => file.push(bytes), end: () => file.push(new Uint8Array(), true) };
  };
  return {
    stream,
    file: (name, content) => {
      const file = stream(name);
      file.write(content);
      file.end();
    },
    settle,
    finish: () => {
      zip.end();
      return settle();
    },
  };
}
