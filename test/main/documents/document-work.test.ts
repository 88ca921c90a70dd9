import { fork, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PDFDocument, rgb } from '@cantoo/pdf-lib';
import { expect, test } from 'vitest';
import type { DocumentReply } from '../../../main/documents/document-tasks.ts';
import { createDocumentThread } from '../../../main/documents/document-thread.ts';
import { attachDocumentProcess, createDocumentWork, documentProcessFlags, type DocumentProcess, type DocumentWork } from '../../../main/documents/document-work.ts';
import { examineFile } from '../../../main/documents/file-examination.ts';
import { hungrySample, makeHungryPdf } from '../../ofd/hungry-pdf.ts';

async function drawOriginal(pages: number): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  for (let i = 0; i < pages; i++) document.addPage([400, 300]).drawRectangle({ x: 40, y: 60, width: 60, height: 60, color: rgb(1, 0, 0) });
  return document.save();
}

const input = (bytes: Uint8Array) => ({ original: { bytes, format: 'PDF' as const }, lines: ['政务服务中心'], recordId: 'r1', annotation: { maker: '政务服务中心', reason: '开户', validUntil: '20260531093107', time: '20260501093107' }, metadata: {}, madeAt: 0 });

test('copies one after the other, and again after the process has ended', async () => {
  const work = createDocumentWork({ idleMs: 50 });
  const copies = await Promise.all([1, 2, 3].map(async (pages) => work.copy(input(await drawOriginal(pages)))));
  expect(copies.map((copy) => copy.ok && copy.value.pages)).toEqual([1, 2, 3]);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect((await work.copy(input(await drawOriginal(1)))).ok).toBe(true);
  await work.close();
});

test('a failure comes through as it is', async () => {
  const work = createDocumentWork();
  expect(await work.copy(input(new Uint8Array(10)))).toEqual({ ok: false, failure: { code: 'file/damaged' } });
  await work.close();
});

test('a file that takes too long is given up, and the next one is copied', async () => {
  const [long, short] = [await drawOriginal(190), await drawOriginal(1)];
  const hasty = createDocumentWork({ wallMs: 5 });
  expect(await hasty.copy(input(long))).toEqual({ ok: false, failure: { code: 'file/damaged', detail: 'copy given up' } });
  await hasty.close();
  const patient = createDocumentWork();
  expect((await patient.copy(input(short))).ok).toBe(true);
  await patient.close();
});

test('the thread is waited for as long as the processor had no time for it', async () => {
  const long = await drawOriginal(190);
  let looks = 0;
  const starved = createDocumentThread({ wallMs: 5, cpuMs: () => (looks += 1, 0) });
  expect((await starved.work({ kind: 'copy', input: input(long) }, () => {})).ok).toBe(false);
  // Six waits and the one look that each begins with: one wait would have been two.
  expect(looks).toBeGreaterThan(6);
  await starved.close();
});

const folder = path.resolve(import.meta.dirname, '../../../../shared/data/documents');
test.skipIf(!existsSync(folder))('a file that fills the memory costs one answer; this process lives, and the next file is read', async () => {
  const sample = new Uint8Array(readFileSync(path.join(folder, hungrySample.name)));
  const work = createDocumentWork();
  const ask = (bytes: Uint8Array) => work.render({ bytes, format: 'PDF', dpi: 36, pages: [1], now: 0 }, () => {});
  expect(await Promise.all([sample, makeHungryPdf(sample), sample].map(ask))).toEqual([
    { ok: true, value: { pages: 1 } },
    { ok: false, failure: { code: 'file/damaged', detail: 'render given up' } },
    { ok: true, value: { pages: 1 } },
  ]);
  // And it never comes to a window.
  const examine = (bytes: Uint8Array) => examineFile(work, { bytes, format: 'PDF' }, { anchors: [], revocationLists: [], now: 0 });
  expect(await examine(sample)).toMatchObject({ ok: true, value: { signatures: { state: 'none' }, contents: { pages: 1 } } });
  expect(await examine(makeHungryPdf(sample))).toEqual({ ok: false, failure: { code: 'file/damaged', detail: 'render given up' } });
  await work.close();
}, 90_000);

/** A process that does as it is told here. */
function standIn(answer: (reply: (reply: DocumentReply) => void, end: () => void) => void) {
  const calls: string[] = [];
  const start = (): DocumentProcess => {
    let hear = (_reply: DocumentReply): void => {};
    let end = (): void => {};
    calls.push('start');
    return {
      post: ({ kind }) => void (kind === 'end' ? end() : answer(hear, end)),
      onReply: (listener) => void (hear = listener),
      onEnd: (listener) => void (end = listener),
      kill: () => {
        calls.push('kill');
        end();
      },
    };
  };
  return { start, calls };
}

const asked = { bytes: new Uint8Array(), format: 'PDF' } as const;
const givenUp = { ok: false, failure: { code: 'file/damaged', detail: 'describe given up' } };

test('a process that ends without a word, or cannot be started, is an answer', async () => {
  const { start, calls } = standIn((_reply, end) => end());
  const work = createDocumentWork({ start });
  expect(await Promise.all([work.describe(asked), work.describe(asked)])).toEqual([givenUp, givenUp]);
  expect(calls).toEqual(['start', 'start']);
  await work.close();
});

