import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseCertificate } from '../../../ofd/x509-certificate.ts';

const folder = path.resolve(import.meta.dirname, '../../../../shared/data/documents');

/** Where the samples are. */
export const sampleFolder = folder;

/** Why the samples cannot be used, or null. */
export const absent = existsSync(path.join(folder, 'index.json')) ? null : 'the samples ../shared/data/documents are not here';

/** One sample with what is known of it. */
export interface Sample {
  readonly file: string;
  readonly format: 'PDF' | 'OFD';
  readonly licence: string;
  readonly signature: { readonly status: string; readonly count?: number };
}

/** All samples of the index; none when they are not here. */
export const samples: readonly Sample[] = absent === null ? readIndex() : [];

/** The bytes of a sample. */
export function readSample(file: string): Uint8Array {
  return new Uint8Array(readFileSync(path.join(folder, file)));
}

/** The root that the made-up samples are signed under. */
export function readSampleRoot() {
  const root = parseCertificate(readSample('ca-root.der'));
  if (root === null) throw new Error('ca-root.der is no certificate');
  return root;
}

function readIndex(): Sample[] {
  const entries: (Omit<Sample, 'format'> & { format: string })[] = JSON.parse(readFileSync(path.join(folder, 'index.json'), 'utf8'));
  return entries.map((entry) => ({ ...entry, format: entry.format === 'pdf' ? 'PDF' : 'OFD' }));
}
