import { describe, expect, it } from 'vitest';
import { encodeHex, encodeHexUpper } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { verifyLocally } from '../../domain/local-verification.ts';
import { parseServiceCode, serviceCodeDigest } from '../../domain/service-code.ts';
import { bytesOf, codeOf, localInput, samplePrivateKey, vector } from './fixtures.ts';
import { encodeBase32, encodeOctetCode } from './octet-form.ts';

const { expiresAt } = codeOf(vector.code);
const octetsOf = (width: 4 | 8 | 14): Uint8Array =>
  encodeOctetCode({
    uscc: vector.A,
    platformId: '310000',
    expiresAt,
    width,
    digest: bytesOf(vector.digest),
    sign: (message) => signSm2({ privateKey: samplePrivateKey, message, id: sm2DefaultId, random: systemRandom }),
  });

const widths = [
  [4, 131, 'uint32'],
  [8, 135, 'uint64'],
  [14, 141, 'utc14'],
] as const;

describe('the octet form', () => {
  it.each(widths)('with an expiry of %i bytes is read from every carrier as the same code', (width, total, expiry) => {
    const octets = octetsOf(width);
    expect(octets).toHaveLength(total);
    const carried = [
      { input: { text: encodeHexUpper(octets) }, carrier: 'hex' },
      { input: { text: `${encodeHex(octets)}\r\n` }, carrier: 'hex' },
      { input: { text: encodeBase32(octets, true) }, carrier: 'base32' },
      { input: { text: encodeBase32(octets, false).toLowerCase() }, carrier: 'base32' },
      { input: { text: '', bytes: octets }, carrier: 'bytes' },
      { input: { text: '\ufffd\ufffd', bytes: octets }, carrier: 'bytes' },
      { input: { text: '', bytes: Uint8Array.of(...octets, 13, 10) }, carrier: 'bytes' },
    ] as const;
    for (const { input, carrier } of carried) {
      const parse = parseServiceCode(input);
      if (!parse.ok) throw new Error(`${carrier} ${parse.supportCode}`);
      expect(parse.code.accepted).toMatchObject({ carrier, expiry });
      expect(parse.code).toMatchObject({ form: 'octets', platformId: '310000', expiresAt });
      expect(parse.code.canonicalText).toBe(encodeHexUpper(octets));
      expect(verifyLocally(localInput(input.text, input)).passed).toBe(true);
    }
    expect(new Set(carried.map(({ input }) => {
      const parse = parseServiceCode(input);
      return parse.ok && serviceCodeDigest(parse.code);
    })).size).toBe(1);
  });

  it('keeps a signature that ends in a line feed', () => {
    const octets = octetsOf(4);
    octets[130] = 0x0a;
    const parse = parseServiceCode({ text: '', bytes: octets });
    expect(parse.ok && parse.code.signature[63]).toBe(0x0a);
  });

  it.each([
    ['version 2', 20, 2, 'E-FMT-03'],
    ['another length of B', 19, 48, 'E-FMT-02'],
    ['the high byte of the length', 18, 1, 'E-FMT-02'],
    ['a wrong check character', 17, 0x37, 'E-FMT-04'],
    ['an octet that is no ASCII in A', 3, 0xff, 'E-FMT-04'],
    ['a letter in the platform id', 25, 0x41, 'E-FMT-06'],
    ['another code type', 24, 0x32, 'E-KIND-02'],
  ])('refuses %s', (_, at, value, supportCode) => {
    const octets = octetsOf(4);
    octets[at] = value;
    expect(parseServiceCode({ text: encodeHexUpper(octets) })).toMatchObject({ ok: false, supportCode });
  });

  it('refuses an octet too many or too few', () => {
    const octets = octetsOf(4);
    for (const text of [`${encodeHexUpper(octets)}00`, encodeHexUpper(octets.subarray(0, 130))]) {
      expect(parseServiceCode({ text })).toMatchObject({ supportCode: 'E-FMT-02', isServiceCode: true });
    }
  });

  it('refuses a 64-bit expiry beyond the year 9999 and a 14-digit one that is no time', () => {
    const late = octetsOf(8);
    late[31] = 0x7f;
    expect(parseServiceCode({ text: '', bytes: late })).toMatchObject({ supportCode: 'E-FMT-05' });
    const noTime = octetsOf(14);
    noTime[35] = 0x39;
    expect(parseServiceCode({ text: '', bytes: noTime })).toMatchObject({ supportCode: 'E-FMT-05' });
  });

  it('refuses Base32 with left-over bits that are not zero', () => {
    const text = encodeBase32(octetsOf(4), false);
    const last = text.at(-1) === 'B' ? 'D' : 'B';
    expect(parseServiceCode({ text: text.slice(0, -1) + last })).toMatchObject({ ok: false });
  });

  it('refuses content whose text and bytes are two different codes', () => {
    expect(parseServiceCode({ text: vector.code, bytes: octetsOf(4) })).toEqual({
      ok: false,
      supportCode: 'E-FMT-02',
      isServiceCode: true,
    });
  });
});

describe('a code inside a link', () => {
  const wrapperHosts = ['qym.example.gov.cn', 'qym.example.gov.cn:8443'];
  const parseLink = (text: string): ReturnType<typeof parseServiceCode> => parseServiceCode({ text, wrapperHosts });

  it('is taken out of a link to an allowed host, which is recorded', () => {
    const parse = parseLink(`https://QYM.example.gov.cn/show?v=1&code=${vector.code}#top`);
    expect(parse.ok && [parse.code.usedWrapper, parse.code.canonicalText]).toEqual(['qym.example.gov.cn', vector.code]);
    const lower = parseLink(`https://qym.example.gov.cn:8443/?code=${vector.code.toLowerCase()}\r\n`);
    expect(lower.ok && lower.code.accepted).toMatchObject({ upperCased: true, trimmed: true, wrapperHost: 'qym.example.gov.cn:8443' });
  });

  it.each([
    `https://qym.example.gov.cn.evil.test/?code=${vector.code}`,
    `https://qym.example.gov.cn@evil.test/?code=${vector.code}`,
    `https://evil.test/qym.example.gov.cn/?code=${vector.code}`,
    `https://qym.example.gov.cn:1234/?code=${vector.code}`,
    `https://qym.example.gov.cn/?code=${vector.code}&code=${vector.code}`,
    `https://qym.example.gov.cn/?xcode=${vector.code}`,
    `javascript://qym.example.gov.cn/?code=${vector.code}`,
    `//qym.example.gov.cn/?code=${vector.code}`,
    `https://qym.example.gov.cn\\@evil.test/?code=${vector.code}`,
  ])('is refused in %s', (text) => {
    expect(parseLink(text).ok).toBe(false);
  });

  it('is refused without an allow-list', () => {
    expect(parseServiceCode({ text: `https://qym.example.gov.cn/?code=${vector.code}` }).ok).toBe(false);
  });
});
