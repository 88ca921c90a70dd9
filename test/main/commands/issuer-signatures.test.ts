import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FileVerifyReplySchema, sharingPaths } from '../../../domain/contracts/sharing.ts';
import { encodeBase64 } from '../../../domain/crypto/base64.ts';
import { createIssuerSignatures } from '../../../main/commands/issuer-signatures.ts';
import { enrolCounter, purpose, startPlatform, type TestCounter } from '../../platform/test-counter.ts';
import { absent, readSample, sampleFolder } from '../documents/sample-files.ts';

describe.skipIf(absent !== null)('12.1.10 by signature', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'issuers-'));
  const issuers = path.join(dataDir, 'issuers');
  let running: Awaited<ReturnType<typeof startPlatform>>;
  let counter: TestCounter;
  beforeAll(async () => {
    running = await startPlatform({ dataDir, signatures: createIssuerSignatures({ dataDir, now: () => Date.UTC(2026, 10, 22) }) });
    counter = await enrolCounter(running.platform);
  });
  afterAll(() => running.remove());

  const nameIssuer = () => {
    mkdirSync(issuers, { recursive: true });
    copyFileSync(path.join(sampleFolder, 'ca-root.der'), path.join(issuers, 'root.der'));
  };
  const resultOf = async (bytes: Uint8Array, fileFormat: string) => {
    const { payload } = await counter.call(sharingPaths.fileVerify, { fileEntity: encodeBase64(bytes), fileFormat, ...purpose });
    return v.parse(FileVerifyReplySchema, payload).result;
  };
  const sample = (file: string) => resultOf(readSample(file), file.endsWith('.pdf') ? 'PDF' : 'OFD');

  test('without a named issuer no signature counts', async () => {
    rmSync(issuers, { recursive: true, force: true });
    expect([await sample('syn-cert-sesv4-valid.ofd'), await sample('syn-sm2-seal.pdf')]).toEqual(['0', '0']);
  });

  test.each(['syn-cert-sesv1-valid.ofd', 'syn-cert-sesv4-valid.ofd', 'syn-cert-sign35275-valid.ofd', 'syn-cert-two-signatures.ofd', 'syn-sm2-seal.pdf', 'syn-sm2-gmcms.pdf', 'syn-sm2-adbe.pdf'])(
    '%s, signed by a named issuer, is authentic, and with a changed byte it is not',
    async (file) => {
      nameIssuer();
      expect(await sample(file)).toBe('1');
      const bytes = readSample(file);
      const at = file.endsWith('.pdf') ? 64 : Math.floor(bytes.length / 3);
      expect(await resultOf(bytes.with(at, (bytes[at] ?? 0) ^ 1), file.endsWith('.pdf') ? 'PDF' : 'OFD')).toBe('0');
      expect(await resultOf(bytes, file.endsWith('.pdf') ? 'OFD' : 'PDF')).toBe('0');
    },
  );

  test.each([
    ['an issuer that only bears the name', 'syn-untrusted-issuer.ofd'],
    ['an issuer nobody named', '999.ofd'],
    ['an issuer nobody named', 'signed-once.pdf'],
    ['changed content', 'syn-bad-content-changed.ofd'],
    ['a byte of the signed range changed', 'syn-sm2-seal-tampered.pdf'],
    ['a page painted over afterwards', 'syn-attack-incremental-overlay.pdf'],
    ['a page that no signature covers', 'syn-attack-uncovered-page.ofd'],
    ['an expired certificate', 'syn-bad-cert-expired.ofd'],
    ['no signature', 'helloworld.ofd'],
    ['no file that can be opened', 'hostile-zip-bomb.ofd'],
  ])('%s is not authentic (%s)', async (_what, file) => {
    nameIssuer();
    expect(await sample(file)).toBe('0');
  });
});
