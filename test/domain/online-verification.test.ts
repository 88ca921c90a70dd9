import { describe, expect, it } from 'vitest';
import { type ConsentRecord, consentDigest } from '../../domain/consent-record.ts';
import type { EnterpriseReply } from '../../domain/contracts/enterprise.ts';
import { encodeHexUpper } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { FailureCode } from '../../domain/failure.ts';
import { verifyLocally } from '../../domain/local-verification.ts';
import { judgeRemoteFailure, judgeReply, type OnlineVerdict, type ReplyInput } from '../../domain/online-verification.ts';
import { printChinaTime, printIsoTime } from '../../domain/time.ts';
import { codeOf, localInput, vector, vectorNow } from './fixtures.ts';

const oid = '1.2.156.3002.1000000000000000.01.01.01.01';
const record = JSON.parse(vector.authRecordCanonical) as ConsentRecord;
const us = { orgCode: '11310000MB2F30000X', orgName: '某区政务服务中心' };
const code = codeOf(vector.code);
const group = { title: '登记信息', fields: [{ label: '名称', value: '测试企业有限公司' }] };
const certificate = { certificateID: 'c1', certificateType: '营业执照', issueDept: 'd', certificateNumber: 'n', issueDate: '2020-01-01' };

const replyWith = (more: Partial<EnterpriseReply> = {}): EnterpriseReply => ({
  verdict: 'valid',
  verifiedAt: printIsoTime(vectorNow),
  oneTime: false,
  expiresAt: printIsoTime(code.expiresAt),
  subject: { name: '测试企业有限公司', uscc: vector.A, type: '有限责任公司' },
  authRecord: record,
  infoList: [{ oid, title: '登记信息' }],
  certList: [certificate],
  data: { [oid]: group },
  ...more,
});

const judge = (reply: EnterpriseReply, more: Partial<ReplyInput> = {}): OnlineVerdict =>
  judgeReply({ code, reply, us, now: vectorNow + 200, checks: verifyLocally(localInput(vector.code)).checks, ...more });

/** A reply whose record is changed together with the code's digest: what an honest platform would have signed. */
function judgeRecord(changed: Partial<ConsentRecord>, more: Partial<ReplyInput> = {}, reply: Partial<EnterpriseReply> = {}): OnlineVerdict {
  const authRecord: ConsentRecord = { ...record, ...changed };
  return judge(replyWith({ authRecord, ...reply }), { code: { ...code, consentDigest: consentDigest(authRecord) }, ...more });
}

const grantee = (bsqztlx: string, bsqzxm: string, zjhm: string): Pick<ConsentRecord, 'bsqzt'> => ({ bsqzt: { bsqztlx, bsqzxm, zjlx: '', zjhm } });
const outcomes = (verdict: OnlineVerdict): Record<string, string> => Object.fromEntries(verdict.checks.map((check) => [check.id, check.outcome]));

