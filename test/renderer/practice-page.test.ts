import { PDFDocument } from '@cantoo/pdf-lib';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { expect, test } from 'vitest';
import { makePracticePage } from '../../renderer/documents/practice-page.ts';

test('the practice page is a PDF without a fault, and other libraries read it as well', async () => {
  const bytes = makePracticePage();
  const text = new TextDecoder().decode(bytes);
  const table = text.slice(Number(/startxref\n(\d+)/.exec(text)?.[1])).split('\n');
  expect(table[0]).toBe('xref');
  const places = table.slice(3, 8).map((line) => text.slice(Number(line.slice(0, 10))).split('\n')[0]);
  expect(places).toEqual(['1 0 obj', '2 0 obj', '3 0 obj', '4 0 obj', '5 0 obj']);
  const document = await PDFDocument.load(bytes, { throwOnInvalidObject: true });
  expect(document.getPageCount()).toBe(1);
  const pdf = await getDocument({ data: bytes, stopAtErrors: true, verbosity: 0 }).promise;
  const { items } = await (await pdf.getPage(1)).getTextContent();
  expect(items.map((item) => ('str' in item ? item.str : ''))).toEqual(['Counter 1234']);
});
