import { unzipSync, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { checkSignatures } from '../../../main/documents/signature-check.ts';
import { absent, readSample, readSampleRoot } from './sample-files.ts';

const now = Date.UTC(2026, 10, 22);
const stateOf = async (bytes: Uint8Array, format: 'PDF' | 'OFD'): Promise<string> => {
  const result = await checkSignatures({ bytes, format }, { anchors: [readSampleRoot()], now });
  return result.ok ? result.value.state : result.failure.code;
};

/** Positions spread over a byte string, its ends among them. */
const spread = (length: number, count: number): number[] => [...new Set(Array.from({ length: count }, (_, i) => Math.floor((i * (length - 1)) / Math.max(1, count - 1))))];

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = (changed[at] ?? 0) ^ 0x01;
  return changed;
}

/** Certificates that came along unused are signed by nobody here: the samples carry their root, and a change in it changes nothing. */
function findUnused(bytes: Uint8Array): (at: number) => boolean {
  const root = Buffer.from(readSample('ca-root.der'));
  const [plain, hex] = [Buffer.from(bytes).indexOf(root), Buffer.from(bytes).toString('latin1').toLowerCase().indexOf(root.toString('hex'))];
  return (at) => (plain >= 0 && at >= plain && at < plain + root.length) || (hex >= 0 && at >= hex && at < hex + 2 * root.length);
}

describe.skipIf(absent !== null)('one changed byte', () => {
  test.each(['syn-cert-sesv1-valid.ofd', 'syn-cert-sesv4-valid.ofd', 'syn-cert-sign35275-valid.ofd'])('in any entry of %s is refused', async (file) => {
    const entries = unzipSync(readSample(file));
    const pack = (changes: Record<string, Uint8Array>): Uint8Array => zipSync({ ...entries, ...changes }, { level: 1 });
    expect(await stateOf(pack({}), 'OFD')).toBe('valid');
    const accepted: string[] = [];
    for (const [name, content] of Object.entries(entries)) {
      const isUnused = findUnused(content);
      const count = name.endsWith('SignedValue.dat') ? 60 : 3;
      for (const at of spread(content.length, count).filter((at) => !isUnused(at))) {
        const state = await stateOf(pack({ [name]: flip(content, at) }), 'OFD');
        // The list of signatures is not signed; what can be done there is to name no signature, or none that is there.
        if (state === 'valid' && !name.endsWith('Signatures.xml')) accepted.push(`${name} ${at}`);
      }
    }
    expect(accepted).toEqual([]);
  });

  test.each(['syn-sm2-adbe.pdf', 'syn-sm2-gmcms.pdf', 'syn-sm2-seal.pdf'])('anywhere in %s is refused', async (file) => {
    const bytes = readSample(file);
    expect(await stateOf(bytes, 'PDF')).toBe('valid');
    const isUnused = findUnused(bytes);
    const start = Buffer.from(bytes).indexOf('/Contents <');
    const positions = [...spread(bytes.length, 60), ...spread(3000, 60).map((at) => start + at)].filter((at) => !isUnused(at));
    const accepted: number[] = [];
    for (const at of positions) if ((await stateOf(flip(bytes, at), 'PDF')) === 'valid') accepted.push(at);
    expect(accepted).toEqual([]);
  });
});
