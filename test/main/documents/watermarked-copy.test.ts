import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { degrees, PDFDocument, PDFName, PDFString, rgb } from '@cantoo/pdf-lib';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, test } from 'vitest';
import { createImageReader } from '../../../main/devices/image-reader.ts';
import { signPrepared } from '../../../main/documents/pdf-signing.ts';
import { createCjkFont } from '../../../main/documents/cjk-font.ts';
import { type CopyInput, createCopyMaker } from '../../../main/documents/watermarked-copy.ts';
import { measureCpuMs } from '../../cpu-time.ts';

import { makeTestSigner } from './test-signer.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'copy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const maker = createCopyMaker({ font: createCjkFont() });
const recordId = '7f3c2a91-5b1e-4c9d-9a75-2d60c1f0a8e4';
const signer = makeTestSigner('上海市浦东新区政务服务中心');
const facts: Omit<CopyInput, 'original'> = {
  lines: ['上海市浦东新区政务服务中心 · 12号窗口', '操作员 王芳（op1024）', '2026-05-01 09:31:07', '业务号 PD-2026-0501-0031', '用途 企业开户'],
  recordId,
  metadata: { Organisation: '上海市浦东新区政务服务中心', Case: 'PD-2026-0501-0031' },
  annotation: { maker: '上海市浦东新区政务服务中心', reason: '企业开户', validUntil: '20260531093107', time: '20260501093107' },
  madeAt: Date.UTC(2026, 4, 1, 1, 31, 7),
};
const hasPoppler = ((): boolean => {
  try {
    execFileSync('pdftoppm', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** A document of white pages with a red square near the bottom left, and whatever else. */
async function drawOriginal(change: (document: PDFDocument) => void = () => {}, pages = 1): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  for (let i = 0; i < pages; i++) document.addPage([400, 300]).drawRectangle({ x: 40, y: 60, width: 60, height: 60, color: rgb(1, 0, 0) });
  change(document);
  return document.save();
}

const make = (bytes: Uint8Array, more: Partial<CopyInput> = {}) => maker.make({ ...facts, original: { bytes, format: 'PDF' }, ...more });

async function copyOf(bytes: Uint8Array): Promise<Uint8Array> {
  const copy = await make(bytes);
  if (!copy.ok) throw new Error(copy.failure.code);
  return signPrepared(copy.value.prepared, signer, facts.madeAt);
}

/** The page as pixels, one a point. */
function render(pdf: Uint8Array, page = 1) {
  const [source, target] = [path.join(folder, 'x.pdf'), path.join(folder, 'x')];
  writeFileSync(source, pdf);
  execFileSync('pdftoppm', ['-r', '72', '-png', '-f', String(page), '-singlefile', source, target]);
  const { data, width, height } = PNG.sync.read(readFileSync(`${target}.png`));
  return {
    width,
    height,
    /** From the bottom left, as PDF counts. */
    isRed: (x: number, y: number): boolean => {
      const at = ((height - 1 - y) * width + x) * 4;
      return data[at]! > 180 && data[at + 1]! < 120 && data[at + 2]! < 120;
    },
    inkShare: (): number => {
      let ink = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at]! < 250) ink += 1;
      return ink / (width * height);
    },
  };
}

function readWords(pdf: Uint8Array): string {
  const source = path.join(folder, 'words.pdf');
  writeFileSync(source, pdf);
  return execFileSync('pdftotext', ['-raw', source, '-']).toString();
}

describe.skipIf(!hasPoppler)('a watermarked copy', () => {
  test('shows the page under the watermark on every page', async () => {
    const copy = await copyOf(await drawOriginal(undefined, 3));
    for (const page of [1, 2, 3]) {
      const picture = render(copy, page);
      expect([picture.width, picture.height]).toEqual([400, 300]);
      expect(picture.isRed(70, 90)).toBe(true);
      expect(picture.isRed(200, 200)).toBe(false);
      // The square alone covers 3 %.
      expect(picture.inkShare()).toBeGreaterThan(0.08);
    }
  });

  test('carries the record id as words, as QR and in its properties, with Chinese intact', async () => {
    const copy = await copyOf(await drawOriginal());
    expect(readWords(copy)).toContain(`加注件记录 ${recordId}`);
    const target = path.join(folder, 'qr');
    writeFileSync(path.join(folder, 'qr.pdf'), copy);
    execFileSync('pdftoppm', ['-r', '250', '-png', '-singlefile', path.join(folder, 'qr.pdf'), target]);
    const codes = await createImageReader().readCodes(readFileSync(`${target}.png`));
    expect(codes.ok && codes.value.map((code) => code.text)).toEqual([recordId]);
    const properties = execFileSync('pdfinfo', ['-custom', path.join(folder, 'qr.pdf')]).toString();
    expect(properties).toContain('上海市浦东新区政务服务中心');
    expect(properties).toContain('PD-2026-0501-0031');
  });

  test.each([0, 90, 180, 270])('keeps a page turned by %i° as it looks', async (angle) => {
    const original = await drawOriginal((document) => document.getPage(0).setRotation(degrees(angle)));
    const [before, after] = [render(original), render(await copyOf(original))];
    expect([after.width, after.height]).toEqual([before.width, before.height]);
    for (const [x, y] of [[70, 90], [90, 330], [90, 230], [230, 70], [330, 210], [210, 330], [100, 300]] as const) {
      if (x < before.width && y < before.height) expect([x, y, after.isRed(x, y)]).toEqual([x, y, before.isRed(x, y)]);
    }
  });

  test('keeps to the crop box', async () => {
    const original = await drawOriginal((document) => document.getPage(0).setCropBox(30, 50, 200, 200));
    const picture = render(await copyOf(original));
    expect([picture.width, picture.height]).toEqual([200, 200]);
    expect(picture.isRed(40, 40)).toBe(true);
  });

  test('keeps a seal that is an annotation, and takes along nothing that acts', async () => {
    const original = await drawOriginal((document) => {
      const { context } = document;
      const seal = context.register(context.stream('1 0 0 rg 0 0 10 10 re f', { Type: 'XObject', Subtype: 'Form', BBox: [0, 0, 10, 10], Matrix: [2, 0, 0, 2, 0, 0] }));
      const action = { S: 'JavaScript', JS: PDFString.of('app.alert(1)') };
      const hidden = context.obj({ Type: 'Annot', Subtype: 'Stamp', Rect: [10, 200, 50, 240], F: 2, AP: { N: seal } });
      document.getPage(0).node.set(PDFName.of('Annots'), context.obj([context.obj({ Type: 'Annot', Subtype: 'Widget', FT: 'Sig', Rect: [300, 200, 340, 240], AP: { N: seal }, A: action }), hidden]));
      document.catalog.set(PDFName.of('OpenAction'), context.obj(action));
      document.addJavaScript('x', 'app.alert(2)');
    });
    const copy = await copyOf(original);
    const picture = render(copy);
    expect([picture.isRed(320, 220), picture.isRed(30, 220)]).toEqual([true, false]);
    const plain = Buffer.from(await (await PDFDocument.load(copy)).save({ useObjectStreams: false })).toString('latin1');
    expect(plain).not.toMatch(/\/JavaScript|\/OpenAction|\/JS|\/AP/);
  });

  test('an empty page and hostile words do no harm', async () => {
    const document = await PDFDocument.create();
    document.addPage([200, 200]);
    const copy = await make(await document.save(), { lines: ['(\\) Tj ET Q', 'a\u202eb\u0000c', '😀 龘 ﷽', 'x'.repeat(5000)] });
    expect(copy.ok).toBe(true);
    if (copy.ok) expect(readWords(copy.value.prepared.bytes)).toContain('(\\) Tj E');
  });
});

describe('an original that is not taken', () => {
  const isFailure = async (bytes: Uint8Array, code: string, more: Partial<CopyInput> = {}): Promise<void> => {
    expect(await measureCpuMs(async () => expect(await make(bytes, more)).toMatchObject({ ok: false, failure: { code } }))).toBeLessThan(5000);
  };

  test('no OFD', async () => isFailure(Uint8Array.of(1), 'file/damaged', { original: { bytes: Uint8Array.of(1), format: 'OFD' } }));
  test('too large', async () => isFailure(new Uint8Array(21 * 1024 * 1024), 'file/too-large'));
  test('too many pages', async () => isFailure(await drawOriginal(undefined, 201), 'file/too-large'));
  test('no PDF', async () => isFailure(new Uint8Array(1000), 'file/damaged'));
  test('an empty file', async () => isFailure(new Uint8Array(0), 'file/damaged'));
  test('a page that is kilometres wide', async () => isFailure(await drawOriginal((document) => document.getPage(0).setMediaBox(0, 0, 1e9, 1e9)), 'file/damaged'));
  test('encrypted', async () => {
    const plain = Buffer.from(await (await PDFDocument.load(await drawOriginal())).save({ useObjectStreams: false })).toString('latin1');
    const locked = plain.replace('/Root', '/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (y) /P -4 >> /Root');
    await isFailure(new Uint8Array(Buffer.from(locked, 'latin1')), 'file/unsupported-format');
  });

  test.each([1, 2])('a stream that inflates to gigabytes, packed %i times', async (times) => {
    let packed: Uint8Array = Buffer.alloc(200 * 1024 * 1024);
    for (let i = 0; i < times; i++) packed = deflateSync(packed);
    const filters = Array.from({ length: times }, () => '/FlateDecode').join(' ');
    const objects = [
      '1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj',
      '2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj',
      '3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >> endobj',
      `4 0 obj << /Length ${packed.length} /Filter [${filters}] >> stream\n`,
    ].join('\n');
    const bytes = Buffer.concat([Buffer.from(`%PDF-1.7\n${objects}`), packed, Buffer.from('\nendstream endobj\ntrailer << /Root 1 0 R >>\n%%EOF')]);
    await isFailure(new Uint8Array(bytes), 'file/damaged');
  });

  test('pages that contain themselves', async () => {
    const text = '%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF';
    const copy = await make(new Uint8Array(Buffer.from(text)));
    if (!copy.ok) expect(copy.failure.code).toBe('file/damaged');
  });

  test('damaged at random: a failure or a copy, never an exception, never long', async () => {
    const good = await (await PDFDocument.load(await drawOriginal((document) => document.getPage(0).setSize(60, 60)))).save({ useObjectStreams: false });
    for (let i = 0; i < 45; i++) {
      const bad = good.slice(0, i % 3 === 0 ? (i * 7919) % good.length : good.length);
      for (let k = 0; k < 1 + (i % 9); k++) if (bad.length > 0) bad[(i * 104_729 + k * 7919) % bad.length] = (i * 31 + k * 97) & 255;
      const cpuMs = await measureCpuMs(async () => {
        const copy = await make(bad);
        if (!copy.ok) expect(copy.failure.code).toMatch(/^file\//);
      });
      expect(cpuMs).toBeLessThan(3000);
    }
  });
});
