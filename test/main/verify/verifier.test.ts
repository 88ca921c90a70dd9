import { beforeEach, describe, expect, test } from 'vitest';
import { consentDigest } from '../../../domain/consent-record.ts';
import type { ConsentRecord, EnterpriseQuery, EnterpriseReply } from '../../../domain/contracts/enterprise.ts';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { generateSm2KeyPair, pinSm2PublicKey, signSm2, sm2DefaultId } from '../../../domain/crypto/sm2.ts';
import { fail, type FailureCode, ok, type Result } from '../../../domain/failure.ts';
import type { JsonValue } from '../../../domain/json.ts';
import type { PlatformKeys } from '../../../domain/local-verification.ts';
import { printServiceCode } from '../../../domain/service-code.ts';
import { printChinaTime, printIsoTime } from '../../../domain/time.ts';
import type { SupportCode, VerdictState } from '../../../domain/verdict.ts';
import { createVerifier, type VerifierAnswer } from '../../../main/verify/verifier.ts';
import type { VerifyScan } from '../../../main/verify/verify-outcome.ts';
import { readScanContent } from '../../../domain/scan-content.ts';

const minute = 60_000;
const start = Date.UTC(2026, 4, 1, 1, 0, 0);
const uscc = '91310000MA1K000006';
const us = { orgCode: '11310000MB2F30000X', orgName: '某区政务服务中心' };
const oid = '1.2.156.3002.1000000000000000.01.01.01.01';
const platformKey = generateSm2KeyPair(systemRandom);
const strangerKey = generateSm2KeyPair(systemRandom);
const record: ConsentRecord = {
  sqzt: { sqztmc: '测试企业有限公司', sqztdm: uscc, sqsj: printChinaTime(start) },
  sqqx: { sqkssj: printChinaTime(start), sqjzsj: printChinaTime(start + 5 * minute) },
  xxlb: [oid],
  czqx: '5',
};
const context = {
  purpose: { useFor: '企业开户', itemName: '开户', itemCode: '001', itemOrg: '某银行', operator: '王芳', bizNum: 'B-1' },
  operator: { operatorId: 'op1', name: '王芳', ...us },
  requestId: 'request-1',
  deviceId: 'device-1',
};

interface MintOptions {
  readonly consent?: ConsentRecord;
  readonly platformId?: string;
  readonly expiresAt?: number;
  readonly privateKey?: Uint8Array;
}

function mint({ consent = record, platformId = '310000', expiresAt = start + 5 * minute, privateKey = platformKey.privateKey }: MintOptions = {}): string {
  return printServiceCode({
    identity: { kind: 'uscc', uscc },
    platformId,
    expiresAt,
    consentDigest: consentDigest(consent),
    sign: (message) => signSm2({ privateKey, message, id: sm2DefaultId, random: systemRandom }),
  });
}

const valid: EnterpriseReply = {
  verdict: 'valid',
  verifiedAt: printIsoTime(start),
  oneTime: false,
  expiresAt: printIsoTime(start + 5 * minute),
  subject: { name: '测试企业有限公司', uscc, type: '有限责任公司', legalRepresentative: '张三' },
  authRecord: record,
  infoList: [{ oid, title: '登记信息' }],
  certList: [{ certificateID: 'c1', certificateType: '营业执照', issueDept: 'd', certificateNumber: 'n', issueDate: '2020-01-01' }],
  data: { [oid]: { title: '登记信息', fields: [{ label: '名称', value: '测试企业有限公司' }] } },
  trustedToken: 'holder-token',
};

let now = start;
let mono = 0;
let asked: EnterpriseQuery[] = [];
let clock = { offsetMs: 0, uncertaintyMs: 1000 };
let answer: () => Result<VerifierAnswer> = () => fail('remote/unreachable');
const answerWith = (reply: EnterpriseReply): void => {
  const receivedRecord = JSON.parse(JSON.stringify(reply.authRecord ?? null)) as JsonValue;
  answer = () => ok({ value: { reply, receivedRecord }, receivedAt: now, roundTripMs: 40 });
};

