import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Puts the names of a folder on the disk: files made, renamed or removed in it. */
export function syncFolder(folder: string): void {
  // Windows cannot open a folder for syncing; its renames are durable by themselves.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
