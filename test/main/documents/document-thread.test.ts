import { PDFDocument, rgb } from '@cantoo/pdf-lib';
import { expect, test } from 'vitest';
import { createDocumentThread } from '../../../main/documents/document-thread.ts';

async function drawOriginal(pages: number): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  for (let i = 0; i < pages; i++) document.addPage([400, 300]).drawRectangle({ x: 40, y: 60, width: 60, height: 60, color: rgb(1, 0, 0) });
  return document.save();
}

const input = (bytes: Uint8Array) => ({ original: { bytes, format: 'PDF' as const }, lines: ['政务服务中心'], recordId: 'r1', annotation: { maker: '政务服务中心', reason: '开户', validUntil: '20260531093107', time: '20260501093107' }, metadata: {}, madeAt: 0 });

test('copies one after the other, and again after the thread has ended', async () => {
  const thread = createDocumentThread({ idleMs: 50 });
  const copies = await Promise.all([1, 2, 3].map(async (pages) => thread.copy(input(await drawOriginal(pages)))));
  expect(copies.map((copy) => copy.ok && copy.value.pages)).toEqual([1, 2, 3]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await thread.copy(input(await drawOriginal(1)))).ok).toBe(true);
  await thread.close();
});

test('a failure comes through as it is', async () => {
  const thread = createDocumentThread();
  expect(await thread.copy(input(new Uint8Array(10)))).toEqual({ ok: false, failure: { code: 'file/damaged' } });
  await thread.close();
});

test('a file that takes too long is given up, and the next one is copied', async () => {
  const [long, short] = [await drawOriginal(190), await drawOriginal(1)];
  const hasty = createDocumentThread({ wallMs: 5 });
  expect(await hasty.copy(input(long))).toEqual({ ok: false, failure: { code: 'file/damaged', detail: 'copy given up' } });
  await hasty.close();
  const patient = createDocumentThread();
  expect((await patient.copy(input(short))).ok).toBe(true);
  await patient.close();
});

test('the thread is waited for as long as the processor had no time for it', async () => {
  const long = await drawOriginal(190);
  let looks = 0;
  const starved = createDocumentThread({ wallMs: 5, cpuMs: () => (looks += 1, 0) });
  expect((await starved.copy(input(long))).ok).toBe(false);
  // Six waits and the one look that each begins with: one wait would have been two.
  expect(looks).toBeGreaterThan(6);
  await starved.close();
});

test('says what a file holds, from the thread: pages, form fields, attachments', async () => {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([400, 300]);
  pdf.setTitle('营业执照');
  await pdf.attach(new Uint8Array([1, 2, 3]), '副本.xml');
  const name = pdf.getForm().createTextField('holder');
  name.setText('Example');
  name.addToPage(page, { x: 10, y: 10, width: 100, height: 20 });
  const thread = createDocumentThread();
  expect(await thread.describe({ bytes: await pdf.save(), format: 'PDF' })).toMatchObject({
    ok: true,
    value: { pages: 1, title: '营业执照', documents: [{ pages: 1 }], attachments: [{ name: '副本.xml' }], fonts: [{ name: 'Helvetica', embedded: false }], sizes: [expect.anything()], fields: [{ source: 'form', name: 'holder', value: 'Example' }], permissions: null },
  });
  expect(await thread.describe({ bytes: new Uint8Array(10), format: 'OFD' })).toMatchObject({ ok: false, failure: { code: 'file/damaged' } });
  await thread.close();
});
