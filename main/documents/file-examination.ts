import { ok, type Failure, type Result } from '../../domain/failure.ts';
import type { DocumentWork } from './document-work.ts';
import type { FileContents } from './file-contents.ts';
import type { SignatureResult, SignedFile } from './signature-check.ts';

/** What is asked of a file before it goes to the window. */
export interface Examination {
  readonly anchors: readonly Uint8Array[];
  readonly revocationLists: readonly Uint8Array[];
  readonly now: number;
}

/** What a file is worth and holds; null for a part that cannot be read. */
export interface ExaminedFile {
  readonly signatures: SignatureResult | null;
  readonly contents: FileContents | null;
}

/** Pages that are painted once, small, before the window has them: nobody can give its workers a limit of memory. */
const triedPages = [1, 2, 3];
const triedDpi = 18;

/** Verifies and describes a file, and of a PDF paints the first pages for trial. `file/damaged` when one of these takes too long or too much memory: such a file is not shown. */
export async function examineFile(work: DocumentWork, file: SignedFile, { anchors, revocationLists, now }: Examination): Promise<Result<ExaminedFile>> {
  const signatures = await work.verify({ ...file, anchors, revocationLists, now });
  // Nobody waits through the patience for one part after that for another.
  if (isGivenUp(signatures)) return signatures;
  const contents = await work.describe(file);
  if (isGivenUp(contents)) return contents;
  const trial = file.format === 'PDF' ? await work.render({ ...file, dpi: triedDpi, pages: triedPages, now }, () => {}) : ok(null);
  if (isGivenUp(trial)) return trial;
  return ok({ signatures: signatures.ok ? signatures.value : null, contents: contents.ok ? contents.value : null });
}

function isGivenUp(part: Result<unknown>): part is { readonly ok: false; readonly failure: Failure } {
  return !part.ok && part.failure.detail?.endsWith('given up') === true;
}
