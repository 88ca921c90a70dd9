import type { CertificateSummary, Verdict } from '../../domain/contracts/counter.ts';
import { checkIds, type SupportCode, supportCodes, type VerdictState } from '../../domain/verdict.ts';

/** The window's side of a scan for each way it can end: name → verdict at `now`. */
export const sampleNames = [
  'verified',
  'verified-download',
  'provisional',
  'expired',
  'used',
  'signature',
  'digest',
  'malformed',
  'payment',
  'static',
  'platform-unknown',
  'grantee',
  'nothing-granted',
  'second-authentication',
  'not-confirmed',
  'withdrawn',
  'key-ended',
  'key-unknown',
  'data-missing',
  'platform-down',
  'refused',
  'clock',
] as const;
export type SampleName = (typeof sampleNames)[number];

const codes: Readonly<Record<Exclude<SampleName, 'verified' | 'verified-download' | 'provisional'>, SupportCode>> = {
  expired: 'E-EXP-01',
  used: 'E-USED-01',
  signature: 'E-SIG-01',
  digest: 'E-DIG-01',
  malformed: 'E-FMT-02',
  payment: 'E-KIND-01',
  static: 'E-KIND-01',
  'platform-unknown': 'E-PLAT-01',
  grantee: 'E-SCOPE-02',
  'nothing-granted': 'E-SCOPE-01',
  'second-authentication': 'E-AUTH-01',
  'not-confirmed': 'E-AUTH-02',
  withdrawn: 'E-WDR-01',
  'key-ended': 'E-SIG-03',
  'key-unknown': 'E-SIG-05',
  'data-missing': 'E-DATA-01',
  'platform-down': 'E-NET-02',
  refused: 'E-PLAT-03',
  clock: 'E-CLK-01',
};

const times = [2, 0, 1, null, 3, null, 212, 1, 1, null, 168];
const subject = {
  name: '上海云帆智能科技有限公司',
  uscc: '91310000MA1K35T4X6',
  type: '有限责任公司（自然人投资或控股）',
  legalRepresentative: '陈*国',
  presenter: '刘*远',
  presenterRole: 'agent',
} as const;

/** Builds the sample verdict `name` for a scan. */
export function makeSampleVerdict(name: SampleName, scanId: string, now: number, auditSeq: number): Verdict {
  const supportCode = name === 'verified' || name === 'verified-download' || name === 'provisional' ? null : codes[name];
  const state: VerdictState = supportCode === null ? (name === 'provisional' ? 'provisional' : 'verified') : supportCodes[supportCode].state;
  const failedAt = supportCode === null ? (state === 'provisional' ? 'online' : null) : supportCodes[supportCode].check;
  const checks = makeChecks(failedAt, state);
  const isLocal = failedAt !== null && checkIds.indexOf(failedAt) < checkIds.indexOf('online');
  const showsData = state === 'verified';
  const knowsSubject = showsData || state === 'data-missing' || name === 'nothing-granted';
  return {
    scanId,
    state,
    supportCode,
    kind: name === 'payment' ? 'wechat-payment-code' : name === 'static' ? 'market-subject-identity-code' : 'enterprise-service-code',
    source: 'serial',
    device: 'NLS-FM430',
    scannedAt: now,
    elapsedMs: checks.reduce((sum, check) => sum + (check.ms ?? 0), 0),
    askedPlatform: !isLocal,
    checks,
    platform: failedAt === 'kind' || failedAt === 'structure' ? null : { id: name === 'platform-unknown' ? '330000' : '310000', name: name === 'platform-unknown' ? null : '上海' },
    expiresAt: failedAt === 'kind' || failedAt === 'structure' || failedAt === 'signature' ? null : now + (state === 'expired' ? -412_000 : 252_000),
    usedAt: state === 'already-used' ? now - 95_000 : null,
    withdrawnAt: null,
    oneTime: name !== 'verified-download',
    subject: knowsSubject ? subject : null,
    grantee: name === 'grantee' ? '徐汇区行政服务中心' : isLocal ? null : '浦东新区政务服务中心',
    permissions: { read: showsData, retain: showsData, download: name === 'verified-download', transfer: name === 'verified-download' },
    consent: showsData ? consentRows : [],
    consentDigest: showsData ? { inCode: digest, recomputed: digest, equal: true } : null,
    information: showsData ? information : [],
    certificates: showsData ? certificates : [],
    auditSeq,
    clockOffsetMs: state === 'clock-wrong' ? 187_000 : isLocal ? null : 40,
  };
}