test('a process can be had ready, is the one that is asked, and goes when nothing came', async () => {
  const { start, calls } = standIn((reply) => reply({ kind: 'done', result: { ok: true, value: { pages: 1 } } }));
  const work = createDocumentWork({ start, idleMs: 1 });
  work.prepare();
  work.prepare();
  expect(await work.describe(asked)).toMatchObject({ ok: true });
  expect(calls).toEqual(['start']);
  await new Promise((resolve) => setTimeout(resolve, 50));
  work.prepare();
  expect(calls).toEqual(['start', 'start']);
  await work.close();
});

test('a process that says nothing any more is ended', async () => {
  const { start, calls } = standIn((reply) => reply({ kind: 'page' }));
  const work = createDocumentWork({ start, wallMs: 1, graceMs: 20 });
  expect(await work.describe(asked)).toEqual(givenUp);
  expect(calls).toEqual(['start', 'kill']);
  await work.close();
});

test('says what a file holds, from the process: pages, form fields, attachments', async () => {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([400, 300]);
  pdf.setTitle('营业执照');
  await pdf.attach(new Uint8Array([1, 2, 3]), '副本.xml');
  const name = pdf.getForm().createTextField('holder');
  name.setText('Example');
  name.addToPage(page, { x: 10, y: 10, width: 100, height: 20 });
  const work = createDocumentWork();
  expect(await work.describe({ bytes: await pdf.save(), format: 'PDF' })).toMatchObject({
    ok: true,
    value: { pages: 1, title: '营业执照', documents: [{ pages: 1 }], attachments: [{ name: '副本.xml' }], fonts: [{ name: 'Helvetica', embedded: false }], sizes: [expect.anything()], fields: [{ source: 'form', name: 'holder', value: 'Example' }], permissions: null },
  });
  expect(await work.describe({ bytes: new Uint8Array(10), format: 'OFD' })).toMatchObject({ ok: false, failure: { code: 'file/damaged' } });
  await work.close();
});

test('a file that was given up once is asked nothing more', async () => {
  const asked: string[] = [];
  const givesUp = (kind: string) => async () => (asked.push(kind), { ok: false as const, failure: { code: 'file/damaged' as const, detail: `${kind} given up` } });
  const work: DocumentWork = { prepare: () => {}, copy: givesUp('copy'), verify: givesUp('verify'), render: givesUp('render'), describe: givesUp('describe'), close: async () => {} };
  const examined = await examineFile(work, { bytes: new Uint8Array(), format: 'PDF' }, { anchors: [], revocationLists: [], now: 0 });
  expect(examined).toMatchObject({ ok: false, failure: { detail: 'verify given up' } });
  expect(asked).toEqual(['verify']);
});

test('a process that is closed ends with what was asked before; what is asked behind it gets another', async () => {
  const started: string[][] = [];
  const start = (): DocumentProcess => {
    const said: string[] = [];
    started.push(said);
    let hear: (reply: DocumentReply) => void = () => {};
    let end = (): void => {};
    return {
      post: ({ kind }) => {
        said.push(kind);
        setImmediate(() => (kind === 'end' ? end() : hear({ kind: 'done', result: { ok: false, failure: { code: 'file/damaged' } } })));
      },
      onReply: (listener) => void (hear = listener),
      onEnd: (listener) => void (end = listener),
      kill: () => end(),
    };
  };
  const work = createDocumentWork({ start });
  const file = { bytes: new Uint8Array(), format: 'PDF' as const };
  await Promise.all([work.describe(file), work.close(), work.describe(file)]);
  expect(started).toEqual([['describe', 'end'], ['describe']]);
  await work.close();
});

test('the process reads nothing beside the program, and writes and starts nothing', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-keys-'));
  const key = path.join(folder, 'device.key');
  writeFileSync(key, 'a key');
  const own = path.resolve(import.meta.dirname, '../../../package.json');
  const tries = [`fs.readFileSync('${own}')`, `fs.readFileSync('${key}')`, `fs.readdirSync('${folder}')`, `fs.writeFileSync('${key}', '')`, `require('node:child_process').execFileSync('true')`];
  const script = `const fs = require('node:fs'); console.log(JSON.stringify([${tries.map((one) => `(() => { try { ${one}; return 'done'; } catch (error) { return error.code; } })()`).join(',')}]))`;
  const { stdout } = spawnSync(process.execPath, [...documentProcessFlags, '-e', script], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual(['done', ...Array.from({ length: 4 }, () => 'ERR_ACCESS_DENIED')]);
  rmSync(folder, { recursive: true });
});

test.each(['null', '17', '{}', "{ kind: 'done' }"])('a process that says %s instead of a reply is ended, and nothing else is', async (said) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-liar-'));
  const file = path.join(folder, 'liar.mjs');
  writeFileSync(file, `process.on('message', () => process.send(${said}));`);
  const work = createDocumentWork({ start: () => attachDocumentProcess(fork(file, { serialization: 'advanced', stdio: 'ignore' })) });
  expect(await work.describe({ bytes: new Uint8Array(3), format: 'PDF' })).toEqual({ ok: false, failure: { code: 'file/damaged', detail: 'describe given up' } });
  await work.close();
  rmSync(folder, { recursive: true });
});
