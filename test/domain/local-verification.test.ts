import { describe, expect, it } from 'vitest';
import { systemRandom } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { type LocalInput, type PlatformKey, type PlatformKeys, verifyLocally } from '../../domain/local-verification.ts';
import { printServiceCode } from '../../domain/service-code.ts';
import { checkIds } from '../../domain/verdict.ts';
import { codeOf, localInput, pin, samplePrivateKey, vector, vectorNow, vectorPlatforms } from './fixtures.ts';

const supportCodeOf = (text: string, more: Partial<LocalInput> = {}): string => {
  const verdict = verifyLocally(localInput(text, more));
  return verdict.passed ? 'passed' : verdict.supportCode;
};
const outcomes = (text: string, more: Partial<LocalInput> = {}): Record<string, string> =>
  Object.fromEntries(verifyLocally(localInput(text, more)).checks.map((check) => [check.id, check.outcome]));

describe('the ordered local checks', () => {
  it('pass for the vector and leave the checks of the platform not made', () => {
    const verdict = verifyLocally(localInput(vector.code));
    expect(verdict).toMatchObject({ passed: true, kind: 'enterprise-service-code', platformName: '测试平台', keyId: 'k1' });
    expect(verdict.checks.map((check) => check.id)).toEqual(checkIds);
    expect(verdict.checks.map((check) => check.outcome)).toEqual([...Array(6).fill('passed'), ...Array(5).fill('not-made')]);
  });

  it('take their times from the clock that is handed in', () => {
    let now = 100;
    const verdict = verifyLocally(localInput(vector.code, { clock: () => (now += 3) }));
    expect(verdict.checks.map((check) => check.ms)).toEqual([3, 3, 3, null, 3, null, null, null, null, null, null]);
  });

  it('stop at the first that fails', () => {
    expect(outcomes('0'.repeat(5000))).toMatchObject({ readable: 'failed', kind: 'not-made' });
    expect(outcomes('hello')).toMatchObject({ readable: 'passed', kind: 'failed', structure: 'not-made' });
    expect(outcomes(`${vector.code}0`)).toMatchObject({ kind: 'passed', structure: 'failed', platform: 'not-made' });
    expect(outcomes(vector.code, { platforms: new Map() })).toMatchObject({ structure: 'passed', platform: 'failed', signature: 'not-made' });
    const forged = vector.code.slice(0, -1) + (vector.code.endsWith('0') ? '1' : '0');
    expect(outcomes(forged)).toMatchObject({ platform: 'passed', signature: 'failed', expiry: 'not-made' });
    expect(outcomes(vector.code, { now: vectorNow + 60_000 })).toMatchObject({ signature: 'passed', expiry: 'failed', online: 'not-made' });
  });

  it('name the platform id of an unknown platform, and hide everything behind a bad signature', () => {
    expect(verifyLocally(localInput(vector.code, { platforms: new Map() }))).toMatchObject({ supportCode: 'E-PLAT-01', platformId: '310000' });
    const forged = vector.code.slice(0, -1) + (vector.code.endsWith('0') ? '1' : '0');
    expect(verifyLocally(localInput(forged))).not.toHaveProperty('code');
    expect(verifyLocally(localInput(vector.code, { now: vectorNow + 60_000 }))).toHaveProperty('code');
  });

  it.each([
    ['A', 5],
    ['B, platform id to one that is known too', 25],
    ['B, expiry', 44],
    ['B, digest', 60],
    ['S', 200],
  ])('refuse one flipped character in %s', (_, at) => {
    const flipped = vector.code[at] === '1' ? '2' : '1';
    const text = vector.code.slice(0, at) + flipped + vector.code.slice(at + 1);
    const platform = vectorPlatforms.get('310000');
    const platforms: PlatformKeys = new Map([...vectorPlatforms, ...(platform ? [['110000', platform] as const] : [])]);
    expect(['E-SIG-01', 'E-FMT-04']).toContain(supportCodeOf(text, { platforms }));
  });

  it('refuse a code signed with another key, or under another signer identity', () => {
    const other = generateSm2KeyPair(systemRandom).privateKey;
    const text = printServiceCode({
      ...codeOf(vector.code),
      sign: (message) => signSm2({ privateKey: other, message, id: sm2DefaultId, random: systemRandom }),
    });
    expect(supportCodeOf(text)).toBe('E-SIG-01');
    const platform = vectorPlatforms.get('310000');
    if (platform === undefined) throw new Error('platform');
    const platforms: PlatformKeys = new Map([['310000', { ...platform, signerId: encodeUtf8('other') }]]);
    expect(supportCodeOf(vector.code, { platforms })).toBe('E-SIG-01');
  });
});