const platforms: PlatformKeys = new Map([
  ['310000', { name: '测试平台', signerId: sm2DefaultId, keys: [{ keyId: 'k1', key: pinSm2PublicKey(platformKey.publicKey)!, notBefore: 0, notAfter: start + 1e10 }] }],
  ['330000', { name: '旧平台', signerId: sm2DefaultId, keys: [{ keyId: 'k0', key: pinSm2PublicKey(platformKey.publicKey)!, notBefore: 0, notAfter: start - 1 }] }],
]);
const verifier = createVerifier({
  now: () => now,
  monotonic: () => (mono += 1),
  platforms: () => platforms,
  us: () => us,
  remote: (platformId) =>
    platformId === '310000'
      ? {
          query: (request) => {
            asked.push(request);
            mono += 40;
            return Promise.resolve(answer());
          },
        }
      : null,
  clock: () => clock,
});

const scan = (text: string | Uint8Array): VerifyScan => ({
  scanId: 'scan-1',
  bytes: typeof text === 'string' ? new Uint8Array(Buffer.from(text)) : text,
  text: typeof text === 'string' ? text : readScanContent(text).text,
  source: 'serial',
  device: 'serial:/dev/ttyACM0',
  receivedAt: now,
});
const verify = (text: string | Uint8Array) => verifier.verify(scan(text), context);

beforeEach(() => {
  [now, mono, asked, clock] = [start, 0, [], { offsetMs: 0, uncertaintyMs: 1000 }];
  answerWith(valid);
});

describe('a good code', () => {
  test('is verified with one query, all checks passed, and its facts unmasked', async () => {
    const outcome = await verify(`${mint()}\r\n`);
    expect(outcome).toMatchObject({
      scanId: 'scan-1',
      requestId: 'request-1',
      state: 'verified',
      supportCode: null,
      kind: 'enterprise-service-code',
      askedPlatform: true,
      failure: null,
      platform: { id: '310000', name: '测试平台' },
      code: { uscc, expiresAt: start + 5 * minute, form: 'text' },
      subject: { name: '测试企业有限公司', uscc, legalRepresentative: '张三', presenter: null },
      permissions: { read: true, retain: false, download: true, transfer: false },
      grantedUntil: start + 5 * minute,
      consentDigest: { equal: true },
      roundTripMs: 40,
      clockOffsetMs: 20,
      hiddenExtras: [],
    });
    expect(outcome.checks.every((check) => check.outcome === 'passed')).toBe(true);
    expect(outcome.checks.find((check) => check.id === 'online')?.ms).toBe(40);
    expect(outcome.elapsedMs).toBeGreaterThan(40);
    expect(outcome.information).toEqual([{ oid, ...valid.data?.[oid] }]);
    expect(asked).toEqual([{ code: mint().slice(0, 109) + asked[0]!.code.slice(109), operatorCredential: context.operator, ...context.purpose, requestId: 'request-1', scannedAt: printIsoTime(start), deviceId: 'device-1' }]);
  });

  test('gives out no secret when it is logged', async () => {
    const outcome = await verify(mint());
    expect(outcome.holderToken?.reveal()).toBe('holder-token');
    const logged = JSON.stringify(outcome);
    expect(logged).not.toContain('holder-token');
    expect(logged).not.toContain(asked[0]!.code);
  });

  test('shows nothing that the consent does not name, and says what it dropped', async () => {
    answerWith({ ...valid, data: { ...valid.data, '9.9.9': { title: '多给的', fields: [{ label: '手机', value: '139' }] } } });
    const outcome = await verify(mint());
    expect(outcome.hiddenExtras).toEqual(['9.9.9']);
    expect(JSON.stringify(outcome)).not.toContain('139');
  });
});