function makeChecks(failedAt: string | null, state: VerdictState): Verdict['checks'] {
  const place = failedAt === null ? checkIds.length : checkIds.indexOf(failedAt as (typeof checkIds)[number]);
  const warns = state === 'provisional' || state === 'data-missing';
  return checkIds.map((id, index) => {
    if (index < place) return { id, outcome: 'passed', ms: times[index] ?? null };
    if (index > place || state === 'provisional') return { id, outcome: 'not-made', ms: null };
    return { id, outcome: warns ? 'warned' : 'failed', ms: times[index] ?? null };
  });
}

const digest = '3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b';

const consentRows = [
  { name: 'sqzt.sqztmc', value: '上海云帆智能科技有限公司' },
  { name: 'sqzt.sqztdm', value: '91310000MA1K35T4X6' },
  { name: 'sqzt.sqsj', value: '20261121102740' },
  { name: 'bsqzt.bsqzxm', value: '浦东新区政务服务中心' },
  { name: 'sqqx.sqkssj', value: '20261121102740' },
  { name: 'sqqx.sqjzsj', value: '20261121103240' },
  { name: 'xxlb', value: '营业执照、食品经营许可证、开户许可证；基本信息、资质许可' },
  { name: 'czqx', value: '3' },
];

const information: Verdict['information'] = [
  {
    oid: 'basic',
    title: '基本信息',
    fields: [
      { label: '企业名称', value: '上海云帆智能科技有限公司', masked: false },
      { label: '统一社会信用代码', value: '91310000MA1K35T4X6', masked: false },
      { label: '法定代表人', value: '陈*国', masked: true },
      { label: '法定代表人证件号', value: '310***********1234', masked: true },
      { label: '注册资本', value: '人民币壹仟万元整', masked: false },
      { label: '成立日期', value: '2019-06-18', masked: false },
      { label: '住所', value: '上海市浦东新区张江路 368 号 5 幢 301 室', masked: false },
      { label: '登记机关', value: '上海市市场监督管理局', masked: false },
    ],
  },
  {
    oid: 'licences',
    title: '资质许可',
    fields: [
      { label: '许可名称', value: '食品经营许可证', masked: false },
      { label: '许可编号', value: 'JY13101150123456', masked: false },
      { label: '有效期至', value: '2028-03-01', masked: false },
    ],
  },
];

const certificates: CertificateSummary[] = [
  { certificateId: 'cert-licence', type: '营业执照', issueDept: '上海市市场监督管理局', number: '91310000MA1K35T4X6', issueDate: '2019-06-18', validUntil: null, validity: 'valid' },
  { certificateId: 'cert-food', type: '食品经营许可证', issueDept: '浦东新区市场监督管理局', number: 'JY13101150123456', issueDate: '2023-03-02', validUntil: '2028-03-01', validity: 'valid' },
  { certificateId: 'cert-account', type: '开户许可证', issueDept: '中国人民银行上海分行', number: 'J2900012345601', issueDate: '2019-07-01', validUntil: '2026-12-15', validity: 'ends-soon' },
];

/** The verdict with what the masks hid. */
export function unmaskVerdict(verdict: Verdict): Verdict {
  const clear = { 陈: '陈建国', '310': '310115198005061234' } as const;
  return {
    ...verdict,
    subject: verdict.subject === null ? null : { ...verdict.subject, legalRepresentative: clear.陈, presenter: '经办人 刘敏（已实名）' },
    information: verdict.information.map((group) => ({
      ...group,
      fields: group.fields.map((field) => (field.masked ? { ...field, value: field.value.startsWith('310') ? clear['310'] : clear.陈, masked: false } : field)),
    })),
  };
}
