import type { TFunction } from 'i18next';
import type { EntryType } from '../../domain/entry-type.ts';
import { failures } from '../../domain/failure.ts';
import { offlineAnswers } from '../../domain/offline-answer.ts';
import { retainedClasses, retentionProfiles } from '../../domain/retention.ts';
import { roles } from '../../domain/roles.ts';
import { type VerdictState, verdictStates } from '../../domain/verdict.ts';
import { actors, phrases, references, type Worded } from './audit-phrases.table.ts';
import { printDayClock } from './durations.ts';
import { printFieldName } from './entry-words.ts';
import type { Language } from './language.ts';

const typeWords: Readonly<Record<EntryType, Worded>> = {
  'app.start': { 'zh-CN': '程序启动', en: 'program started' },
  'app.stop': { 'zh-CN': '程序停止', en: 'program stopped' },
  'case.opened': { 'zh-CN': '开始办件', en: 'case opened' },
  'case.closed': { 'zh-CN': '结束办件', en: 'case closed' },
  'scan.verdict': { 'zh-CN': '核验结论', en: 'verdict' },
  'offline.answered': { 'zh-CN': '补核验结果', en: 'handed in, answered' },
  'offline.set-apart': { 'zh-CN': '补核验单独留存', en: 'set apart, not handed in' },
  'offline.again': { 'zh-CN': '再次提交补核验', en: 'handed in again' },
  'scan.refused': { 'zh-CN': '未读到码', en: 'no code read' },
  'data.hidden': { 'zh-CN': '隐去未授权数据', en: 'data not granted hidden' },
  'data.revealed': { 'zh-CN': '查看遮蔽信息', en: 'unmasked' },
  'notice.given': { 'zh-CN': '告知对方', en: 'holder told' },
  'certificate.opened': { 'zh-CN': '打开证照', en: 'certificate opened' },
  'certificate.refused': { 'zh-CN': '证照未通过', en: 'certificate refused' },
  'copy.printed': { 'zh-CN': '打印加注件', en: 'copy printed' },
  'watermark.removed': { 'zh-CN': '水印被移除（已恢复）', en: 'watermark removed (put back)' },
  'copy.reprinted': { 'zh-CN': '重复打印加注件', en: 'copy printed again' },
  'key.certified': { 'zh-CN': '单位签名证书', en: "organisation's certificate" },
  'trust.added': { 'zh-CN': '导入信任证书', en: 'certificate trusted' },
  'trust.removed': { 'zh-CN': '移除信任证书', en: 'certificate no longer trusted' },
  'audit.exported': { 'zh-CN': '导出审计记录', en: 'log exported' },
  'copy.forwarded': { 'zh-CN': '转储加注件', en: 'copy transferred' },
  'copy.saved': { 'zh-CN': '保存加注件', en: 'copy saved' },
  'permission.refused': { 'zh-CN': '拒绝越权', en: 'permission refused' },
  'settings.changed': { 'zh-CN': '更改设置', en: 'settings changed' },
  'platform.keys': { 'zh-CN': '更新平台验签公钥', en: 'signing keys of the platform renewed' },
  'platform.enrolled': { 'zh-CN': '接入平台', en: 'enrolled at platform' },
  'clock.wrong': { 'zh-CN': '时钟偏差', en: 'clock wrong' },
  'audit.anchor-missing': { 'zh-CN': '日志末端的外部记录缺失（可能被删除）', en: 'what keeps the end of the log outside it is missing (it may have been deleted)' },
  'store.mended': { 'zh-CN': '数据库损坏后自动恢复', en: 'database mended after damage' },
  'store.mending-seen': { 'zh-CN': '管理员知悉数据库恢复', en: 'mending seen by an administrator' },
  'store.restored': { 'zh-CN': '从备份恢复', en: 'restored from a backup' },
  'clock.jumped': { 'zh-CN': '时钟跳变', en: 'clock jumped' },
  'clock.overridden': { 'zh-CN': '时钟经两人确认', en: 'clock confirmed by two' },
  'clock.rolled-back': { 'zh-CN': '时钟倒退', en: 'clock set back' },
  'record.resumed': { 'zh-CN': '恢复留痕', en: 'recording resumed' },
  'content.kept': { 'zh-CN': '留存授权内容', en: 'granted content kept' },
  'retention.purged': { 'zh-CN': '到期销毁', en: 'destroyed after its time' },
  'access.set-up': { 'zh-CN': '首次设置', en: 'first set-up' },
  'access.opened': { 'zh-CN': '登录', en: 'logged in' },
  'access.refused': { 'zh-CN': '登录被拒', en: 'log-in refused' },
  'access.locked': { 'zh-CN': '锁定', en: 'locked' },
  'access.passphrase': { 'zh-CN': '更换口令', en: 'passphrase changed' },
  'access.key': { 'zh-CN': '个人密钥', en: 'own key' },
  'access.person': { 'zh-CN': '人员变更', en: 'people changed' },
  'access.attempts-differ': { 'zh-CN': '登录计数不一致', en: 'counts of tries differ' },
  'access.escrow-opened': { 'zh-CN': '两人共同授权', en: 'two administrators together' },
  'access.signs': { 'zh-CN': '本人签名公钥', en: 'own signing key' },
  'access.key-rotated': { 'zh-CN': '更换主密钥', en: 'master key replaced' },
  'store.backed-up': { 'zh-CN': '每日备份', en: 'backed up' },
  'store.backup-failed': { 'zh-CN': '每日备份失败', en: 'backup failed' },
  'audit.viewed': { 'zh-CN': '查看审计内容', en: 'content of an entry opened' },
};

