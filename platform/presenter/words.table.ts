import type { CodeStatus } from '../presenting/contract.ts';
import type { GrantFault } from './grant.ts';

/** The languages of the page; names and titles of the data stay as the registers have them. */
export type Language = 'zh-CN' | 'en';

/** Every text of the page. */
export interface Words {
  readonly title: string;
  readonly issuer: string;
  readonly otherLanguage: string;
  readonly chooseCompany: string;
  readonly searchHint: string;
  readonly noCompany: string;
  readonly otherCompany: string;
  readonly certificates: string;
  readonly information: string;
  readonly validUntil: (date: string) => string;
  readonly all: string;
  readonly none: string;
  readonly grantTo: string;
  readonly anyUnit: string;
  readonly namedUnit: string;
  readonly unitName: string;
  readonly unitCode: string;
  readonly allow: string;
  readonly look: string;
  readonly retain: string;
  readonly download: string;
  readonly transfer: string;
  readonly oneTime: string;
  readonly oneTimeNote: string;
  readonly askFirst: string;
  readonly askFirstNote: string;
  readonly present: string;
  readonly update: string;
  readonly preparing: string;
  readonly codeAlt: (name: string, isTakenBack: boolean) => string;
  readonly leftUntil: string;
  readonly touchToRefresh: string;
  readonly grantAgain: string;
  readonly expired: string;
  readonly used: string;
  readonly refused: string;
  readonly withdrawn: string;
  readonly endedNote: Readonly<Record<EndedState, string>>;
  readonly state: Readonly<Record<'verified' | 'awaiting-confirmation', string>>;
  readonly confirm: string;
  readonly confirmed: string;
  readonly symbol: string;
  readonly symbolName: Readonly<Record<CodeSymbol, string>>;
  readonly copyPicture: string;
  readonly savePicture: string;
  readonly pictureNote: Readonly<Record<'copied' | 'notCopied' | 'notSaved', string>>;
  readonly pictureFile: (company: string, time: string, symbol: string) => string;
  readonly backToCode: string;
  readonly login: string;
  readonly role: Readonly<Record<'legal' | 'agent', string>>;
  readonly roleNote: Readonly<Record<'legal' | 'agent', string>>;
  readonly simulated: string;
  readonly logOut: string;
  readonly askLegal: string;
  readonly checkPerson: (name: string) => string;
  readonly simulatedCheck: string;
  readonly confirmPerson: string;
  readonly refuse: string;
  readonly period: string;
  readonly minutes: (n: number) => string;
  readonly withdraw: string;
  readonly withdrawAsk: string;
  readonly withdrawGo: string;
  readonly withdrawKeep: string;
  readonly withdrawnNote: string;
  readonly grants: string;
  readonly backToGrant: string;
  readonly loading: string;
  readonly noGrants: string;
  readonly grantState: Readonly<Record<CodeStatus['state'], string>>;
  readonly lookedCount: (n: number) => string;
  readonly momentOf: (iso: string) => string;
  readonly thisGrant: string;
  readonly change: string;
  readonly certificateCount: (n: number) => string;
  readonly groupCount: (n: number) => string;
  readonly whoLooked: string;
  readonly lookedTimes: (n: number) => string;
  readonly nobodyLooked: string;
  readonly notShownYet: string;
  readonly notShownNote: string;
  readonly noAnswer: string;
  readonly retry: string;
  readonly minutesAgo: (minutes: number) => string;
  readonly fault: Readonly<Record<GrantFault, string>>;
  readonly verdict: Readonly<Record<string, string>>;
}

/** The symbols that a code can be shown in. */
export type CodeSymbol = 'qr' | 'hanXin';

/** The states that end a code before its time. */
export type EndedState = Extract<CodeStatus['state'], 'used' | 'expired' | 'refused' | 'withdrawn'>;

const moment = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

function printMoment(iso: string): string {
  return moment.format(Date.parse(iso));
}

