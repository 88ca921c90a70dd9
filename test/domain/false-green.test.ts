import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHex, encodeHexUpper } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { signSm2, sm2DefaultId, verifySm2 } from '../../domain/crypto/sm2.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { type LocalInput, verifyLocally } from '../../domain/local-verification.ts';
import { printServiceCode } from '../../domain/service-code.ts';
import { supportCodes } from '../../domain/verdict.ts';
import { codeOf, localInput, samplePrivateKey, vector, vectorNow } from './fixtures.ts';
import { mutations, randomContents } from './code-mutation.ts';
import { encodeBase32, encodeOctetCode } from './octet-form.ts';

const runs = 100_000;
const timeoutMs = 600_000;

const sign = (message: Uint8Array): Uint8Array =>
  signSm2({ privateKey: samplePrivateKey, message, id: sm2DefaultId, random: systemRandom });

/** Valid codes of every form, each signed with the sample key. */
const validTexts = makeValidTexts();
const validCodes = new Set(validTexts.map((text) => codeOf(text).canonicalText));

function makeValidTexts(): string[] {
  const base = codeOf(vector.code);
  const texts = [vector.code];
  for (let index = 0; index < 6; index++) {
    const consentDigest = sm3(encodeUtf8(`record ${index}`));
    const expiresAt = base.expiresAt + index * 7000;
    texts.push(printServiceCode({ ...base, consentDigest, expiresAt, sign }));
    texts.push(printServiceCode({ ...base, identity: { kind: 'hash', hash: encodeHexUpper(sm3(encodeUtf8(`${index}`))) }, consentDigest, expiresAt, sign }));
  }
  for (const width of [4, 8, 14] as const) {
    const octets = encodeOctetCode({ uscc: vector.A, platformId: '310000', expiresAt: base.expiresAt, width, digest: base.consentDigest, sign });
    texts.push(encodeHexUpper(octets), encodeBase32(octets, true));
  }
  return texts;
}

/** Green for anything but one of the codes that were really made is a false green. */
function isFalseGreen(text: string, more: Partial<LocalInput> = {}): boolean {
  const verdict = verifyLocally(localInput(text, { ...more, now: vectorNow }));
  if (verdict.passed) return !validCodes.has(verdict.code.canonicalText);
  // Whatever is refused is refused in one named way.
  if (supportCodes[verdict.supportCode].state !== verdict.state) throw new Error('state and support code disagree');
  return false;
}

const mutationProperty = (more: Partial<LocalInput> = {}) =>
  fc.property(fc.constantFrom(...validTexts), fc.constantFrom(...validTexts), mutations, (text, donor, steps) => {
    const mutated = steps.reduce((current, step) => (current === '' ? current : step(current, donor)), text);
    return !isFalseGreen(mutated, more);
  });

const randomProperty = (more: Partial<LocalInput> = {}) =>
  fc.property(randomContents, (text) => !isFalseGreen(text, { ...more, ...withBytes(text) }));

/** Every other text comes with its bytes, as a camera gives them. */
function withBytes(text: string): Partial<LocalInput> {
  return text.length % 2 === 0 ? { bytes: decodeHex(text) ?? encodeUtf8(text) } : {};
}

describe('no false green', () => {
  it('the codes that are mutated are all good', () => {
    expect(validTexts.filter((text) => !verifyLocally(localInput(text)).passed)).toEqual([]);
    expect(validCodes.size).toBe(16);
  });

  it(`${runs} mutations of valid codes: nothing forged passes, nothing is thrown`, { timeout: timeoutMs }, () => {
    let reached = 0;
    const verifySignature: typeof verifySm2 = (input) => {
      reached++;
      return verifySm2(input);
    };
    fc.assert(mutationProperty({ verifySignature }), { numRuns: runs });
    // Mutants that die before the signature prove nothing about it.
    expect(reached).toBeGreaterThan(runs / 5);
  });

  it(`${runs} random strings: nothing passes, nothing is thrown`, { timeout: timeoutMs }, () => {
    fc.assert(randomProperty(), { numRuns: runs });
  });

  it('negative control: with a broken signature check both properties find false greens', () => {
    const broken = { verifySignature: () => true };
    expect(fc.check(mutationProperty(broken), { numRuns: 2000 }).failed).toBe(true);
    expect(fc.check(randomProperty(broken), { numRuns: 2000 }).failed).toBe(true);
  });
});
