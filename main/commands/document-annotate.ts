import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair } from '../../domain/crypto/sm2.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { createDocumentWork } from '../documents/document-work.ts';
import { createOrganisationSigner, makeOrganisationCertificate } from '../documents/organisation-certificate.ts';
import { signPrepared } from '../documents/pdf-signing.ts';
import type { Call, Outcome } from './command.ts';
import { readDocumentFile } from './document-file.ts';
import { printFailure } from './failure-words.ts';

const dayMs = 24 * 3_600_000;

/** `document annotate`: a watermarked, marked and signed copy of one file. */
export async function annotateDocument(call: Call, file: string): Promise<Outcome> {
  const started = performance.now();
  const read = await readDocumentFile(path.resolve(file));
  const madeAt = Date.now();
  const maker = call.text('maker') ?? '试用';
  const reason = call.text('reason') ?? '试用';
  const recordId = call.text('record') ?? `T-${encodeHex(systemRandom(6)).toUpperCase()}`;
  const [time, validUntil] = [madeAt, madeAt + (call.count('days') ?? 30) * dayMs].map(chinaTime);
  const work = createDocumentWork();
  const annotation = { maker, reason, validUntil: digits(validUntil), time: digits(time) };
  const lines = [maker, time ?? '', reason, `有效期至 ${(validUntil ?? '').slice(0, 10)}`];
  const copy = read.ok ? await work.copy({ original: read.value, lines, recordId, annotation, metadata: {}, madeAt }) : read;
  await work.close();
  if (!copy.ok) {
    call.output.say(`${file}: ${printFailure(copy.failure)}`);
    call.output.record({ file, error: copy.failure });
    return 'failed';
  }
  const { privateKey } = generateSm2KeyPair(systemRandom);
  const certificate = makeOrganisationCertificate({ privateKey, subject: { organisation: maker, orgCode: '' }, now: madeAt, random: systemRandom });
  const bytes = signPrepared(copy.value.prepared, createOrganisationSigner({ privateKey, certificate, random: systemRandom }), madeAt);
  const target = path.resolve(call.text('out') ?? `${file.replace(/\.(ofd|pdf)$/i, '')}-加注件.pdf`);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, bytes);
  const ms = Math.round(performance.now() - started);
  call.output.say(`${target}: ${copy.value.pages} ${copy.value.pages === 1 ? 'page' : 'pages'}, record ${recordId} (${ms} ms)`);
  call.output.record({ file, out: target, pages: copy.value.pages, bytes: bytes.length, sm3: encodeHex(sm3(bytes)), recordId, certificateBase64: encodeBase64(certificate), ms });
  return 'done';
}

function chinaTime(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

function digits(time: string | undefined): string {
  return (time ?? '').replace(/[^0-9]/g, '');
}
