import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PDFDocument } from '@cantoo/pdf-lib';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCjkFont } from '../../../main/documents/cjk-font.ts';
import { signPrepared } from '../../../main/documents/pdf-signing.ts';
import { checkSignatures } from '../../../main/documents/signature-check.ts';
import { createCopyMaker } from '../../../main/documents/watermarked-copy.ts';
import { parseCertificate } from '../../../ofd/x509-certificate.ts';
import { absent, readSample } from './sample-files.ts';
import { makeTestSigner } from './test-signer.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'signed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const madeAt = Date.UTC(2026, 4, 1, 1, 31, 7);
const signer = makeTestSigner('上海市浦东新区政务服务中心');
const anchor = parseCertificate(signer.certificate);
if (anchor === null) throw new Error('the certificate cannot be read');
const pem = path.join(folder, 'organisation.pem');
const recordId = 'PD-2026-0501-0031-42';

async function copyOf(bytes: Uint8Array, format: 'PDF' | 'OFD'): Promise<Uint8Array> {
  const maker = createCopyMaker({ font: createCjkFont() });
  const annotation = { maker: '上海市浦东新区政务服务中心', reason: '企业开户 核验执照', validUntil: '20260531093107', time: '20260501093107' };
  const copy = await maker.make({ original: { bytes, format }, lines: ['政务服务中心 12 号窗口', '10387 2026-05-01 09:31'], recordId, annotation, metadata: {}, madeAt });
  if (!copy.ok) throw new Error(copy.failure.detail ?? copy.failure.code);
  return signPrepared(copy.value.prepared, signer, madeAt);
}

const stateOf = async (bytes: Uint8Array): Promise<string> => {
  const result = await checkSignatures({ bytes, format: 'PDF' }, { anchors: [anchor], now: madeAt });
  return result.ok ? result.value.state : result.failure.code;
};

/** OpenSSL and a shell, nothing of ours: test/main/documents/verify-copy.sh. */
function acceptsByOpenssl(bytes: Uint8Array): boolean {
  const file = path.join(folder, 'copy.pdf');
  writeFileSync(file, bytes);
  return spawnSync('bash', [path.join(import.meta.dirname, 'verify-copy.sh'), file, pem]).status === 0;
}

beforeAll(() => {
  const der = path.join(folder, 'organisation.der');
  writeFileSync(der, signer.certificate);
  execFileSync('openssl', ['x509', '-inform', 'DER', '-in', der, '-out', pem]);
});

describe('a signed copy', () => {
  let copy: Uint8Array;
  beforeAll(async () => {
    const original = await PDFDocument.create();
    original.addPage([60, 40]).drawText('Certificate', { x: 5, y: 10, size: 8 });
    original.addPage([40, 60]);
    copy = await copyOf(await original.save(), 'PDF');
  });

  test('is accepted by our verifier and by OpenSSL alone', async () => {
    expect(await stateOf(copy)).toBe('valid');
    expect(acceptsByOpenssl(copy)).toBe(true);
  });

  test('opens in poppler, pdf.js and qpdf without complaint', async () => {
    const file = path.join(folder, 'opened.pdf');
    writeFileSync(file, copy);
    expect(execFileSync('qpdf', ['--check', file]).toString()).toMatch(/No syntax or stream encoding errors found/);
    expect(execFileSync('pdfinfo', [file]).toString()).toMatch(/Pages: +2/);
    const pdf = await getDocument({ data: copy.slice(), verbosity: 0 }).promise;
    expect(pdf.numPages).toBe(2);
    await pdf.loadingTask.destroy();
  });

  test('carries the four facts of the annotation in its properties and its XMP', () => {
    const file = path.join(folder, 'facts.pdf');
    writeFileSync(file, copy);
    const properties = execFileSync('pdfinfo', ['-custom', file]).toString();
    for (const fact of ['JZJZZZ:', '上海市浦东新区政务服务中心', 'JZJZZSY:', '企业开户 核验执照', 'JZJYXQJZSJ:', '20260531093107', 'JZJZZSJ:', '20260501093107']) expect(properties).toContain(fact);
    expect(execFileSync('pdfinfo', ['-meta', file]).toString()).toContain('<jzj:JZJZZSY>企业开户 核验执照</jzj:JZJZZSY>');
  });

  test('one changed byte anywhere is refused', async () => {
    const gap = Buffer.from(copy).lastIndexOf('/Contents <');
    const spread = (from: number, to: number, count: number): number[] => Array.from({ length: count }, (_, i) => Math.floor(from + ((to - from - 1) * i) / (count - 1)));
    const ours = [...spread(0, copy.length, 20), ...spread(gap, gap + 2000, 80), ...spread(gap + 16_300, copy.length, 40)];
    const accepted: string[] = [];
    const change = (at: number, by: number): Uint8Array => {
      const changed = copy.slice();
      changed[at] = (changed[at] ?? 0) ^ by;
      return changed;
    };
    for (const at of ours) if ((await stateOf(change(at, 0x01))) === 'valid') accepted.push(`ours ${at - gap} from the value, ${copy.length - at} from the end`);
    // The case of a letter: the value would be the same.
    for (const at of spread(gap + 12, gap + 1600, 10)) if ((await stateOf(change(at, 0x20))) === 'valid') accepted.push(`ours ${at} case`);
    for (const at of [...spread(0, copy.length, 4), ...spread(gap, gap + 1700, 10), ...spread(copy.length - 300, copy.length, 3)]) if (acceptsByOpenssl(change(at, 0x01))) accepted.push(`openssl ${at}`);
    expect(accepted).toEqual([]);
  });

  test('something added at the end is noticed', async () => {
    const longer = new Uint8Array([...copy, ...Buffer.from('1 0 obj << /Type /Catalog >> endobj\n%%EOF')]);
    expect(await stateOf(longer)).not.toBe('valid');
    expect(acceptsByOpenssl(longer)).toBe(false);
  });

  test('of another key is not ours', async () => {
    const other = makeTestSigner('上海市浦东新区政务服务中心');
    const result = await checkSignatures({ bytes: copy, format: 'PDF' }, { anchors: [parseCertificate(other.certificate)!], now: madeAt });
    expect(result).toMatchObject({ ok: true, value: { state: 'untrusted', integrity: 'valid' } });
  });
});

describe.skipIf(absent !== null)('a copy of an OFD', () => {
  test.each(['syn-cert-sesv4-valid.ofd', 'syn-riding-seal.ofd'])('%s goes the same way', async (file) => {
    const copy = await copyOf(readSample(file), 'OFD');
    expect(await stateOf(copy)).toBe('valid');
    expect(acceptsByOpenssl(copy)).toBe(true);
  });
});