export const words: Readonly<Record<Language, Words>> = {
  'zh-CN': {
    title: '企业服务码',
    issuer: '上海 · 电子营业执照',
    otherLanguage: 'EN',
    chooseCompany: '选择企业',
    searchHint: '企业名称或统一社会信用代码',
    noCompany: '没有符合的企业',
    otherCompany: '换一家',
    certificates: '证照',
    information: '企业信息',
    validUntil: (date) => (date === '长期' ? '长期有效' : `有效期至 ${date}`),
    all: '全选',
    none: '全不选',
    grantTo: '授权给',
    anyUnit: '任意单位',
    namedUnit: '指定单位',
    unitName: '单位名称',
    unitCode: '统一社会信用代码',
    allow: '允许',
    look: '查看',
    retain: '保留凭证',
    download: '下载',
    transfer: '转储',
    oneTime: '仅用一次',
    oneTimeNote: '核验一次后立即失效',
    askFirst: '查看前须二次认证',
    askFirstNote: '窗口扫码后，由法定代表人在此认证并同意，才显示内容',
    present: '出示企业服务码',
    update: '按新授权出示',
    preparing: '正在生成企业服务码',
    codeAlt: (name, isTakenBack) => (isTakenBack ? `${name}的企业服务码` : `${name}的企业服务码，点击刷新`),
    leftUntil: '后失效',
    touchToRefresh: '点码刷新',
    grantAgain: '需要时重新授权',
    expired: '已过期',
    used: '已使用',
    refused: '未同意',
    withdrawn: '已撤回',
    endedNote: { expired: '码的有效期为 5 分钟，已不能核验', used: '此码仅用一次，已由窗口核验', refused: '法定代表人未同意查看，此码作废', withdrawn: '授权已撤回，窗口不能再取得内容' },
    state: { verified: '已核验，可继续出示', 'awaiting-confirmation': '窗口申请查看，等待您二次认证' },
    confirm: '去认证',
    confirmed: '已答复，窗口自动继续',
    symbol: '码制',
    symbolName: { qr: '二维码', hanXin: '汉信码' },
    copyPicture: '复制码图',
    savePicture: '保存码图',
    pictureNote: {
      copied: '已复制，到窗口验码终端按 Ctrl V',
      notCopied: '浏览器未允许复制，请改用“保存码图”',
      notSaved: '浏览器未能生成图片，请刷新页面后重试',
    },
    pictureFile: (company, time, symbol) => `企业服务码-${company}-${symbol}-${time}.png`,
    backToCode: '返回已出示的码',
    login: '登录亮码端',
    role: { legal: '法定代表人', agent: '经办人' },
    roleNote: { legal: '可出示、可二次认证、可撤回', agent: '可出示、可撤回；二次认证须法定代表人本人' },
    simulated: '模拟电子营业执照身份：参考平台用于演示和培训，不进行真实的实名实人认证。',
    logOut: '退出',
    askLegal: '窗口申请查看。须法定代表人本人登录后，在“授权记录”中认证',
    checkPerson: (name) => `二次实人认证：${name}`,
    simulatedCheck: '此处应由电子营业执照采集并比对人脸；参考平台只作模拟。',
    confirmPerson: '模拟认证通过，同意查看',
    refuse: '不同意',
    period: '有效期',
    minutes: (n) => `${n} 分钟`,
    withdraw: '撤回授权',
    withdrawAsk: '撤回后立即生效，不能恢复：窗口不能再凭此授权取得内容。',
    withdrawGo: '确认撤回',
    withdrawKeep: '不撤回',
    withdrawnNote: '已撤回，即时生效',
    grants: '授权记录',
    backToGrant: '返回',
    loading: '正在读取',
    noGrants: '近 7 天没有授权过',
    grantState: { shown: '出示中', 'awaiting-confirmation': '等待认证', verified: '已核验', used: '已使用', expired: '已过期', refused: '未同意', withdrawn: '已撤回' },
    lookedCount: (n) => (n === 0 ? '无人查看' : `查看 ${n} 次`),
    momentOf: (iso) => printMoment(iso),
    thisGrant: '本次授权',
    change: '修改',
    certificateCount: (n) => `${n} 证`,
    groupCount: (n) => `${n} 类`,
    whoLooked: '谁看过',
    lookedTimes: (n) => `近 7 天 ${n} 次查询`,
    nobodyLooked: '近 7 天无人查看',
    notShownYet: '尚未出示',
    notShownNote: '选择企业、勾选授权内容后，在此出示',
    noAnswer: '平台无响应，请检查网络后重试',
    retry: '重试',
    minutesAgo: (minutes) => (minutes < 1 ? '刚刚' : `${minutes} 分钟前`),
    fault: {
      'nothing-granted': '请至少勾选一项证照或企业信息',
      'grantee-name': '请填写被授权单位名称',
      'grantee-code': '统一社会信用代码应为 18 位，请核对',
    },
    verdict: {
      valid: '已核验',
      expired: '码已过期',
      used: '码已使用',
      granteeMismatch: '非授权单位',
      secondAuthentication: '等待认证',
      confirmationRefused: '未同意',
      confirmationTimeout: '未及时认证',
      withdrawn: '授权已撤回',
      keyRevoked: '密钥已吊销',
      keyExpired: '密钥过期',
      badSignature: '签名不符',
      unknownCode: '未知的码',
    },
  },
  en: {
    title: 'Service code',
    issuer: 'Shanghai · e-licence',
    otherLanguage: '中',
    chooseCompany: 'Choose a company',
    searchHint: 'Name or credit code',
    noCompany: 'No company matches',
    otherCompany: 'Another',
    certificates: 'Certificates',
    information: 'Information',
    validUntil: (date) => (date === '长期' ? 'No end date' : `Valid until ${date}`),
    all: 'All',
    none: 'None',
    grantTo: 'Granted to',
    anyUnit: 'Any organisation',
    namedUnit: 'One organisation',
    unitName: 'Name of organisation',
    unitCode: 'Unified social credit code',
    allow: 'Allowed',
    look: 'View',
    retain: 'Keep proof',
    download: 'Download',
    transfer: 'Transfer',
    oneTime: 'One use only',
    oneTimeNote: 'Ends with its first verification',
    askFirst: 'Ask first',
    askFirstNote: 'After the scan nothing is shown until the legal representative confirms here',
    present: 'Show the code',
    update: 'Show with new grant',
    preparing: 'Making the code',
    codeAlt: (name, isTakenBack) => `Enterprise service code of ${name}${isTakenBack ? '' : ', click to refresh'}`,
    leftUntil: 'left',
    touchToRefresh: 'click to refresh',
    grantAgain: 'Grant anew if needed',
    expired: 'Expired',
    used: 'Used',
    refused: 'Refused',
    withdrawn: 'Withdrawn',
    endedNote: { expired: 'A code lives 5 minutes', used: 'For one use only: a window has verified it', refused: 'The legal representative said no; the code is void', withdrawn: 'Withdrawn: no window gets anything any more' },
    state: { verified: 'Verified, still valid', 'awaiting-confirmation': 'A window asks to look: confirm in person' },
    confirm: 'Confirm in person',
    confirmed: 'Answered; the window goes on by itself',
    symbol: 'Symbol',
    symbolName: { qr: 'QR', hanXin: 'Han Xin' },
    copyPicture: 'Copy picture',
    savePicture: 'Save picture',
    pictureNote: {
      copied: 'Copied. Press Ctrl V in the window terminal',
      notCopied: 'The browser did not allow copying. Save the picture instead',
      notSaved: 'The browser could not make the picture. Reload the page and try again',
    },
    pictureFile: (company, time, symbol) => `Service code-${company}-${symbol}-${time}.png`,
    backToCode: 'Back to the code shown',
    login: 'Log in',
    role: { legal: 'Legal representative', agent: 'Agent' },
    roleNote: { legal: 'Shows codes, confirms in person, withdraws', agent: 'Shows codes and withdraws; only the legal representative confirms' },
    simulated: 'Simulated e-licence identity: the reference platform is for demonstration and training and authenticates nobody.',
    logOut: 'Log out',
    askLegal: 'A window asks to look. The legal representative must log in and confirm under Grants',
    checkPerson: (name) => `Check of the person: ${name}`,
    simulatedCheck: 'The e-licence would take and compare a face here; the reference platform only simulates it.',
    confirmPerson: 'Simulated check passed, confirm',
    refuse: 'Refuse',
    period: 'Lasts',
    minutes: (n) => `${n} min`,
    withdraw: 'Withdraw grant',
    withdrawAsk: 'This takes effect at once and cannot be undone: no window gets anything more by this grant.',
    withdrawGo: 'Withdraw',
    withdrawKeep: 'Keep it',
    withdrawnNote: 'Withdrawn, with effect at once',
    grants: 'Grants',
    backToGrant: 'Back',
    loading: 'Loading',
    noGrants: 'Nothing granted in the last 7 days',
    grantState: { shown: 'Shown', 'awaiting-confirmation': 'Waiting', verified: 'Verified', used: 'Used', expired: 'Expired', refused: 'Refused', withdrawn: 'Withdrawn' },
    lookedCount: (n) => (n === 0 ? 'nobody looked' : `${n} ${n === 1 ? 'look' : 'looks'}`),
    momentOf: (iso) => printMoment(iso),
    thisGrant: 'This grant',
    change: 'Change',
    certificateCount: (n) => `${n} cert.`,
    groupCount: (n) => `${n} groups`,
    whoLooked: 'Who looked',
    lookedTimes: (n) => `${n} requests in 7 days`,
    nobodyLooked: 'Nobody in the last 7 days',
    notShownYet: 'No code yet',
    notShownNote: 'Choose a company and what to grant; the code appears here',
    noAnswer: 'The platform does not answer. Check the network and try again',
    retry: 'Try again',
    minutesAgo: (minutes) => (minutes < 1 ? 'just now' : `${minutes} min ago`),
    fault: {
      'nothing-granted': 'Tick at least one certificate or group',
      'grantee-name': 'Name the organisation',
      'grantee-code': 'A credit code has 18 characters; please check it',
    },
    verdict: {
      valid: 'Verified',
      expired: 'Code expired',
      used: 'Code used',
      granteeMismatch: 'Not the grantee',
      secondAuthentication: 'Waiting',
      confirmationRefused: 'Refused',
      confirmationTimeout: 'Not in time',
      withdrawn: 'Withdrawn',
      keyRevoked: 'Key revoked',
      keyExpired: 'Key expired',
      badSignature: 'Bad signature',
      unknownCode: 'Unknown code',
    },
  },
};
