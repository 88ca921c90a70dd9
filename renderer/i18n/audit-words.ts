import type { Language } from './language.ts';

interface Words {
  readonly 'zh-CN': string;
  readonly en: string;
}

const words: Readonly<Record<string, Words>> = {
  'app.start': { 'zh-CN': '程序启动', en: 'program started' },
  'app.stop': { 'zh-CN': '程序停止', en: 'program stopped' },
  'case.opened': { 'zh-CN': '开始办件', en: 'case opened' },
  'case.closed': { 'zh-CN': '结束办件', en: 'case closed' },
  'scan.verdict': { 'zh-CN': '核验结论', en: 'verdict' },
  'scan.repeat': { 'zh-CN': '重复扫码', en: 'same code again' },
  'scan.refused': { 'zh-CN': '未读到码', en: 'no code read' },
  'scan.unreadable': { 'zh-CN': '未读到码', en: 'no code read' },
  'data.shown': { 'zh-CN': '查看数据', en: 'data shown' },
  'data.hidden': { 'zh-CN': '清除数据', en: 'data cleared' },
  'data.revealed': { 'zh-CN': '查看遮蔽信息', en: 'unmasked' },
  'certificate.opened': { 'zh-CN': '打开证照', en: 'certificate opened' },
  'certificate.refused': { 'zh-CN': '证照未通过', en: 'certificate refused' },
  'copy.made': { 'zh-CN': '生成加注件', en: 'copy made' },
  'copy.printed': { 'zh-CN': '打印加注件', en: 'copy printed' },
  'copy.saved': { 'zh-CN': '保存加注件', en: 'copy saved' },
  'holder.notified': { 'zh-CN': '告知对方', en: 'holder told' },
  'permission.refused': { 'zh-CN': '拒绝越权', en: 'permission refused' },
  'platform.enrolled': { 'zh-CN': '接入平台', en: 'enrolled at platform' },
  'settings.changed': { 'zh-CN': '更改设置', en: 'settings changed' },
  'audit.verified': { 'zh-CN': '核对审计链', en: 'chain verified' },
  ok: { 'zh-CN': '成功', en: 'ok' },
  refused: { 'zh-CN': '拒绝', en: 'refused' },
  failed: { 'zh-CN': '失败', en: 'failed' },
  screen: { 'zh-CN': '屏幕', en: 'on screen' },
  print: { 'zh-CN': '打印', en: 'print' },
  save: { 'zh-CN': '保存', en: 'save' },
};

/** The word for an entry's type or result where there is one; an unknown one is shown as it was recorded. */
export function printAuditWord(word: string, language: Language): string {
  return Object.hasOwn(words, word) ? (words[word]?.[language] ?? word) : word;
}
