import { describe, expect, test } from 'vitest';
import { counterContract, VerdictSchema } from '../../../domain/contracts/counter.ts';
import { createSecret } from '../../../domain/secret.ts';
import { checkIds, verdictStates } from '../../../domain/verdict.ts';
import type { GrantedVerdict } from '../../../main/app.ts';
import { maskId, maskName, maskNumbersIn, maskPhone } from '../../../main/handlers/masking.ts';
import { permittedRoles } from '../../../main/handlers/roles.table.ts';
import { describeVerdict } from '../../../main/handlers/verdict-view.ts';
import type { VerifyOutcome } from '../../../main/verify/verify-outcome.ts';
import { parse } from 'valibot';

describe('masking', () => {
  test.each([
    ['陈建国', '陈*国'],
    ['刘洋', '刘*'],
    ['欧阳娜娜', '欧**娜'],
    ['𬭎明', '𬭎*'],
    ['李', '*'],
    ['', ''],
    ['阿卜杜拉·买买提', '阿******提'],
  ])('the name %s is shown as %s', (name, shown) => expect(maskName(name)).toBe(shown));

  test('numbers keep their ends only, short ones nothing', () => {
    expect(maskId('310115198001011234')).toBe('310*************34');
    expect(maskPhone('13812345678')).toBe('138******78');
    expect(maskId('12345')).toBe('*****');
  });

  test('numbers that nobody declared personal are found in a text; codes of companies are left', () => {
    expect(maskNumbersIn('联系人 13812345678，证件 31011519800101123X')).toBe('联系人 138******78，证件 310*************3X');
    expect(maskNumbersIn('91310000MA1K35T44M 和 2019-06-18')).toBe('91310000MA1K35T44M 和 2019-06-18');
    expect(maskNumbersIn('913205007241983662')).toBe('913205007241983662');
  });
});

const outcome = {
  ...{ scanId: 's', requestId: 'r', source: 'serial', device: 'd', scannedAt: 1, elapsedMs: 2, roundTripMs: 3 },
  ...{ state: 'verified', supportCode: null, kind: 'enterprise-service-code', askedPlatform: true, failure: null },
  checks: checkIds.map((id) => ({ id, outcome: 'passed', ms: null })),
  platform: { id: '310000', name: '上海' },
  code: { digest: 'd', uscc: null, expiresAt: 9, form: 'text' },
  ...{ oneTime: true, usedAt: null, verifiedAt: 1, clockOffsetMs: 0, grantedUntil: 8, hiddenExtras: ['secret-oid'] },
  subject: { name: '某公司', uscc: '91310000MA1K35T44M', type: '有限责任公司', legalRepresentative: '陈建国', presenter: '刘思远', presenterRole: 'agent' },
  grantee: { name: '王小明', number: '310115198001011234', isPerson: true },
  consent: {
    sqzt: { sqztmc: '某公司', sqztdm: '91310000MA1K35T44M', sqsj: '20260501090000' },
    sqqx: { sqkssj: '20260501090000', sqjzsj: '20260501090500' },
    bsqzt: { bsqztlx: '1', bsqzxm: '王小明', zjlx: '111', zjhm: '310115198001011234' },
    xxkzf: { note: '请联系 13812345678' },
    xxlb: ['a', 'b'],
  },
  consentDigest: { inCode: 'A', recomputed: 'A', equal: true },
  permissions: { read: true, retain: false, download: true, transfer: false, raw: 5 },
  information: [{ oid: 'o', title: '人员信息', fields: [{ label: '法定代表人', value: '陈建国', personal: 'name' }, { label: '电话', value: '13812345678', personal: 'phone' }, { label: '住所', value: '张江路 368 号' }] }],
  certificates: [
    { certificateID: 'c1', certificateType: '营业执照', issueDept: '局', certificateNumber: 'n', issueDate: '2019-06-18', validUntil: '长期' },
    { certificateID: 'c2', certificateType: '许可证', issueDept: '局', certificateNumber: 'n', issueDate: '2019-06-18', validUntil: '20260501' },
    { certificateID: 'c3', certificateType: '许可证', issueDept: '局', certificateNumber: 'n', issueDate: '2019-06-18', validUntil: '2030年1月2日' },
    { certificateID: 'c4', certificateType: '许可证', issueDept: '局', certificateNumber: 'n', issueDate: '2019-06-18' },
  ],
  holderToken: createSecret('token-of-the-holder'),
  attempt: null,
} as unknown as VerifyOutcome;
const granted: GrantedVerdict = { caseId: 'c', outcome, codeBytes: new Uint8Array([1]), auditSeq: 7, isRevealed: false, withdrawnAt: null, documents: new Map() };
const china = (text: string): number => Date.parse(`${text}+08:00`);

