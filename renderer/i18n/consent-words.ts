import type { TFunction } from 'i18next';
import { parseCzqx } from '../../domain/permissions.ts';
import type { Language } from './language.ts';

interface Words {
  readonly 'zh-CN': string;
  readonly en: string;
}

const bits = ['read', 'retain', 'download', 'transfer'] as const;

/** What the elements of a consent record are called (C 0300-2021 6.1.2). */
const labels: Readonly<Record<string, Words>> = {
  sqzt: { 'zh-CN': '授权主体', en: 'Grantor' },
  sqqx: { 'zh-CN': '授权期限', en: 'Period' },
  bsqzt: { 'zh-CN': '被授权主体', en: 'Grantee' },
  sqztmc: { 'zh-CN': '授权主体名称', en: 'Grantor' },
  sqztdm: { 'zh-CN': '授权主体统一代码', en: 'Grantor code' },
  sqsj: { 'zh-CN': '授权时间', en: 'Granted at' },
  sqkssj: { 'zh-CN': '授权开始时间', en: 'Valid from' },
  sqjzsj: { 'zh-CN': '授权截止时间', en: 'Valid until' },
  bsqztlx: { 'zh-CN': '被授权类型', en: 'Kind of grantee' },
  bsqzxm: { 'zh-CN': '被授权者', en: 'Grantee' },
  bsqztxm: { 'zh-CN': '被授权者', en: 'Grantee' },
  zjlx: { 'zh-CN': '证件类型', en: 'Kind of identity' },
  zjhm: { 'zh-CN': '证件号码', en: 'Identity number' },
  xxkzf: { 'zh-CN': '企业信息控制方', en: 'Information controller' },
  xxlb: { 'zh-CN': '授权信息类别', en: 'Information granted' },
  xxsy: { 'zh-CN': '授权信息索引', en: 'Index of information' },
  czqx: { 'zh-CN': '操作权限', en: 'Permissions' },
};

/** Whether an element of a consent record has a name. */
export function isConsentName(name: string): boolean {
  return Object.hasOwn(labels, name);
}

/** The name of an element by its path (`sqqx.sqkssj`); an unknown one stays as it is. */
export function printConsentName(path: string, language: Language): string {
  const own = path.split('.').at(-1) ?? path;
  return Object.hasOwn(labels, own) ? (labels[own]?.[language] ?? own) : path;
}

/** A value for reading: `YYYYMMDDHHMMSS` as a date and time, permissions by name, an empty object as nothing. */
export function printConsentValue(path: string, value: string, t: TFunction): string {
  const granted = path === 'czqx' ? parseCzqx(value) : null;
  if (granted !== null) return [value, ...bits.filter((bit) => granted[bit]).map((bit) => t(`permission.${bit}`))].join(' · ');
  const time = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(value);
  if (time !== null) return `${time[1]}-${time[2]}-${time[3]} ${time[4]}:${time[5]}:${time[6]}`;
  return value === '{}' || value === '' ? '—' : value;
}