describe('the keys of a platform', () => {
  const [good] = vectorPlatforms.get('310000')?.keys ?? [];
  if (good === undefined) throw new Error('key');
  const others = Array.from({ length: 5 }, (_, index) => ({
    ...good,
    keyId: `other-${index}`,
    key: pin(generateSm2KeyPair(systemRandom).publicKey),
    notBefore: index,
  }));
  const platformsWith = (keys: readonly PlatformKey[]): PlatformKeys =>
    new Map([['310000', { name: 'p', signerId: sm2DefaultId, keys }]]);

  it('count only while valid: from notBefore, until before notAfter', () => {
    const at = (notBefore: number, notAfter: number): string =>
      supportCodeOf(vector.code, { platforms: platformsWith([{ ...good, notBefore, notAfter }]) });
    expect(at(vectorNow, vectorNow + 1)).toBe('passed');
    expect(at(vectorNow + 1, vectorNow + 2)).toBe('E-SIG-04');
    expect(at(0, vectorNow)).toBe('E-SIG-04');
  });

  it('say of a good signature that its key was revoked or has ended, and of any other that it is none', () => {
    const ended = { ...good, notAfter: vectorNow };
    const revoked = { ...good, revokedAt: vectorNow - 1 };
    const [other = good] = others;
    const say = (...keys: readonly PlatformKey[]) => supportCodeOf(vector.code, { platforms: platformsWith(keys) });
    expect([say(ended), say(revoked), say(revoked, other), say(ended, other)]).toEqual(['E-SIG-04', 'E-SIG-03', 'E-SIG-03', 'E-SIG-04']);
    expect([say(other), say({ ...other, revokedAt: 0 }), say({ ...other, notAfter: vectorNow }), say()]).toEqual(['E-SIG-01', 'E-SIG-02', 'E-SIG-02', 'E-SIG-02']);
    // The same key again, in force: what counts is that one of them may be used.
    expect(say(revoked, good)).toBe('passed');
  });

  it('are tried newest first, at most four', () => {
    expect(supportCodeOf(vector.code, { platforms: platformsWith([...others, { ...good, notBefore: 100 }]) })).toBe('passed');
    expect(supportCodeOf(vector.code, { platforms: platformsWith([...others, { ...good, notBefore: -1 }]) })).toBe('E-SIG-01');
  });
});

describe('the expiry', () => {
  const life = 5 * 60_000;
  const madeAt = codeOf(vector.code).expiresAt - life;
  const after = (ms: number, more: Partial<LocalInput> = {}): string => supportCodeOf(vector.code, { now: madeAt + ms, ...more });

  it('is 5:00 after the code was made: 4:59 passes, 5:00 and 5:01 do not', () => {
    expect(after(life - 1000)).toBe('passed');
    expect(after(life - 1)).toBe('passed');
    expect(after(life)).toBe('E-EXP-01');
    expect(after(life + 1000)).toBe('E-EXP-01');
  });

  it('is only warned of when the clock cannot tell', () => {
    expect(outcomes(vector.code, { now: madeAt + life - 3000, clockUncertaintyMs: 5000 })).toMatchObject({ expiry: 'warned' });
    expect(outcomes(vector.code, { now: madeAt + life - 6000, clockUncertaintyMs: 5000 })).toMatchObject({ expiry: 'passed' });
  });

  it('is never judged, either way, by a clock that may be off by more than a minute', () => {
    expect(after(0, { clockUncertaintyMs: 60_001 })).toBe('E-CLK-01');
    expect(after(life * 2, { clockUncertaintyMs: 60_001 })).toBe('E-CLK-01');
    expect(after(0, { clockUncertaintyMs: 60_000 })).toBe('passed');
  });
});

describe('the vector key', () => {
  it('belongs to the published private key', () => {
    const text = printServiceCode({
      ...codeOf(vector.code),
      sign: (message) => signSm2({ privateKey: samplePrivateKey, message, id: sm2DefaultId, random: systemRandom }),
    });
    expect(supportCodeOf(text)).toBe('passed');
  });
});
