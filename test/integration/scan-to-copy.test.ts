import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PlatformProfile } from '../../domain/contracts/enterprise.ts';
import { decodeHex } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair, pinSm2PublicKey } from '../../domain/crypto/sm2.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { PlatformKeys } from '../../domain/local-verification.ts';
import { createSecret } from '../../domain/secret.ts';
import type { SupportCode, VerdictState } from '../../domain/verdict.ts';
import { fetchCertificate } from '../../main/documents/certificate-file.ts';
import { createCjkFont } from '../../main/documents/cjk-font.ts';
import { createCopyMaker } from '../../main/documents/watermarked-copy.ts';
import { enrol } from '../../main/remote/enrolment.ts';
import { createPlatformClient, type PlatformClient } from '../../main/remote/platform-client.ts';
import { createVerifier, type Verifier } from '../../main/verify/verifier.ts';
import { createPlatform, type Platform } from '../../platform/app.ts';
import type { Faults } from '../../platform/faults.ts';
import { sampleCompanies } from '../../platform/sample/companies.table.ts';

const us = { orgCode: '11310115MB2F30000X', orgName: '上海市浦东新区政务服务中心' };
const keys = generateSm2KeyPair(systemRandom);
const company = sampleCompanies[0]!;
let folder = '';
let platform: Platform;
let profile: PlatformProfile;
let client: PlatformClient;
let verifier: Verifier;
let nowOffset = 0;
let scans = 0;
let needed = new Set<string>();

const now = (): number => Date.now() + nowOffset;
const monotonic = (): number => performance.now();
let matter = { useFor: '企业开户', itemName: '企业银行账户开立', itemCode: '310100001', itemOrg: us.orgName, operator: '王芳', bizNum: 'PD-2026-0501-0031' };

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'platform-'));
  platform = await createPlatform({ dataDir: folder, now: () => Date.now(), random: systemRandom, host: '127.0.0.1', port: 0, log: pino({ enabled: false }), faults: {}, provinceDeadlineMs: 60_000 });
  const enrolled = await enrol({ baseUrl: platform.url, enrolmentCode: platform.enrolmentCode, corpName: us.orgName, corpCode: us.orgCode, publicKey: keys.publicKey, monotonic });
  if (!enrolled.ok) throw new Error(enrolled.failure.code);
  profile = enrolled.value;
  client = createPlatformClient({
    profile,
    accountPrivateKey: createSecret(keys.privateKey),
    organisation: { name: us.orgName, code: us.orgCode },
    now,
    monotonic,
    random: systemRandom,
    limits: { timeoutMs: 6000 },
  });
  const scenarios = await client.scenarios();
  if (!scenarios.ok) throw new Error(scenarios.failure.code);
  // The matter that needs the most certificates of the first sample company.
  const covers = (types: readonly { certificateTypeCode: string }[]): number => company.certificates.filter(({ typeCode }) => types.some((type) => type.certificateTypeCode === typeCode)).length;
  const scenario = scenarios.value.value.toSorted((a, b) => covers(b.dataList) - covers(a.dataList))[0]!;
  matter = { ...matter, itemName: scenario.itemName, itemCode: scenario.itemCode };
  needed = new Set(scenario.dataList.map((type) => type.certificateType));
  const [signingKey] = profile.signingKeys;
  const pinned = pinSm2PublicKey(decodeHex(signingKey!.publicKey)!)!;
  const platforms: PlatformKeys = new Map([
    [profile.platformId, { name: profile.name, signerId: encodeUtf8(profile.signerId ?? '1234567812345678'), keys: [{ keyId: signingKey!.keyId, key: pinned, notBefore: Date.parse(signingKey!.notBefore), notAfter: Date.parse(signingKey!.notAfter) }] }],
  ]);
  verifier = createVerifier({ now, monotonic, platforms: () => platforms, us: () => us, remote: () => client, clock: () => ({ offsetMs: 0, uncertaintyMs: 1000 }) });
});
afterAll(async () => {
  client?.close();
  await platform?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  nowOffset = 0;
  setFaults({});
});