describe('a local refusal asks nobody', () => {
  const good = mint();
  const flip = (at: number): string => good.slice(0, at) + (good[at] === '1' ? '2' : '1') + good.slice(at + 1);
  const cases: [name: string, text: string | Uint8Array, state: VerdictState, supportCode: SupportCode][] = [
    ['one character of A', flip(9), 'malformed', 'E-FMT-04'],
    ['one character of B', flip(60), 'signature-invalid', 'E-SIG-01'],
    ['one character of S', flip(150), 'signature-invalid', 'E-SIG-01'],
    ['signed by a stranger', mint({ privateKey: strangerKey.privateKey }), 'signature-invalid', 'E-SIG-01'],
    ['cut off', good.slice(0, 200), 'malformed', 'E-FMT-02'],
    ['an unknown platform', mint({ platformId: '999999' }), 'platform-unknown', 'E-PLAT-01'],
    ['a platform whose keys are all too old', mint({ platformId: '330000' }), 'key-ended', 'E-SIG-04'],
    ['expired', mint({ expiresAt: start }), 'expired', 'E-EXP-01'],
    ['a web link', 'https://example.com/a', 'not-a-service-code', 'E-KIND-01'],
    ['bytes of no character set', Uint8Array.of(0xff, 0xff, 0x80, 0xff), 'not-a-service-code', 'E-KIND-01'],
    ['GB 18030 without saying so', new Uint8Array(Buffer.from('b5e7d7d3c9e7b1a3bfa8', 'hex')), 'not-a-service-code', 'E-KIND-01'],
  ];
  test.each(cases)('%s', async (_name, text, state, supportCode) => {
    const outcome = await verify(text);
    expect(outcome).toMatchObject({ state, supportCode, askedPlatform: false, attempt: null, subject: null, information: [], certificates: [] });
    expect(asked).toEqual([]);
    const failed = outcome.checks.findIndex((check) => check.outcome === 'failed');
    expect(failed).toBeGreaterThanOrEqual(0);
    expect(outcome.checks.slice(failed + 1).every((check) => check.outcome === 'not-made')).toBe(true);
    if (state === 'signature-invalid') expect(outcome.code).toBeNull();
  });

  test.each([
    [4 * minute + 59_000, 'verified'],
    [5 * minute, 'expired'],
    [5 * minute + 1000, 'expired'],
  ])('at %i ms of its life: %s', async (age, state) => {
    now = start + age;
    answerWith({ ...valid, verifiedAt: printIsoTime(now) });
    expect((await verify(mint())).state).toBe(state);
  });

  test('what is known of our clock counts: a code that our clock would still take is expired', async () => {
    now = start + 4 * minute + 50_000;
    clock = { offsetMs: 15_000, uncertaintyMs: 1000 };
    expect(await verify(mint())).toMatchObject({ state: 'expired', supportCode: 'E-EXP-01' });
  });
});

