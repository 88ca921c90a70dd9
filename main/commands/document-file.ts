import { readFile, stat } from 'node:fs/promises';
import { fail, ok, type Result } from '../../domain/failure.ts';
import type { DocumentChoice } from '../../ofd/index.ts';
import type { SignedFile } from '../documents/signature-check.ts';
import type { Call } from './command.ts';

const largest = 64 * 1024 * 1024;

/** Reads a certificate file of at most 64 MB; the format by its first bytes. */
export async function readDocumentFile(file: string): Promise<Result<SignedFile>> {
  try {
    const status = await stat(file);
    if (!status.isFile()) return fail('file/damaged', 'not a regular file');
    if (status.size > largest) return fail('file/too-large');
    const bytes = new Uint8Array(await readFile(file));
    // Readers of PDF look for the header within the first kilobyte.
    const isPdf = Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-');
    if (!isPdf && !(bytes[0] === 0x50 && bytes[1] === 0x4b)) return fail('file/wrong-magic');
    return ok({ bytes, format: isPdf ? 'PDF' : 'OFD' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return error.code === 'ENOENT' ? fail('file/not-found') : fail('file/damaged', String(error.code));
  }
}

/** Which document and version of a package is asked for; documents count from 1 at the command line. */
export function choiceOf(call: Call): DocumentChoice {
  const [document, version] = [call.count('document'), call.text('doc-version')];
  return { ...(document === null ? {} : { document: document - 1 }), ...(version === null ? {} : { version }) };
}
