import { describe, expect, test } from 'vitest';
import { type RenderedSheet, renderPages } from '../../../main/documents/page-rendering.ts';
import { absent, readSample, samples } from './sample-files.ts';

/** Every sample that is not painted page by page, and why. */
const refusals: Readonly<Record<string, string>> = {
  'hostile-truncated.ofd': 'file/damaged package/not-a-zip',
  'hostile-zip-bomb.ofd': 'file/damaged package/entry-too-large',
  'hostile-zip-slip.ofd': 'file/damaged package/unsafe-name',
  'hostile-xxe.ofd': 'page 1: file/damaged xml/doctype',
  'hostile-huge-page.ofd': 'page 1: file/damaged page size',
  'poppler-395-0-fuzzed.pdf': 'file/damaged',
  'print_protection.pdf': 'file/unsupported-format encrypted',
};

describe.skipIf(absent !== null)('pages as pictures', () => {
  test('the samples are all here', () => {
    expect(samples).toHaveLength(67);
    expect(Object.keys(refusals).filter((file) => !samples.some((sample) => sample.file === file))).toEqual([]);
  });

  test.each(samples.map(({ file, format }) => [file, format] as const))('%s', async (file, format) => {
    const sheets: RenderedSheet[] = [];
    const rendering = await renderPages({ bytes: readSample(file), format, dpi: 20, pages: [1, 2, 3], now: Date.UTC(2026, 10, 22) }, (sheet) => void sheets.push(sheet));
    const say = ({ code, detail }: { code: string; detail?: string }) => [code, detail].filter((part) => part !== undefined).join(' ');
    const refused = sheets.flatMap((sheet) => ('failure' in sheet ? `page ${sheet.page}: ${say(sheet.failure)}` : []));
    expect(rendering.ok ? (refused[0] ?? 'painted') : say(rendering.failure)).toBe(refusals[file] ?? 'painted');
    for (const sheet of sheets) if ('png' in sheet) expect([...sheet.png.subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
  });

  test('only the pages that were asked for', async () => {
    const pages: number[] = [];
    const rendering = await renderPages({ bytes: readSample('syn-many-pages.ofd'), format: 'OFD', dpi: 10, pages: [2, 120, 121], now: 0 }, ({ page }) => void pages.push(page));
    expect(pages).toEqual([2, 120]);
    expect(rendering).toEqual({ ok: true, value: { pages: 120 } });
  });
});
