import type { ConsentRecord } from '../../domain/contracts/enterprise.ts';

type Mask = 'name' | 'id' | null;

/** The consent record's elements in the order of C 0300-2021 6.1.2, with what of them names a person. */
export const consentRows: readonly { readonly name: string; readonly mask: Mask; readonly read: (record: ConsentRecord) => string | undefined }[] = [
  { name: 'sqzt.sqztmc', mask: null, read: (record) => record.sqzt.sqztmc },
  { name: 'sqzt.sqztdm', mask: null, read: (record) => record.sqzt.sqztdm },
  { name: 'sqzt.sqsj', mask: null, read: (record) => record.sqzt.sqsj },
  { name: 'sqqx.sqkssj', mask: null, read: (record) => record.sqqx.sqkssj },
  { name: 'sqqx.sqjzsj', mask: null, read: (record) => record.sqqx.sqjzsj },
  { name: 'bsqzt.bsqztlx', mask: null, read: (record) => record.bsqzt?.bsqztlx },
  { name: 'bsqzt.bsqzxm', mask: 'name', read: (record) => record.bsqzt?.bsqzxm },
  { name: 'bsqzt.zjlx', mask: null, read: (record) => record.bsqzt?.zjlx },
  { name: 'bsqzt.zjhm', mask: 'id', read: (record) => record.bsqzt?.zjhm },
  { name: 'xxkzf', mask: null, read: (record) => printJson(record.xxkzf) },
  { name: 'xxlb', mask: null, read: (record) => record.xxlb?.join(' ') },
  { name: 'xxsy', mask: null, read: (record) => printJson(record.xxsy) },
  { name: 'czqx', mask: null, read: (record) => record.czqx },
];

function printJson(value: Record<string, unknown> | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}