describe('a valid answer', () => {
  it('is verified, with every check passed and what was granted', () => {
    const verdict = judge(replyWith());
    expect(verdict).toMatchObject({ state: 'verified', clockDifferenceMs: -200, consentDigest: { inCode: vector.digest, recomputed: vector.digest, equal: true } });
    expect(new Set(Object.values(outcomes(verdict)))).toEqual(new Set(['passed']));
    expect(verdict.supportCode).toBeUndefined();
    expect(verdict.granted).toMatchObject({ data: { [oid]: group }, hidden: [], until: code.expiresAt });
    expect(verdict.granted?.permissions).toMatchObject({ read: true, download: false });
  });

  it('shows only the groups that the record names, and tells which it hid', () => {
    const verdict = judge(replyWith({ data: { [oid]: group, '1.2.3': { title: '多给的', fields: [] } } }));
    expect(verdict.granted?.data).toEqual({ [oid]: group });
    expect(verdict.granted?.hidden).toEqual(['1.2.3']);
  });

  it('shows only the certificates whose type the record names, and hides those of no type', () => {
    const typed = { ...certificate, certificateTypeCode: '11100000000013338W001' };
    const other = { ...certificate, certificateID: 'c2', certificateType: '食品经营许可证', certificateTypeCode: '11100000MB0341032Y001' };
    const certList = [typed, other, { ...certificate, certificateID: 'c3', certificateType: '无码证' }];
    const xxlb = [oid, '1.2.156.3005.2.11100000000013338W001'];
    const { granted } = judgeRecord({ xxlb }, {}, { certList });
    expect(granted?.certificates).toEqual([typed]);
    expect(granted?.hidden).toEqual(['1.2.156.3005.2.11100000MB0341032Y001', '无码证']);
    expect(judgeRecord({ xxlb }, {}, { certList: [other], data: {} }).supportCode).toBe('E-DATA-01');
    expect(judgeRecord({ xxlb }, { needed: ['食品经营许可证'] }, { certList }).supportCode).toBe('E-SCOPE-01');
    // A record that names no type of certificate at all does not say which it grants.
    expect(judge(replyWith({ certList })).granted?.certificates).toEqual(certList);
  });

  it('names the company as the record does, but for blanks around it and the width of brackets', () => {
    const sqzt = { ...record.sqzt, sqztmc: '测试（上海）有限公司' };
    const subject = { name: ' 测试(上海)有限公司 ', uscc: vector.A, type: 't' };
    expect(judgeRecord({ sqzt }, {}, { subject }).state).toBe('verified');
    expect(judgeRecord({ sqzt }, {}, { subject: { ...subject, name: '测试上海有限公司' } }).supportCode).toBe('E-ENV-02');
  });

  it('ends when the consent ends, if that is earlier than the code', () => {
    const end = vectorNow + 10_000;
    const sqqx = { sqkssj: record.sqqx.sqkssj, sqjzsj: printChinaTime(end) };
    expect(judgeRecord({ sqqx }).granted?.until).toBe(end);
  });

  it('turns a warning about the expiry into a pass, for the platform has the better clock', () => {
    const { checks } = verifyLocally(localInput(vector.code, { clockUncertaintyMs: 40_000 }));
    expect(checks.find((check) => check.id === 'expiry')?.outcome).toBe('warned');
    expect(outcomes(judge(replyWith(), { checks }))['expiry']).toBe('passed');
  });

  it('accepts the record with members unknown to us, if the digest is over them', () => {
    const receivedRecord = { ...record, gj: '156' };
    const signed = { ...code, consentDigest: consentDigest(receivedRecord) };
    expect(judge(replyWith(), { code: signed, receivedRecord }).state).toBe('verified');
    expect(judge(replyWith(), { code: signed }).supportCode).toBe('E-DIG-01');
    // A received record that says something else than the one that is shown proves nothing.
    expect(judge(replyWith({ authRecord: { ...record, czqx: '15' } }), { code: signed, receivedRecord }).supportCode).toBe('E-DIG-01');
  });

  it('stands for a hashed identity when the grantor digests to it', () => {
    const identity = { kind: 'hash', hash: encodeHexUpper(sm3(encodeUtf8(vector.A))) } as const;
    expect(judge(replyWith(), { code: { ...code, identity } }).state).toBe('verified');
    expect(judge(replyWith(), { code: { ...code, identity: { kind: 'hash', hash: '0'.repeat(64) } } }).supportCode).toBe('E-DIG-01');
  });
});

