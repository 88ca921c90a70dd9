import { describe, expect, it } from 'vitest';
import { consentDigest, readConsentRecord } from '../../domain/consent-record.ts';
import { encodeHexUpper } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { verifyLocally } from '../../domain/local-verification.ts';
import { parseServiceCode, printServiceCode, serviceCodeDigest } from '../../domain/service-code.ts';
import { measureCpuMs } from '../cpu-time.ts';
import { bytesOf, codeOf, localInput, samplePrivateKey, vector } from './fixtures.ts';

const sign = (message: Uint8Array): Uint8Array =>
  signSm2({ privateKey: samplePrivateKey, message, id: sm2DefaultId, random: systemRandom });

function faultOf(text: string): { supportCode: string; isServiceCode: boolean } {
  const parse = parseServiceCode({ text });
  if (parse.ok) throw new Error('parsed');
  return { supportCode: parse.supportCode, isServiceCode: parse.isServiceCode };
}

const replaceAt = (at: number, part: string): string =>
  vector.code.slice(0, at) + part + vector.code.slice(at + part.length);

describe('the text form', () => {
  it('reads every field of the vector', () => {
    const code = codeOf(vector.code);
    expect(code.identity).toEqual({ kind: 'uscc', uscc: vector.A });
    expect(code.platformId).toBe('310000');
    expect(new Date(code.expiresAt).toISOString()).toBe('2026-01-01T01:05:00.000Z');
    expect(encodeHexUpper(code.consentDigest)).toBe(vector.digest);
    expect(encodeHexUpper(code.signature)).toBe(vector.S);
    expect(code.signedBytes).toEqual(encodeUtf8(vector.A + vector.B));
    expect(code.accepted).toEqual({ carrier: 'text', expiry: 'utc14', upperCased: false, trimmed: false });
    expect(code.usedWrapper).toBeUndefined();
  });

  it('verifies the vector with its public key, and digests its record to what the code says', () => {
    expect(verifyLocally(localInput(vector.code)).passed).toBe(true);
    const record = readConsentRecord(JSON.parse(vector.authRecordCanonical));
    expect(record && encodeHexUpper(consentDigest(record))).toBe(vector.digest);
  });

  it('prints the vector again from its fields', () => {
    const code = codeOf(vector.code);
    expect(printServiceCode({ ...code, sign: () => bytesOf(vector.S) })).toBe(vector.code);
  });

  it('prints and reads a hashed identity in 283 characters', () => {
    const hash = encodeHexUpper(sm3(encodeUtf8('310000000000001')));
    const code = codeOf(vector.code);
    const text = printServiceCode({ ...code, identity: { kind: 'hash', hash }, sign });
    expect(text).toHaveLength(283);
    expect(codeOf(text).identity).toEqual({ kind: 'hash', hash });
    expect(verifyLocally(localInput(text)).passed).toBe(true);
  });

  it('reads ten-digit epoch seconds when B says 87', () => {
    const signed = `${vector.A}871QYM13100001767229500${vector.digest}`;
    const text = signed + encodeHexUpper(sign(encodeUtf8(signed)));
    expect(codeOf(text).accepted.expiry).toBe('epoch10');
    expect(codeOf(text).expiresAt).toBe(codeOf(vector.code).expiresAt);
    expect(verifyLocally(localInput(text)).passed).toBe(true);
  });

  it('upper-cases, trims what scanners add, and records both', () => {
    const code = codeOf(`${vector.code.toLowerCase()}\t\r\n`);
    expect(code.canonicalText).toBe(vector.code);
    expect(code.accepted).toMatchObject({ upperCased: true, trimmed: true });
    expect(serviceCodeDigest(code)).toBe(serviceCodeDigest(codeOf(vector.code)));
  });

  it.each([
    ['length of B too small', replaceAt(18, '90'), 'E-FMT-02'],
    ['length of B not a number', replaceAt(18, '9A'), 'E-FMT-02'],
    ['a character missing at the end', vector.code.slice(0, -1), 'E-FMT-02'],
    ['a character too many', `${vector.code}0`, 'E-FMT-02'],
    ['a character lost in A', vector.code.slice(1), 'E-FMT-02'],
    ['only the first half', vector.code.slice(0, 100), 'E-FMT-02'],
    ['version 2', replaceAt(20, '2'), 'E-FMT-03'],
    ['check character of A wrong', replaceAt(17, '7'), 'E-FMT-04'],
    ['month 13', replaceAt(35, '13'), 'E-FMT-05'],
    ['31 February', replaceAt(35, '0231'), 'E-FMT-05'],
    ['letter in the platform id', replaceAt(25, 'A'), 'E-FMT-06'],
    ['digest not hex', replaceAt(50, 'G'), 'E-FMT-06'],
    ['signature not hex', replaceAt(236, 'Z'), 'E-FMT-06'],
    ['a blank inside', replaceAt(60, ' '), 'E-FMT-06'],
    ['a blank in A', replaceAt(3, ' '), 'E-FMT-06'],
    ['a blank in the length', replaceAt(19, ' '), 'E-FMT-06'],
    ['a zero-width space inside', replaceAt(60, '\u200b'), 'E-FMT-06'],
  ])('refuses %s as a damaged service code', (_, text, supportCode) => {
    expect(faultOf(text)).toEqual({ supportCode, isServiceCode: true });
    // A camera gives the symbol's bytes beside the text, some scanners nothing else: the cause stays the same.
    const bytes = encodeUtf8(text);
    expect(parseServiceCode({ text, bytes })).toEqual({ ok: false, supportCode, isServiceCode: true });
    expect(parseServiceCode({ text: '', bytes })).toEqual({ ok: false, supportCode, isServiceCode: true });
  });

  it('is read the same with its bytes beside it, and from its bytes alone', () => {
    const bytes = encodeUtf8(`${vector.code}\r`);
    for (const text of [`${vector.code}\r`, '']) {
      const parse = parseServiceCode({ text, bytes });
      expect(parse.ok && parse.code.canonicalText).toBe(vector.code);
    }
  });

  it('calls another code type no service code', () => {
    expect(faultOf(replaceAt(21, 'QYM2'))).toEqual({ supportCode: 'E-KIND-02', isServiceCode: false });
  });

  it('refuses content beyond 4 KiB before looking at it', () => {
    expect(faultOf(vector.code + '0'.repeat(4096))).toEqual({ supportCode: 'E-FMT-01', isServiceCode: false });
    const bytes = new Uint8Array(4097);
    expect(parseServiceCode({ text: '', bytes })).toMatchObject({ supportCode: 'E-FMT-01' });
  });
});

it('ends and paddings without end cost no time', async () => {
  for (const text of ['\r'.repeat(4000) + 'x', '='.repeat(4000) + 'x', `A${'='.repeat(4000)}x`]) {
    expect(await measureCpuMs(() => parseServiceCode({ text }), 3)).toBeLessThan(40);
  }
});
