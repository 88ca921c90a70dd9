import { describe, expect, test } from 'vitest';
import { checkSignatures } from '../../../main/documents/signature-check.ts';
import { mayShowSeal } from '../../../ofd/signature-report.ts';
import { absent, readSample, readSampleRoot, samples } from './sample-files.ts';

const now = Date.UTC(2026, 10, 22);
const check = (file: string, format: 'PDF' | 'OFD', bytes = readSample(file)) => checkSignatures({ bytes, format }, { anchors: [readSampleRoot()], now });

/** Refused as packages before any signature is looked at. */
const refused = ['hostile-truncated.ofd', 'hostile-zip-bomb.ofd', 'hostile-zip-slip.ofd'];

describe.skipIf(absent !== null)('the signatures of the samples', () => {
  test('are all there', () => {
    expect(samples).toHaveLength(67);
    expect(samples.filter(({ signature }) => signature.status !== 'none' && signature.status !== 'n/a')).toHaveLength(36);
  });

  // Under the one root that is known, a made-up sample has the status of the index; the others come from signers whom nobody here
  // vouches for, so that what the file alone tells has it, and the status is `untrusted` wherever the index says that it holds.
  test.each(samples.filter(({ signature }) => signature.status !== 'n/a'))('$file: $signature.status', async ({ file, format, licence, signature }) => {
    const result = await check(file, format);
    if (refused.includes(file)) return expect(result).toMatchObject({ ok: false, failure: { code: 'file/damaged' } });
    if (!result.ok) throw new Error(result.failure.detail ?? result.failure.code);
    const isOwn = licence.startsWith('own work');
    expect(isOwn ? result.value.state : result.value.integrity).toBe(signature.status);
    if (!isOwn && signature.status.startsWith('valid')) expect(result.value.state).toBe('untrusted');
    if (signature.count !== undefined) expect(result.value.signatures).toHaveLength(signature.count);
    return expect(result.value.signatures.every(({ state }) => state !== 'valid' || isOwn)).toBe(true);
  });

  test('a signer whose certificate was imported is vouched for', async () => {
    const bytes = readSample('999.ofd');
    const first = await check('999.ofd', 'OFD');
    const certificates = first.ok ? first.value.signatures.flatMap(({ signer, seal }) => [signer?.certificate, seal?.makerCertificate]) : [];
    const anchors = certificates.filter((certificate) => certificate !== undefined && certificate !== null);
    const second = await checkSignatures({ bytes, format: 'OFD' }, { anchors, now });
    expect(second).toMatchObject({ ok: true, value: { state: 'valid' } });
  });

  test('the failing step is named', async () => {
    const steps: Record<string, string[]> = {};
    for (const { file, format } of samples.filter(({ file }) => /^syn-(bad|attack|untrusted)|gap-too-big|tampered/.test(file))) {
      const result = await check(file, format);
      const findings = result.ok ? result.value.signatures.flatMap((signature) => signature.findings) : [];
      steps[file] = findings.filter(({ effect }) => effect !== 'note').map(({ step }) => step);
    }
    expect(steps).toEqual({
      'signature-gap-too-big.pdf': ['byte-range'],
      'syn-attack-annotation-added.ofd': ['not-covered'],
      'syn-attack-incremental-overlay.pdf': ['changed-after'],
      'syn-attack-uncovered-page.ofd': ['not-covered'],
      'syn-bad-cert-expired.ofd': ['signer-validity'],
      'syn-bad-content-changed.ofd': ['reference-digest'],
      'syn-bad-esl-mismatch.ofd': ['reference-digest', 'seal-differs'],
      'syn-bad-seal-expired.ofd': ['seal-validity'],
      'syn-bad-seal-maker-sig.ofd': ['seal-maker'],
      'syn-bad-signature-value.ofd': ['signature-value'],
      'syn-bad-signer-not-in-seal.ofd': ['signer-not-in-seal'],
      'syn-bad-sigxml-changed.ofd': ['data-hash'],
      'syn-sm2-seal-tampered.pdf': ['data-hash'],
      'syn-untrusted-issuer.ofd': ['issuer-unknown'],
    });
  });

  test('a seal is shown only where its value holds', async () => {
    const shown = async (file: string): Promise<boolean[]> => {
      const result = await check(file, 'OFD');
      return result.ok ? result.value.signatures.map(mayShowSeal) : [];
    };
    expect(await shown('syn-cert-sesv4-valid.ofd')).toEqual([true]);
    expect(await shown('syn-bad-signature-value.ofd')).toEqual([false]);
    expect(await shown('syn-bad-seal-maker-sig.ofd')).toEqual([false]);
  });

  test('the signer, the seal and the time are told', async () => {
    const result = await check('syn-cert-sesv5-valid.ofd', 'OFD');
    const [signature] = result.ok ? result.value.signatures : [];
    expect(signature).toMatchObject({
      kind: 'SES v5',
      signer: { name: '样例市场监督管理局' },
      signedAt: Date.UTC(2026, 2, 1, 2, 3, 4),
      seal: { name: '样例市场监督管理局', picture: { type: 'png', width: 42, height: 42 } },
      places: [{ boundary: { x: 215, y: 150, width: 42, height: 42 } }],
      notCovered: [],
    });
  });
});