const none: Required<{ [Name in keyof Faults]: undefined }> = {
  latencyMs: undefined, dropAfterCommit: undefined, httpStatus: undefined, malformed: undefined, wrongKey: undefined, headStatus: undefined,
  swappedOrder: undefined, unsignedReply: undefined, forgedReply: undefined, swappedReply: undefined, expiredKeys: undefined,
  resultZero: undefined, digestMismatch: undefined, wrongFileHash: undefined, wrongFileMagic: undefined, dataMissing: undefined, extraCertificate: undefined, clockOffsetMs: undefined,
};
const setFaults = (faults: Faults): void => void Object.assign(platform.faults, none, faults);

const mint = (more: Partial<Parameters<Platform['mint']>[0]> = {}) =>
  platform.mint({
    companyId: company.id,
    certificateTypes: company.certificates.map((certificate) => certificate.typeCode),
    informationGroups: company.information.slice(0, 1).map((group) => group.oid),
    permissions: { retain: true, download: true, transfer: false },
    oneTime: false,
    ...more,
  });

const verify = (code: string, requestId = `request-${(scans += 1)}`) =>
  verifier.verify(
    { scanId: `scan-${requestId}`, bytes: encodeUtf8(code), text: code, source: 'serial', device: 'test', receivedAt: now() },
    { purpose: matter, operator: { operatorId: 'op1', name: '王芳', ...us }, requestId, deviceId: 'device-1' },
  );

