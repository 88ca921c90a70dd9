import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createCjkFont } from '../../main/documents/cjk-font.ts';
import { signPrepared } from '../../main/documents/pdf-signing.ts';
import { checkSignatures } from '../../main/documents/signature-check.ts';
import { createCopyMaker } from '../../main/documents/watermarked-copy.ts';
import { makeTestSigner } from '../main/documents/test-signer.ts';
import { type Figure, median, printMs } from './measuring.ts';

const samples = path.resolve(import.meta.dirname, '../../../shared/data/documents');
const annotation = { maker: '政务服务中心', reason: '开户', validUntil: '20260531093107', time: '20260501093107' };

/** A signed copy of ten pages, and the check of one sealed file, in this process. */
export async function measureCopies(): Promise<Figure[]> {
  if (!existsSync(samples)) return [];
  const read = (name: string): Uint8Array => new Uint8Array(readFileSync(path.join(samples, name)));
  const [tenPages, sealed] = [read('syn-unsigned-10pages.pdf'), read('syn-cert-sesv4-valid.ofd')];
  const signer = makeTestSigner('政务服务中心');
  const maker = createCopyMaker({ font: createCjkFont() });
  const copy = async (): Promise<void> => {
    const input = { original: { bytes: tenPages, format: 'PDF' as const }, lines: ['政务服务中心', '10387'], recordId: 'PD-1-1', annotation, metadata: {}, madeAt: Date.now() };
    const made = await maker.make(input);
    if (!made.ok) throw new Error(made.failure.code);
    signPrepared(made.value.prepared, signer, Date.now());
  };
  const check = async (): Promise<void> => void (await checkSignatures({ bytes: sealed, format: 'OFD' }, { anchors: [], now: Date.now() }));
  await check();
  return [
    { area: 'Documents', what: 'signed copy of 10 pages, 300 dpi', value: printMs(await timeOf(copy, 3)), compared: '', ratio: '', aim: '' },
    { area: 'Documents', what: 'check of one sealed OFD', value: printMs(await timeOf(check, 9)), compared: '', ratio: '', aim: '' },
  ];
}

async function timeOf(work: () => Promise<void>, rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return median(times);
}
