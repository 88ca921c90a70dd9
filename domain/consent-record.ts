import type { ConsentRecord } from './contracts/enterprise.ts';
import { printCanonicalJson } from './canonical-json.ts';
import { sm3 } from './crypto/sm3.ts';
import { encodeUtf8 } from './crypto/utf8.ts';
import { isJsonObject, type JsonObject, type JsonValue, readField } from './json.ts';
import { parseChinaTime } from './time.ts';

export type { ConsentRecord } from './contracts/enterprise.ts';

/**
 * Reads a consent record (C 0300-2021 6.1.2) tolerantly: aliases `yxqx`, `bsqztxm`, numbers for codes, `xxlb` as one or
 * comma-separated text (wire notes R1, R2, R5). Null when a mandatory element is missing or a part has another type.
 */
export function readConsentRecord(value: unknown): ConsentRecord | null {
  if (!isJsonObject(value)) return null;
  const sqzt = readTexts(readField(value, 'sqzt'), { sqztmc: ['sqztmc'], sqztdm: ['sqztdm'], sqsj: ['sqsj'] });
  const sqqx = readTexts(readField(value, 'sqqx', 'yxqx'), { sqkssj: ['sqkssj'], sqjzsj: ['sqjzsj'] });
  if (sqzt === null || sqqx === null || hasEmpty(sqzt) || hasEmpty(sqqx)) return null;
  const optional = readOptionalParts(value);
  return optional === null ? null : { sqzt, sqqx, ...optional };
}

/** The bytes that segment B5 digests: canonical JSON, UTF-8 (wire notes B5). */
export function canonicalConsentBytes(record: ConsentRecord | JsonObject): Uint8Array {
  // The record's schema admits JSON only; its inferred type calls the pass-through objects unknown.
  return encodeUtf8(printCanonicalJson(record as JsonObject));
}

/** SM3 of the canonical bytes: 32 bytes. */
export function consentDigest(record: ConsentRecord | JsonObject): Uint8Array {
  return sm3(canonicalConsentBytes(record));
}

/** The period of the consent in epoch milliseconds (wire notes R3); null when a time is none or the end is not after the start. */
export function consentPeriod(record: ConsentRecord): { readonly from: number; readonly to: number } | null {
  const from = parseChinaTime(record.sqqx.sqkssj);
  const to = parseChinaTime(record.sqqx.sqjzsj);
  return from === null || to === null || to <= from ? null : { from, to };
}

/** The xxlb entry that grants the certificates of a type: the identifier root of GB/T 36904 and the type code. */
export function certificateScope(typeCode: string): string {
  return `1.2.156.3005.2.${typeCode}`;
}

type OptionalParts = Pick<ConsentRecord, 'bsqzt' | 'xxkzf' | 'xxlb' | 'xxsy' | 'czqx'>;

function readOptionalParts(value: JsonObject): OptionalParts | null {
  const bsqzt = readField(value, 'bsqzt');
  const grantee = bsqzt === undefined ? undefined : readGrantee(bsqzt);
  const xxlb = readField(value, 'xxlb');
  const categories = xxlb === undefined ? undefined : readCategories(xxlb);
  const czqx = readField(value, 'czqx');
  const permissions = czqx === undefined ? undefined : readText(czqx);
  const xxkzf = readField(value, 'xxkzf');
  const xxsy = readField(value, 'xxsy');
  if (grantee === null || categories === null || permissions === null) return null;
  if ((xxkzf !== undefined && !isJsonObject(xxkzf)) || (xxsy !== undefined && !isJsonObject(xxsy))) return null;
  return {
    ...(grantee === undefined ? {} : { bsqzt: grantee }),
    ...(xxkzf === undefined ? {} : { xxkzf }),
    ...(categories === undefined ? {} : { xxlb: categories }),
    ...(xxsy === undefined ? {} : { xxsy }),
    ...(permissions === undefined ? {} : { czqx: permissions }),
  };
}

function readGrantee(value: JsonValue): ConsentRecord['bsqzt'] | null {
  return readTexts(value, { bsqztlx: ['bsqztlx'], bsqzxm: ['bsqzxm', 'bsqztxm'], zjlx: ['zjlx'], zjhm: ['zjhm'] });
}

function readCategories(value: JsonValue): string[] | null {
  const items: readonly JsonValue[] = typeof value === 'string' ? value.split(/[,，]/) : Array.isArray(value) ? value : [null];
  const texts: string[] = [];
  for (const item of items) {
    if (typeof item !== 'string') return null;
    if (item.trim() !== '') texts.push(item.trim());
  }
  return texts;
}

/** Reads the named texts of an object; an absent one is empty, one of another type makes the whole null. */
function readTexts<Name extends string>(
  value: JsonValue | undefined,
  names: Record<Name, readonly string[]>,
): Record<Name, string> | null {
  if (!isJsonObject(value)) return null;
  const texts: [string, string][] = [];
  for (const [name, aliases] of Object.entries<readonly string[]>(names)) {
    const text = readText(readField(value, ...aliases) ?? '');
    if (text === null) return null;
    texts.push([name, text]);
  }
  return Object.fromEntries(texts) as Record<Name, string>;
}

function readText(value: JsonValue): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : null;
}

function hasEmpty(texts: Record<string, string>): boolean {
  return Object.values(texts).includes('');
}