const words: Readonly<Record<string, Worded>> = {
  ...typeWords,
  missing: { 'zh-CN': '缺失', en: 'missing' },
  usb: { 'zh-CN': '智能密码钥匙', en: 'USB key' },
  kept: { 'zh-CN': '已留存', en: 'kept' },
  shown: { 'zh-CN': '已显示', en: 'shown' },
  screen: { 'zh-CN': '屏幕', en: 'on screen' },
  print: { 'zh-CN': '打印', en: 'on paper' },
  scans: { 'zh-CN': '核验码数', en: 'codes' },
  groups: { 'zh-CN': '类数', en: 'groups' },
  zip: { 'zh-CN': '压缩包', en: 'archive' },
  unattended: { 'zh-CN': '无人值守', en: 'unattended' },
  file: { 'zh-CN': '密钥文件', en: 'key file' },
  start: { 'zh-CN': '启动', en: 'start' },
  wall: { 'zh-CN': '系统时间', en: 'wall clock' },
  ok: { 'zh-CN': '完成', en: 'done' },
  role: { 'zh-CN': '角色无此权限', en: 'not of this role' },
  platform: { 'zh-CN': '平台', en: 'platform' },
  site: { 'zh-CN': '窗口设置', en: 'window settings' },
  kiosk: { 'zh-CN': '浏览器窗口', en: 'browser window' },
  electron: { 'zh-CN': '桌面程序', en: 'desktop program' },
  clock: { 'zh-CN': '时钟', en: 'clock' },
  restore: { 'zh-CN': '恢复备份', en: 'restore' },
  asked: { 'zh-CN': '本人锁定', en: 'by its operator' },
  change: { 'zh-CN': '换人', en: 'another operator' },
  idle: { 'zh-CN': '无人操作', en: 'nobody there' },
  'key-removed': { 'zh-CN': '本人密钥拔出', en: 'own key taken out' },
  'key-unseen': { 'zh-CN': '未再次出示本人密钥', en: 'own key not shown again' },
  'session-end': { 'zh-CN': '登录满时', en: 'session over' },
  'locked-out': { 'zh-CN': '暂停登录', en: 'waiting time set' },
  added: { 'zh-CN': '新增', en: 'added' },
  enabled: { 'zh-CN': '启用', en: 'enabled' },
  disabled: { 'zh-CN': '停用', en: 'disabled' },
  reset: { 'zh-CN': '重置口令', en: 'passphrase reset' },
  own: { 'zh-CN': '本人更换', en: 'by its owner' },
  begun: { 'zh-CN': '开始', en: 'begun' },
  done: { 'zh-CN': '完成', en: 'done' },
  released: { 'zh-CN': '解除绑定', en: 'released' },
  bound: { 'zh-CN': '绑定', en: 'bound' },
  refused: { 'zh-CN': '被拒', en: 'refused' },
  imported: { 'zh-CN': '已导入', en: 'imported' },
  removed: { 'zh-CN': '已移除', en: 'removed' },
  'records-kept': { 'zh-CN': '保留已有记录', en: 'earlier records kept' },
  'self-signed': { 'zh-CN': '自签', en: 'self-signed' },
};

/** The word for an entry's type where there is one; an unknown one is shown as it was recorded. */
export function printAuditWord(word: string, language: Language): string {
  return Object.hasOwn(words, word) ? (words[word]?.[language] ?? word) : word;
}

const faultKinds: Readonly<Record<string, Worded>> = {
  changed: { 'zh-CN': '内容被改', en: 'changed' },
  gap: { 'zh-CN': '缺少记录', en: 'entries missing' },
  missing: { 'zh-CN': '缺少记录', en: 'entries missing' },
  duplicate: { 'zh-CN': '记录重复', en: 'there twice' },
  reordered: { 'zh-CN': '次序颠倒', en: 'out of order' },
  truncated: { 'zh-CN': '末尾被截断', en: 'end cut off' },
  rewritten: { 'zh-CN': '整段被重写', en: 'written anew' },
  'rolled-back': { 'zh-CN': '末尾缺失或被旧文件替换', en: 'the end is missing, or an older file was put in place' },
  'key-missing': { 'zh-CN': '鉴别密钥缺失，或换回了旧文件', en: 'the key of its MACs is missing, or older files were put in place' },
  hash: { 'zh-CN': '摘要不符', en: 'digest does not fit' },
  line: { 'zh-CN': '记录无法读取', en: 'cannot be read' },
  body: { 'zh-CN': '正文不符', en: 'content does not fit' },
  row: { 'zh-CN': '业务数据不符', en: 'business row does not fit' },
  mac: { 'zh-CN': '鉴别码不符', en: 'MAC does not fit' },
  head: { 'zh-CN': '链头不符', en: 'head does not fit' },
  checkpoint: { 'zh-CN': '检查点签名不符', en: 'checkpoint does not hold' },
  search: { 'zh-CN': '检索表查不到该记录', en: 'a search does not find it' },
  signature: { 'zh-CN': '经办人签名不符', en: 'signature of who did it does not hold' },
  countersignature: { 'zh-CN': '审计中心会签不符', en: 'countersignature does not hold' },
};

