import path from 'node:path';
import { ok, type Result } from '../../domain/failure.ts';
import { isTracedRecord, type TraceContent } from '../../domain/trace-pattern.ts';
import { createDocumentWork } from '../documents/document-work.ts';
import type { RenderedSheet, RenderInput } from '../documents/page-rendering.ts';
import { readGreyPicture } from '../documents/trace-picture.ts';
import { readTraceMark } from '../documents/trace-reading.ts';
import type { Call, Outcome } from './command.ts';
import { choiceOf, readDocumentFile } from './document-file.ts';
import { printFailure } from './failure-words.ts';
import { readPictureFile } from './picture-file.ts';

/** `document trace`: the record that a photographed copy, or the file of one, belongs to; with `--record`, whether it is that one, which a mark that holds only a digest cannot say by itself. */
export async function traceDocument(call: Call, file: string): Promise<Outcome> {
  const { output } = call;
  const started = performance.now();
  const found = await findMark(call, path.resolve(file));
  if (!found.ok) {
    output.say(`${file}: ${printFailure(found.failure)}`);
    output.record({ file, error: found.failure });
    return 'failed';
  }
  const content = found.value;
  const ms = Math.round(performance.now() - started);
  const asked = call.text('record');
  const digest = content !== null && 'digest' in content ? content.digest : null;
  const recordId = content !== null && 'recordId' in content ? content.recordId : asked !== null && digest !== null && isTracedRecord(asked, digest) ? asked : null;
  const says = recordId === null ? `digest of the record id: ${digest ?? ''}` : `record ${recordId}`;
  const isAnother = content !== null && asked !== null && recordId !== asked;
  output.say(`${file}: ${content === null ? 'no trace mark found' : says}${isAnother ? `, not ${asked}` : ''} (${ms} ms)`);
  output.record({ file, recordId, digest, ms });
  return content === null || isAnother ? 'failed' : 'done';
}

/** The mark in a picture, or on the first page of a file (OFD, PDF) that has one: its pages are drawn for it. */
async function findMark(call: Call, file: string): Promise<Result<TraceContent | null>> {
  const document = await readDocumentFile(file);
  if (document.ok) return findMarkOnPages({ ...document.value, choice: choiceOf(call), dpi: pageDpi, now: Date.now() });
  const read = await readPictureFile(file);
  const picture = read.ok ? await readGreyPicture(read.value) : read;
  return picture.ok ? ok(readTraceMark(picture.value)) : picture;
}

// An A4 page has as many pixels then as a picture is looked at with.
const pageDpi = 150;

async function findMarkOnPages(input: Omit<RenderInput, 'pages'>): Promise<Result<TraceContent | null>> {
  const work = createDocumentWork();
  try {
    let unseen: Result<never> | null = null;
    for (let page = 1; ; page++) {
      const sheets: RenderedSheet[] = [];
      const rendering = await work.render({ ...input, pages: [page] }, (sheet) => void sheets.push(sheet));
      if (!rendering.ok) return rendering;
      const [sheet] = sheets;
      const found = sheet === undefined ? ok(null) : await readSheet(sheet);
      if (found.ok && found.value !== null) return found;
      if (!found.ok) unseen ??= found;
      // Nobody can say that there is no mark where a page could not be looked at.
      if (page >= rendering.value.pages) return unseen ?? ok(null);
    }
  } finally {
    await work.close();
  }
}

async function readSheet(sheet: RenderedSheet): Promise<Result<TraceContent | null>> {
  if ('failure' in sheet) return { ok: false, failure: sheet.failure };
  const picture = await readGreyPicture(sheet.png);
  return picture.ok ? ok(readTraceMark(picture.value)) : picture;
}
