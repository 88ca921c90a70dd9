import { chmodSync, closeSync, fsyncSync, openSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './folder-sync.ts';

/** Writes a private file so that after a crash it is there whole or not at all. */
export function writeDurably(file: string, bytes: Uint8Array | string): void {
  const temporary = `${file}.new`;
  const handle = openSync(temporary, 'w', 0o600);
  try {
    writeSync(handle, typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  chmodSync(temporary, 0o600);
  renameSync(temporary, file);
  syncFolder(dirname(file));
}

/** Overwrites a file's bytes in place before removing it: what the disk keeps of it is not what stood there, where the disk writes in place. */
export function eraseFile(file: string): void {
  overwrite(file);
  unlinkSync(file);
  syncFolder(dirname(file));
}

/** Writes a private file over one whose old bytes must not stay on the disk. */
export function replaceErasing(file: string, bytes: Uint8Array | string): void {
  const old = openSync(file, 'r+');
  try {
    writeDurably(file, bytes);
    // The new file stands; the old one lives on under this handle alone.
    wipe(old, statSync(file).size * 2);
  } finally {
    closeSync(old);
  }
}

function overwrite(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    wipe(handle, statSync(file).size);
  } finally {
    closeSync(handle);
  }
}

function wipe(handle: number, length: number): void {
  writeSync(handle, Buffer.alloc(length), 0, length, 0);
  fsyncSync(handle);
}