describe('a refusal', () => {
  it.each([
    ['expired', 'E-EXP-02', 'expired'],
    ['used', 'E-USED-01', 'already-used'],
    ['unknownCode', 'E-PLAT-04', 'refused-by-platform'],
    ['badSignature', 'E-PLAT-03', 'refused-by-platform'],
    ['granteeMismatch', 'E-SCOPE-02', 'out-of-scope'],
    ['secondAuthentication', 'E-AUTH-01', 'second-authentication'],
    ['confirmationRefused', 'E-AUTH-02', 'not-confirmed'],
    ['confirmationTimeout', 'E-AUTH-03', 'not-confirmed'],
    ['withdrawn', 'E-WDR-01', 'withdrawn'],
    ['keyRevoked', 'E-SIG-03', 'key-ended'],
    ['keyExpired', 'E-SIG-04', 'key-ended'],
  ] as const)('by the platform, %s, is %s', (verdict, supportCode, state) => {
    const judged = judge(replyWith({ verdict, usedAt: '2026-01-01T09:01:00+08:00' }));
    expect(judged).toMatchObject({ supportCode, state });
    expect(judged.granted).toBeUndefined();
    expect(judged.usedAt).toBe(verdict === 'used' ? '2026-01-01T09:01:00+08:00' : undefined);
    expect(outcomes(judged)['data']).toBe('not-made');
    // Waiting for somebody is not a failed check.
    expect(Object.values(outcomes(judged)).includes('failed')).toBe(verdict !== 'secondAuthentication');
  });

  it.each([
    ['a record that digests to something else', { authRecord: { ...record, czqx: '15' } }, 'E-DIG-01'],
    ['no record', { authRecord: undefined }, 'E-ENV-02'],
    ['another company', { subject: { name: 'x', uscc: '91310000MA1K000014', type: 't' } }, 'E-ENV-02'],
    ['another name', { subject: { name: '别的企业有限公司', uscc: vector.A, type: 't' } }, 'E-ENV-02'],
    ['no company', { subject: undefined }, 'E-ENV-02'],
    ['a time that is none', { verifiedAt: 'yesterday' }, 'E-ENV-02'],
    ['a clock one minute and a second away', { verifiedAt: printIsoTime(vectorNow - 61_000) }, 'E-CLK-01'],
    ['a time after the end of the code', { verifiedAt: printIsoTime(code.expiresAt) }, 'E-EXP-02'],
    ['nothing of what was granted', { data: {}, certList: [] }, 'E-DATA-01'],
    ['only what was not granted', { data: { '1.2.3': group }, certList: undefined }, 'E-DATA-01'],
  ] as const)('of an answer with %s', (_, more, supportCode) => {
    const reply = Object.fromEntries(Object.entries(replyWith(more as Partial<EnterpriseReply>)).filter(([, value]) => value !== undefined)) as EnterpriseReply;
    const judged = judge(reply);
    expect(judged.supportCode).toBe(supportCode);
    expect(judged.state).not.toBe('verified');
  });

  it.each([
    ['a grantor other than the subject of the code', { sqzt: { ...record.sqzt, sqztdm: '91310000MA1K000014' } }, 'E-DIG-01'],
    ['a period that ended', { sqqx: { ...record.sqqx, sqjzsj: printChinaTime(vectorNow) } }, 'E-EXP-02'],
    ['a period that begins in two minutes', { sqqx: { sqkssj: printChinaTime(vectorNow + 120_000), sqjzsj: printChinaTime(vectorNow + 300_000) } }, 'E-SCOPE-03'],
    ['a period that ends before it begins', { sqqx: { sqkssj: record.sqqx.sqjzsj, sqjzsj: record.sqqx.sqkssj } }, 'E-ENV-02'],
    ['permissions that are no byte', { czqx: 'read' }, 'E-ENV-02'],
    ['permissions without reading', { czqx: '2' }, 'E-SCOPE-01'],
    ['another organisation as grantee, by number', grantee('0', '', '11310000000000000X'), 'E-SCOPE-02'],
    ['another organisation as grantee, by name', grantee('0', '别的中心', ''), 'E-SCOPE-02'],
    ['our name beside another number', grantee('0', us.orgName, '11310000000000000X'), 'E-SCOPE-02'],
    ['a person as grantee', grantee('1', '张三', '110101199003070000'), 'E-SCOPE-02'],
    ['a person named without a number', grantee('1', '某区政务服务中心', ''), 'E-SCOPE-02'],
  ] as const)('of a record with %s', (_, changed, supportCode) => {
    expect(judgeRecord(changed as Partial<ConsentRecord>).supportCode).toBe(supportCode);
  });

  it('of a company other than the one whose hash the code carries', () => {
    const number = '310000400000001';
    const sqzt = { ...record.sqzt, sqztdm: number };
    const consentOf = { ...record, sqzt };
    const hashed = { ...code, identity: { kind: 'hash', hash: encodeHexUpper(sm3(encodeUtf8(number))) }, consentDigest: consentDigest(consentOf) } as const;
    const judgeSubject = (uscc: string) => judge(replyWith({ authRecord: consentOf, subject: { name: record.sqzt.sqztmc, uscc, type: 't' } }), { code: hashed });
    expect(judgeSubject(number).state).toBe('verified');
    expect(judgeSubject('91310000MA1K000014').supportCode).toBe('E-ENV-02');
  });

  it('of a grant that has nothing in it, or nothing that the matter needs', () => {
    expect(judgeRecord({ xxlb: [] }, {}, { certList: [] }).supportCode).toBe('E-SCOPE-01');
    expect(judge(replyWith(), { needed: ['食品经营许可证'] }).supportCode).toBe('E-SCOPE-01');
    expect(judge(replyWith(), { needed: ['食品经营许可证', '营业执照'] }).state).toBe('verified');
    expect(judge(replyWith(), { needed: [oid] }).state).toBe('verified');
  });
});

describe('a grantee that is us', () => {
  it.each([
    ['nobody named', grantee('0', '', '')],
    ['our number', grantee('0', '随便什么名字', us.orgCode)],
    ['our name', grantee('0', us.orgName, '')],
    ['no element at all', { bsqzt: undefined }],
  ])('passes: %s', (_, changed) => {
    expect(judgeRecord(JSON.parse(JSON.stringify(changed)) as Partial<ConsentRecord>).state).toBe('verified');
  });

  it('passes for the operator in person', () => {
    const asOperator = { us: { ...us, personCode: '110101199003070000' } };
    expect(judgeRecord(grantee('1', '张三', '110101199003070000'), asOperator).state).toBe('verified');
  });
});

describe('no usable answer', () => {
  it.each([
    ['remote/unreachable', 'E-NET-01'],
    ['remote/timeout', 'E-NET-02'],
    ['remote/http-status', 'E-NET-03'],
    ['remote/too-large', 'E-NET-03'],
    ['remote/undecryptable', 'E-ENV-01'],
    ['remote/malformed', 'E-ENV-02'],
    ['remote/refused', 'E-PLAT-02'],
  ] as const)('%s is %s', (failure: FailureCode, supportCode) => {
    const judged = judgeRemoteFailure({ checks: verifyLocally(localInput(vector.code)).checks, failure: { code: failure } });
    expect(judged.supportCode).toBe(supportCode);
    expect(outcomes(judged)).toMatchObject({ signature: 'passed', online: 'failed', 'one-time': 'not-made' });
  });
});