describe('on the reference platform', () => {
  test('a code is verified, its certificates are fetched and copied', async () => {
    const outcome = await verify((await mint()).code);
    expect(outcome).toMatchObject({ state: 'verified', supportCode: null, subject: { name: company.name, uscc: company.uscc }, permissions: { read: true, download: true }, hiddenExtras: [] });
    expect(outcome.information.map((group) => group.oid)).toEqual([company.information[0]!.oid]);
    expect(outcome.certificates).toHaveLength(company.certificates.length);
    expect(Math.abs(outcome.clockOffsetMs ?? 1e9)).toBeLessThan(30_000);
    const maker = createCopyMaker({ font: createCjkFont() });
    const wanted = outcome.certificates.filter((entry) => needed.has(entry.certificateType));
    expect(wanted.length).toBeGreaterThan(1);
    for (const { certificateID } of wanted) {
      const file = await fetchCertificate({ client, certificateId: certificateID, purpose: matter });
      if (!file.ok) throw new Error(`${file.failure.code} ${file.failure.detail ?? ''}`);
      expect(file.value.digestCompared).toBe(true);
      expect(file.value.surface.length).toBeGreaterThan(2);
      const copy = await maker.make({ original: file.value, lines: [us.orgName, '王芳'], recordId: 'r1', annotation: { maker: us.orgName, reason: '开户', validUntil: '20260531093107', time: '20260501093107' }, metadata: {}, madeAt: now() });
      expect(copy).toMatchObject({ ok: true, value: { pages: 1 } });
    }
  });

  test('lists, search and health answer', async () => {
    const [catalogue, scenarios, health] = [await client.catalogue(), await client.scenarios(), await client.health()];
    expect(catalogue.ok && catalogue.value.value.length).toBeGreaterThan(3);
    expect(scenarios.ok && scenarios.value.value.length).toBeGreaterThan(0);
    expect(health.ok && Math.abs((health.value.serverAt ?? 0) - Date.now())).toBeLessThan(30_000);
    const outcome = await verify((await mint()).code);
    const found = await client.search({ trustedToken: outcome.holderToken!, purpose: matter });
    expect(found).toMatchObject({ ok: true });
    const verified = await client.verifyCode({ code: (await mint()).code, purpose: matter });
    expect(verified.ok && verified.value.value.certificates.length).toBeGreaterThan(0);
  });

  test('a one-time code is used once, and asking again for the same scan does not use it', async () => {
    const { code } = await mint({ oneTime: true });
    const first = await verify(code);
    expect(first).toMatchObject({ state: 'verified', oneTime: true });
    expect((await verifier.retry(first)).state).toBe('verified');
    const second = await verify(code);
    expect(second).toMatchObject({ state: 'already-used', supportCode: 'E-USED-01', subject: null });
    expect(Math.abs((second.usedAt ?? 0) - Date.now())).toBeLessThan(30_000);
  });

  test('an answer lost on the way is asked for again without using the code up', async () => {
    const { code } = await mint({ oneTime: true });
    setFaults({ dropAfterCommit: true });
    const lost = await verify(code);
    expect(lost).toMatchObject({ state: 'platform-down', supportCode: 'E-NET-01' });
    setFaults({});
    expect(await verifier.retry(lost)).toMatchObject({ state: 'verified', oneTime: true });
  });

  test('a code for others, and one that wants the holder once more', async () => {
    expect(await verify((await mint({ grantee: { name: '别的单位', code: '91310000MA1K35T4X6' } })).code)).toMatchObject({ state: 'out-of-scope', supportCode: 'E-SCOPE-02' });
    expect(await verify((await mint({ grantee: { name: us.orgName, code: us.orgCode } })).code)).toMatchObject({ state: 'verified' });
    expect(await verify((await mint({ secondAuthentication: true })).code)).toMatchObject({ state: 'second-authentication', supportCode: 'E-AUTH-01' });
  });

  test.each([
    [{ headStatus: '99' }, 'refused-by-platform', 'E-PLAT-02'],
    [{ resultZero: true }, 'refused-by-platform', 'E-PLAT-03'],
    [{ digestMismatch: true }, 'signature-invalid', 'E-DIG-01'],
    [{ dataMissing: true }, 'data-missing', 'E-DATA-01'],
    [{ httpStatus: 503 }, 'platform-down', 'E-NET-04'],
    [{ httpStatus: 500 }, 'platform-down', 'E-NET-03'],
    [{ latencyMs: 9000 }, 'platform-down', 'E-NET-02'],
    [{ malformed: true }, 'platform-down', 'E-ENV-02'],
    [{ wrongKey: true }, 'platform-down', 'E-ENV-01'],
    [{ unsignedReply: true }, 'platform-down', 'E-ENV-03'],
    [{ forgedReply: true }, 'platform-down', 'E-ENV-03'],
    [{ swappedReply: true }, 'platform-down', 'E-ENV-03'],
    [{ clockOffsetMs: 120_000 }, 'clock-wrong', 'E-CLK-01'],
  ] satisfies [Faults, VerdictState, SupportCode][])('fault %j', async (faults, state, supportCode) => {
    const { code } = await mint();
    setFaults(faults);
    const outcome = await verify(code);
    expect(outcome).toMatchObject({ state, supportCode });
    expect(outcome.information).toEqual([]);
    setFaults({});
    if (state === 'platform-down') expect((await verifier.retry(outcome)).state).toBe('verified');
  });

  test('a certificate beside those granted is hidden, and told', async () => {
    const granted = company.certificates[0]!;
    const { code } = await mint({ certificateTypes: [granted.typeCode] });
    setFaults({ extraCertificate: true });
    const outcome = await verify(code);
    expect(outcome).toMatchObject({ state: 'verified', hiddenExtras: [expect.stringMatching(/^1\.2\.156\.3005\.2\./)] });
    expect(outcome.certificates.map(({ certificateType, certificateTypeCode }) => [certificateType, certificateTypeCode])).toEqual([[granted.type, granted.typeCode]]);
  });

  test('our own clock ten minutes off: said so, and not that the platform refuses us', async () => {
    const { code } = await mint();
    nowOffset = -600_000;
    expect(await verify(code)).toMatchObject({ state: 'clock-wrong', supportCode: 'E-CLK-01' });
  });

  test.each([
    [{ wrongFileHash: true }, 'file/wrong-hash'],
    [{ wrongFileMagic: true }, 'file/wrong-magic'],
  ] satisfies [Faults, string][])('fault %j at the file', async (faults, code) => {
    const outcome = await verify((await mint()).code);
    setFaults(faults);
    const wanted = outcome.certificates.find((entry) => needed.has(entry.certificateType))!;
    const file = await fetchCertificate({ client, certificateId: wanted.certificateID, purpose: matter });
    expect(file).toMatchObject({ ok: false, failure: { code } });
  });

  test('an enrolment code works once, a wrong one never', async () => {
    const input = { baseUrl: platform.url, corpName: 'x', corpCode: us.orgCode, publicKey: keys.publicKey, monotonic };
    expect(await enrol({ ...input, enrolmentCode: 'AAAA-AAAA-AAAA-AAAA-AAAA' })).toMatchObject({ ok: false, failure: { code: 'remote/refused' } });
    expect(await enrol({ ...input, enrolmentCode: 'x', baseUrl: 'http://127.0.0.1:9' })).toMatchObject({ ok: false, failure: { code: 'remote/unreachable' } });
    expect(await enrol({ ...input, enrolmentCode: 'x', baseUrl: 'nothing' })).toMatchObject({ ok: false });
  });
});
