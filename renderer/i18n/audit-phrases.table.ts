import type { Language } from './language.ts';

/** What is said in one language and the other. */
export type Worded = Readonly<Record<Language, string>>;

/** Results and references that mean something only as a whole; `$1`, `$2` … are what the pattern found. */
export const phrases: readonly (readonly [RegExp, Worded])[] = [
  [/^passphrase of (\S+)$/, { 'zh-CN': '$1 的口令', en: 'passphrase of $1' }],
  [/^restore (\S+)$/, { 'zh-CN': '恢复备份 $1', en: 'restore of $1' }],
  [/^recovery code$/, { 'zh-CN': '更换恢复码', en: 'another recovery code' }],
  [/^clock$/, { 'zh-CN': '确认系统时间', en: 'the clock' }],
  [/^device key$/, { 'zh-CN': '取回设备密钥', en: 'device key brought back' }],
  [/^device key to file$/, { 'zh-CN': '设备密钥移到本机文件', en: 'device key to a file on this machine' }],
  [/^device key to (\S+)$/, { 'zh-CN': '设备密钥移到系统密钥库（$1）', en: 'device key to the key store of the system ($1)' }],
  [/^attempts cleared$/, { 'zh-CN': '错误计数清零', en: 'tries set to none' }],
  [/^stricter taken$/, { 'zh-CN': '以较严者为准', en: 'the stricter one taken' }],
  [/^reset by two$/, { 'zh-CN': '经两人重置', en: 'reset by two' }],
  [/^put back$/, { 'zh-CN': '已恢复', en: 'put back' }],
  [/^(-?\d+) s$/, { 'zh-CN': '$1 秒', en: '$1 s' }],
  [/^scans (\d+)$/, { 'zh-CN': '核验码数 $1', en: '$1 codes' }],
  [/^groups (\d+)$/, { 'zh-CN': '$1 类', en: '$1 groups' }],
  [/^(\S+) key (\S+) records (\d+)$/, { 'zh-CN': '$1 的密钥（$2 号），$3 条记录', en: 'key $2 of $1, $3 records' }],
  [/^before unreadable$/, { 'zh-CN': '此前的日志无法读取', en: 'what was there before cannot be read' }],
  [/^before (\d+)\/(\d+) ([0-9a-f]+)$/, { 'zh-CN': '此前为第 $1 代，至第 $2 条（$3）', en: 'before: generation $1, up to entry $2 ($3)' }],
  [/^no anchor$/, { 'zh-CN': '无末端记录可比对', en: 'nothing kept outside the log to compare with' }],
  [/^anchor (\d+)\/(\d+) ([0-9a-f]+)$/, { 'zh-CN': '末端记录为第 $1 代第 $2 条（$3）', en: 'kept outside the log: generation $1, entry $2 ($3)' }],
  [/^lost nothing$/, { 'zh-CN': '没有丢失', en: 'nothing lost' }],
  [/^lost from (\d+)$/, { 'zh-CN': '从第 $1 条起可能丢失', en: 'perhaps lost from entry $1 on' }],
  [/^lost (\d+)-(\d+)$/, { 'zh-CN': '丢失第 $1–$2 条', en: 'entries $1–$2 lost' }],
  [/^entry (\d+)$/, { 'zh-CN': '第 $1 条', en: 'entry $1' }],
];

/** What an entry is about, where it is a word of the program's own and no number, id or name. */
export const references: Readonly<Record<string, Worded>> = {
  attempts: { 'zh-CN': '登录错误计数', en: 'counts of wrong tries' },
  code: { 'zh-CN': '恢复码', en: 'recovery code' },
  'counter.db': { 'zh-CN': '原数据库', en: 'the database itself' },
  file: { 'zh-CN': '本机密钥文件', en: 'a key file on this machine' },
  'secret-service': { 'zh-CN': '系统密钥库', en: 'key store of the system' },
  keychain: { 'zh-CN': '系统密钥库', en: 'key store of the system' },
  dpapi: { 'zh-CN': '系统密钥库', en: 'key store of the system' },
  'safe-storage': { 'zh-CN': '系统密钥库', en: 'key store of the system' },
  'master-key': { 'zh-CN': '主密钥', en: 'master key' },
  outbox: { 'zh-CN': '单独留存的补核验', en: 'what was set apart' },
  platform: { 'zh-CN': '以平台时间为准', en: 'by the time of the platform' },
  site: { 'zh-CN': '本窗口', en: 'this window' },
  unknown: { 'zh-CN': '未知工号', en: 'an unknown number' },
  wall: { 'zh-CN': '系统时间', en: 'wall clock' },
};

/** Who did it, where it was nobody with a number. */
export const actors: Readonly<Record<string, Worded>> = {
  '-': { 'zh-CN': '—', en: '—' },
  counter: { 'zh-CN': '本程序', en: 'the counter' },
  'command line': { 'zh-CN': '命令行', en: 'command line' },
  retention: { 'zh-CN': '到期清理', en: 'retention' },
};
