import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { imageLimits } from '../devices/image-pixels.ts';

// Windows has no such flag, and no pipes among its files.
const readWithoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Reads a picture file: a regular file of at most the reader's size limit; `scan/unreadable-image` says why in `detail`. */
export async function readPictureFile(file: string): Promise<Result<Uint8Array>> {
  try {
    // The size is asked of the opened file: a name may lead elsewhere a moment later. A pipe is refused without waiting for it.
    const handle = await open(file, readWithoutWaiting);
    try {
      const status = await handle.stat();
      if (!status.isFile()) return fail('scan/unreadable-image', 'not a regular file');
      if (status.size > imageLimits.bytes) return fail('scan/unreadable-image', `larger than ${imageLimits.bytes} bytes`);
      return ok(await handle.readFile());
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === '') throw error;
    return fail('scan/unreadable-image', code === 'ENOENT' ? 'no such file' : code);
  }
}