/** What is wrong with the first bad entry, in words. */
export function printFaultKind(kind: string, language: Language): string {
  return Object.hasOwn(faultKinds, kind) ? (faultKinds[kind]?.[language] ?? kind) : kind;
}

/** The state that a result begins with, or null: `expired E-EXP-01` is `expired`. */
export function stateOfResult(result: string): VerdictState | null {
  const [first] = result.split(' ');
  return verdictStates.find((state) => state === first) ?? null;
}

const shownDigestLength = 12;
const fileDamages = ['missing', 'not-a-database', 'truncated', 'unreadable', 'log-unreadable'] as const;

/** The result of an entry in words: states, failures and roles by name, wrong tries counted, digests and keys cut short, whatever else as it was recorded. */
export function printAuditResult({ type, result }: { readonly type: string; readonly result: string }, language: Language, t: TFunction): string {
  if (Object.hasOwn(failures, result)) return t(`failure.${result as keyof typeof failures}`);
  // A profile of retention has the name of a shell.
  const profile = retentionProfiles.find((one) => result === `retention ${one}`);
  if (profile !== undefined) return `${t('retention.shorten')} ${t(`retention.profiles.${profile}`)}`;
  if (type === 'settings.changed') return printFieldNames(result, language);
  const phrase = type === 'store.mended' ? printMended(result, language, t) : printPhrase(result, language);
  if (phrase !== null) return phrase;
  const state = stateOfResult(result);
  return result
    .replace(/ records kept$/, ' records-kept')
    .split(' ')
    .map((word) => {
      if (word === state) return t(`state.${state}.short`);
      if (Object.hasOwn(failures, word)) return t(`failure.${word as keyof typeof failures}`);
      if (type === 'access.refused' && /^\d+$/.test(word)) return t('audit.wrongTries', { number: word });
      const answer = type.startsWith('offline.') ? offlineAnswers.find((one) => one === word) : undefined;
      if (answer !== undefined) return t(`records.offline.${answer}`);
      const role = roles.find((one) => one === word);
      if (role !== undefined) return t(`role.${role}`);
      return /^(04[0-9a-f]{128}|[0-9a-f]{64})$/.test(word) ? word.slice(0, shownDigestLength) : printAuditWord(word, language);
    })
    .join(' ');
}

/** What an entry is about: the program's own words in words, ids, names and numbers as they are (`isCode`). */
export function printAuditRef({ type, ref }: { readonly type: string; readonly ref: string }, language: Language, t: TFunction): { readonly text: string; readonly isCode: boolean } {
  const said = (text: string) => ({ text, isCode: false });
  if (ref === '') return said(t('general.dash'));
  const dataClass = type === 'retention.purged' ? retainedClasses.find((one) => one === ref) : undefined;
  if (dataClass !== undefined) return said(t(`retention.classes.${dataClass}`));
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(ref)) return said(printDayClock(Date.parse(ref)));
  const own = Object.hasOwn(references, ref) ? references[ref]?.[language] : printPhrase(type === 'audit.viewed' ? `entry ${ref}` : ref, language);
  return typeof own === 'string' ? said(own) : { text: ref, isCode: true };
}

/** Who did it: a number, or in words that it was nobody with one. */
export function printAuditActor(actor: string, language: Language): string {
  return Object.hasOwn(actors, actor) ? (actors[actor]?.[language] ?? actor) : actor;
}

function printPhrase(text: string, language: Language): string | null {
  const found = phrases.find(([form]) => form.test(text));
  return found === undefined ? null : text.replace(found[0], found[1][language]);
}

/** What was wrong, what that lost, and by what that is known. */
function printMended(result: string, language: Language, t: TFunction): string | null {
  const [, damage, lost = '', known = ''] = /^(\S+) (lost (?:nothing|from \d+|\d+-\d+)) (.+)$/.exec(result) ?? [];
  const worded = fileDamages.find((one) => one === damage);
  if (worded === undefined) return null;
  return [t(`mended.damage.${worded}`), printPhrase(lost, language) ?? lost, printPhrase(known, language) ?? known].join(language === 'zh-CN' ? '；' : '; ');
}

function printFieldNames(result: string, language: Language): string {
  return result
    .split(' ')
    .map((word) => printFieldName(word, language) ?? word)
    .join(language === 'zh-CN' ? '、' : ', ');
}
