import { type CodeKindId, codeKindTable } from './code-kind.table.ts';
import { type KindInput, symbolFamily } from './code-symbol.ts';
import { isOversized, parseServiceCode, type ScannedContent } from './service-code.ts';
import { findSiteKind, type SiteKindId, type SiteKindRow } from './site-kind.ts';

export type { CodeKindId, CodeRoute } from './code-kind.table.ts';

/** A built-in kind, or one of the site's own. */
export type KindId = CodeKindId | SiteKindId;

/** Scanned content with what the scanner said of the symbol: an AIM identifier (`]Q1`) or a decoder's format name (`QRCode`). */
export interface ScannedSymbol extends ScannedContent {
  readonly symbology?: string | undefined;
  /** The kinds that the site names itself: before the built-in ones, never before the enterprise service code. */
  readonly siteKinds?: readonly SiteKindRow[] | undefined;
}

/**
 * Names what was scanned (C 0300-2021 6.1.1 b2: whatever is not QYM1 is not an enterprise service code): the first row of
 * the table that fits, in order of priority. Never throws, opens nothing.
 */
export function classifyCode(input: ScannedSymbol): { readonly kind: KindId } {
  if (isOversized(input)) return { kind: 'unknown' };
  const parse = parseServiceCode(input);
  if (parse.ok || parse.isServiceCode) return { kind: 'enterprise-service-code' };
  return { kind: classifyOther(input) };
}

/** Every kind, once, for tables that must have a word for each. */
export const codeKindIds: readonly CodeKindId[] = [...new Set(codeKindTable.map((row) => row.id))];

/** Names content that is known not to be an enterprise service code. */
export function classifyOther(input: ScannedSymbol): KindId {
  if (isOversized(input)) return 'unknown';
  const isUndecodable = input.text === '' && (input.bytes?.length ?? 0) > 0;
  const text = isUndecodable ? readLeadingLink(input.bytes ?? new Uint8Array()) : input.text.trim();
  const kindInput: KindInput = {
    text,
    lower: text.toLowerCase(),
    bytes: input.bytes ?? null,
    isUndecodable,
    symbol: symbolFamily(input.symbology),
  };
  return findSiteKind(input.siteKinds ?? [], kindInput) ?? codeKindTable.find((row) => row.fits(kindInput))?.id ?? 'unknown';
}

/** Some codes are a link with signed octets behind it (随申码): the printable beginning of the bytes, when it is a link. */
function readLeadingLink(bytes: Uint8Array): string {
  const end = bytes.findIndex((byte) => byte <= 0x20 || byte >= 0x7f);
  const text = String.fromCharCode(...bytes.subarray(0, Math.min(end === -1 ? bytes.length : end, 400)));
  return /^https?:\/\//i.test(text) ? text : '';
}
