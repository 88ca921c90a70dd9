import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Failure } from '../../domain/failure.ts';
import { createDocumentWork } from '../documents/document-work.ts';
import type { RenderedSheet } from '../documents/page-rendering.ts';
import type { Call, Outcome } from './command.ts';
import { choiceOf, readDocumentFile } from './document-file.ts';

const usualDpi = 96;

interface Written {
  readonly page: number;
  readonly width: number;
  readonly height: number;
  readonly file: string;
}

/** `counter document render FILE --out DIR`: each page as a PNG; a page that cannot be had is named with the reason. */
export async function renderDocument(call: Call, file: string): Promise<Outcome> {
  const { output } = call;
  const folder = call.text('out') ?? '.';
  const pages = parsePages(call.text('pages'));
  if (pages === 'wrong') return { usage: '--pages must be numbers and ranges from 1: 1,3-5.' };
  const started = performance.now();
  const refuse = (failure: Failure): Outcome => {
    output.say(`${file}: cannot be shown: ${failure.detail ?? failure.code}`);
    output.record({ file, pages: 0, error: failure, ms: elapsed(started) });
    return 'failed';
  };
  const read = await readDocumentFile(path.resolve(file));
  if (!read.ok) return refuse(read.failure);
  await mkdir(folder, { recursive: true });
  const work = createDocumentWork();
  const writing: Promise<Written | { readonly page: number; readonly error: Failure }>[] = [];
  const take = (sheet: RenderedSheet): void => void writing.push(writeSheet(sheet, path.join(folder, path.basename(file))));
  try {
    const rendering = await work.render({ ...read.value, choice: choiceOf(call), dpi: call.count('dpi') ?? usualDpi, pages, now: Date.now() }, take);
    if (!rendering.ok) return refuse(rendering.failure);
    const sheets = await Promise.all(writing);
    for (const sheet of sheets) output.say('file' in sheet ? `${sheet.file}  ${sheet.width} × ${sheet.height}` : `${file} page ${sheet.page}: cannot be shown: ${sheet.error.detail ?? sheet.error.code}`);
    const failed = sheets.filter((sheet) => 'error' in sheet);
    output.record({ file, format: read.value.format, pages: rendering.value.pages, rendered: sheets.filter((sheet) => 'file' in sheet), refused: failed, ms: elapsed(started) });
    return failed.length > 0 ? 'failed' : 'done';
  } finally {
    await work.close();
  }
}

/** `licence.ofd` becomes `licence.ofd-1.png`. */
async function writeSheet(sheet: RenderedSheet, stem: string): Promise<Written | { readonly page: number; readonly error: Failure }> {
  const { page } = sheet;
  if ('failure' in sheet) return { page, error: sheet.failure };
  const file = `${stem}-${page}.png`;
  await writeFile(file, sheet.png);
  return { page, width: sheet.width, height: sheet.height, file };
}

function elapsed(started: number): number {
  return Math.round((performance.now() - started) * 10) / 10;
}

/** `1,3-5`; null for all pages. At most ten thousand, or a range could be the whole command's memory. */
function parsePages(text: string | null): readonly number[] | null | 'wrong' {
  if (text === null) return null;
  const pages: number[] = [];
  for (const part of text.split(',')) {
    const [, first = '', last = first] = /^\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === '' || from < 1 || to < from || pages.length + to - from > 10_000) return 'wrong';
    for (let page = from; page <= to; page++) pages.push(page);
  }
  return pages;
}
