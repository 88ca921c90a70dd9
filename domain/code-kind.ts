import { type CodeKindId, codeKindTable } from './code-kind.table.ts';
import { type KindInput, symbolFamily } from './code-symbol.ts';
import { isOversized, parseServiceCode, type ScannedContent } from './service-code.ts';

export type { CodeKindId, CodeRoute } from './code-kind.table.ts';

/** Scanned content with what the scanner said of the symbol: an AIM identifier (`]Q1`) or a decoder's format name (`QRCode`). */
export interface ScannedSymbol extends ScannedContent {
  readonly symbology?: string | undefined;
}

/**
 * Names what was scanned (C 0300-2021 6.1.1 b2: whatever is not QYM1 is not an enterprise service code): the first row of
 * the table that fits, in order of priority. Never throws, opens nothing.
 */
export function classifyCode(input: ScannedSymbol): { readonly kind: CodeKindId } {
  if (isOversized(input)) return { kind: 'unknown' };
  const parse = parseServiceCode(input);
  if (parse.ok || parse.isServiceCode) return { kind: 'enterprise-service-code' };
  return { kind: classifyOther(input) };
}

/** Every kind, once, for tables that must have a word for each. */
export const codeKindIds: readonly CodeKindId[] = [...new Set(codeKindTable.map((row) => row.id))];

/** Names content that is known not to be an enterprise service code. */
export function classifyOther(input: ScannedSymbol): CodeKindId {
  if (isOversized(input)) return 'unknown';
  const text = input.text.trim();
  const kindInput: KindInput = {
    text,
    lower: text.toLowerCase(),
    bytes: input.bytes ?? null,
    symbol: symbolFamily(input.symbology),
  };
  return codeKindTable.find((row) => row.fits(kindInput))?.id ?? 'unknown';
}
