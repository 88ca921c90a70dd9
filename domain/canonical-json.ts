import type { JsonObject, JsonValue } from './json.ts';

/**
 * The one text of a JSON value (RFC 8785): keys sorted by UTF-16 code units, no blanks, shortest numbers. Never throws:
 * what RFC 8785 refuses is printed as JSON.stringify does (a lone surrogate as its escape, NaN as null).
 */
export function printCanonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map((item: JsonValue) => printCanonicalJson(item)).join(',')}]`;
  if (typeof value === 'object' && value !== null) return printObject(value as JsonObject);
  return JSON.stringify(value);
}

function printObject(object: JsonObject): string {
  const members: string[] = [];
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${printCanonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}