describe('what the platform says decides', () => {
  const named = (zjhm: string): ConsentRecord => ({ ...record, bsqzt: { bsqztlx: '0', bsqzxm: '别的单位', zjlx: '', zjhm } });
  const changed: ConsentRecord = { ...record, czqx: '15' };
  const cases: [name: string, reply: EnterpriseReply, state: VerdictState, supportCode: SupportCode, code?: string][] = [
    ['expired', { ...valid, verdict: 'expired' }, 'expired', 'E-EXP-02'],
    ['used', { ...valid, verdict: 'used', usedAt: printIsoTime(start - minute) }, 'already-used', 'E-USED-01'],
    ['unknown', { ...valid, verdict: 'unknownCode' }, 'refused-by-platform', 'E-PLAT-04'],
    ['a bad signature', { ...valid, verdict: 'badSignature' }, 'refused-by-platform', 'E-PLAT-03'],
    ['another grantee', { ...valid, verdict: 'granteeMismatch' }, 'out-of-scope', 'E-SCOPE-02'],
    ['a second authentication', { ...valid, verdict: 'secondAuthentication' }, 'second-authentication', 'E-AUTH-01'],
    ['a record that is not the signed one', { ...valid, authRecord: changed }, 'signature-invalid', 'E-DIG-01'],
    ['a grantee that is not us', { ...valid, authRecord: named('X') }, 'out-of-scope', 'E-SCOPE-02', mint({ consent: named('X') })],
    ['a clock far from ours', { ...valid, verifiedAt: printIsoTime(start + 61_000) }, 'clock-wrong', 'E-CLK-01'],
  ];
  test.each(cases)('%s', async (_name, reply, state, supportCode, code = mint()) => {
    answerWith(reply);
    const outcome = await verify(code);
    expect(outcome).toMatchObject({ state, supportCode, askedPlatform: true, subject: null, information: [], certificates: [], holderToken: null, consent: null });
    expect(outcome.permissions.read).toBe(false);
  });

  test('facts for the clerk come along with the refusal', async () => {
    answerWith({ ...valid, verdict: 'used', oneTime: true, usedAt: printIsoTime(start - minute) });
    expect(await verify(mint())).toMatchObject({ oneTime: true, usedAt: start - minute });
    answerWith({ ...valid, authRecord: named('X') });
    expect(await verify(mint({ consent: named('X') }))).toMatchObject({ grantee: { name: '别的单位', number: 'X', isPerson: false } });
    answerWith({ ...valid, verifiedAt: printIsoTime(start + 61_000) });
    expect(await verify(mint())).toMatchObject({ clockOffsetMs: 61_020 });
  });

  test.each([
    ['remote/unreachable', undefined, 'platform-down', 'E-NET-01'],
    ['remote/timeout', undefined, 'platform-down', 'E-NET-02'],
    ['remote/http-status', '500', 'platform-down', 'E-NET-03'],
    ['remote/http-status', '503', 'platform-down', 'E-NET-04'],
    ['remote/too-large', undefined, 'platform-down', 'E-NET-03'],
    ['remote/undecryptable', undefined, 'platform-down', 'E-ENV-01'],
    ['remote/malformed', undefined, 'platform-down', 'E-ENV-02'],
    ['remote/refused', '99 内部错误', 'refused-by-platform', 'E-PLAT-02'],
    ['remote/refused', 'result 0', 'refused-by-platform', 'E-PLAT-03'],
    ['remote/refused', 'clock -600000', 'clock-wrong', 'E-CLK-01'],
  ] satisfies [FailureCode, string | undefined, VerdictState, SupportCode][])('no usable answer: %s %s', async (code, detail, state, supportCode) => {
    answer = () => fail(code, detail);
    const outcome = await verify(mint());
    expect(outcome).toMatchObject({ state, supportCode, askedPlatform: true, failure: { code }, subject: null });
    expect(outcome.checks.find((check) => check.id === 'signature')?.outcome).toBe('passed');
    if (detail?.startsWith('clock') === true) expect(outcome.clockOffsetMs).toBe(-600_000);
  });

  test('verified, but nothing came: said so, with the company', async () => {
    answerWith({ ...valid, data: {}, certList: [] });
    expect(await verify(mint())).toMatchObject({ state: 'data-missing', supportCode: 'E-DATA-01', subject: { uscc } });
  });
});

describe('asking again', () => {
  test('keeps the request id and the scan, and takes the answer that comes now', async () => {
    answer = () => fail('remote/timeout');
    const first = await verify(mint());
    answerWith(valid);
    now = start + 2 * minute;
    const second = await verifier.retry(first);
    expect(second).toMatchObject({ state: 'verified', scanId: 'scan-1', requestId: 'request-1', scannedAt: start });
    expect(asked.map((query) => query.requestId)).toEqual(['request-1', 'request-1']);
    expect(asked[0]).toEqual(asked[1]);
  });

  test('an answer kept from the first time does not look like a wrong clock, one from elsewhere does', async () => {
    const first = await verify(mint());
    now = start + 3 * minute;
    expect(await verifier.retry(first)).toMatchObject({ state: 'verified', clockOffsetMs: null });
    answerWith({ ...valid, verifiedAt: printIsoTime(start - 2 * minute) });
    expect((await verifier.retry(first)).supportCode).toBe('E-CLK-01');
  });

  test('a new scan of a code already asked about may get the answer of then, and is still checked for expiry', async () => {
    now = start + 2 * minute;
    const code = mint();
    const again = { ...context, firstAskedAt: start };
    expect(await verifier.verify(scan(code), again)).toMatchObject({ state: 'verified', clockOffsetMs: null });
    expect((await verify(code)).supportCode).toBe('E-CLK-01');
    now = start + 5 * minute;
    expect(await verifier.verify(scan(code), again)).toMatchObject({ state: 'expired', askedPlatform: false });
  });

  test('a local refusal stays what it is', async () => {
    const first = await verify('https://example.com/a');
    expect(await verifier.retry(first)).toBe(first);
    expect(asked).toEqual([]);
  });
});