describe('the verdict for the window', () => {
  test('fits the contract, hides persons everywhere, and carries neither token nor extras', () => {
    const view = parse(VerdictSchema, describeVerdict(granted, china('2026-05-01T12:00:00')));
    const printed = JSON.stringify(view);
    for (const hidden of ['陈建国', '刘思远', '王小明', '310115198001011234', '13812345678', 'token-of-the-holder', 'secret-oid']) expect(printed).not.toContain(hidden);
    expect(view).toMatchObject({ expiresAt: 8, auditSeq: 7, grantee: '王*明', permissions: { download: true, retain: false } });
    expect(view.information[0]?.fields).toEqual([
      { label: '法定代表人', value: '陈*国', masked: true },
      { label: '电话', value: '138******78', masked: true },
      { label: '住所', value: '张江路 368 号', masked: false },
    ]);
    expect(view.consent.map(({ name }) => name)).toEqual(['sqzt.sqztmc', 'sqzt.sqztdm', 'sqzt.sqsj', 'sqqx.sqkssj', 'sqqx.sqjzsj', 'bsqzt.bsqztlx', 'bsqzt.bsqzxm', 'bsqzt.zjlx', 'bsqzt.zjhm', 'xxkzf', 'xxlb']);
  });

  test('hides the person whom a refused consent names, and shows the organisation', () => {
    const refused = { ...outcome, state: 'out-of-scope', supportCode: 'E-SCOPE-02', consent: null } as const;
    const granteeOf = (grantee: VerifyOutcome['grantee']) => describeVerdict({ ...granted, outcome: { ...refused, grantee } }, 0).grantee;
    expect(granteeOf(outcome.grantee)).toBe('王*明');
    expect(granteeOf({ name: '', number: '310115198001011234', isPerson: true })).toBe('310*************34');
    expect(granteeOf({ name: '', number: '12310104425012345X', isPerson: false })).toBe('12310104425012345X');
  });

  test('shows them when they were revealed, and still no token', () => {
    const printed = JSON.stringify(describeVerdict({ ...granted, isRevealed: true }, 0));
    for (const shown of ['陈建国', '刘思远', '王小明', '310115198001011234', '13812345678']) expect(printed).toContain(shown);
    expect(printed).not.toContain('token-of-the-holder');
  });

  test.each([
    ['2026-05-01T23:59:59', ['valid', 'ends-soon', 'valid', 'unknown']],
    ['2026-05-02T00:00:00', ['valid', 'ended', 'valid', 'unknown']],
    ['2026-04-01T00:00:00', ['valid', 'valid', 'valid', 'unknown']],
  ])('certificates at %s are %s: the last day counts whole', (time, validity) => {
    expect(describeVerdict(granted, china(time)).certificates.map((one) => one.validity)).toEqual(validity);
  });

  test.each(verdictStates)('the state %s fits the contract without any fact', (state) => {
    const bare = { ...outcome, state, subject: null, grantee: null, consent: null, consentDigest: null, platform: null, code: null, grantedUntil: null, information: [], certificates: [] };
    expect(parse(VerdictSchema, describeVerdict({ ...granted, outcome: bare }, 0)).state).toBe(state);
  });
});

test('every procedure of the contract has its roles, and nothing else has', () => {
  const names = Object.entries(counterContract).flatMap(([group, procedures]) => Object.keys(procedures).map((name) => `${group}.${name}`));
  expect(Object.keys(permittedRoles).toSorted()).toEqual(names.toSorted());
});
