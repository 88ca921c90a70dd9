import type { KindInput, SymbolFamily } from './code-symbol.ts';

/** The id of a kind that the site names itself. */
export type SiteKindId = `site-${string}`;

/** What a rule looks at; all parts given must hold. There are no patterns: a rule cannot be slow, whatever is scanned. */
export interface SiteKindRule {
  readonly startsWith?: string | undefined;
  readonly endsWith?: string | undefined;
  readonly contains?: readonly string[] | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly characters?: 'digits' | 'upper-case' | 'letters' | 'letters-and-digits' | 'hex' | 'printable-ascii' | undefined;
  /** The host of an http(s) link: that host and its subdomains. */
  readonly host?: string | undefined;
  readonly symbols?: Exclude<SymbolFamily, 'unknown'> | undefined;
  readonly ignoreCase?: boolean | undefined;
}

/** One kind of the site's own. */
export interface SiteKindRow {
  readonly id: string;
  readonly name: string;
  readonly ask: string;
  readonly rule: SiteKindRule;
}

/** The first of the site's kinds that fits; null when none does. */
export function findSiteKind(kinds: readonly SiteKindRow[], input: KindInput): SiteKindId | null {
  const id = kinds.find(({ rule }) => fitsRule(rule, input))?.id;
  return id === undefined ? null : isSiteKindId(id) ? id : null;
}

/** Whether an id is one that a site may give. */
export function isSiteKindId(id: string): id is SiteKindId {
  return id.startsWith('site-');
}

/** Whether content fits a rule; takes time in the length of the content only. */
export function fitsRule(rule: SiteKindRule, input: KindInput): boolean {
  const fold = (text: string): string => (rule.ignoreCase === true ? text.toLowerCase() : text);
  const text = fold(input.text);
  if (rule.startsWith !== undefined && !text.startsWith(fold(rule.startsWith))) return false;
  if (rule.endsWith !== undefined && !text.endsWith(fold(rule.endsWith))) return false;
  if (rule.contains?.some((part) => !text.includes(fold(part))) === true) return false;
  if (input.text.length < (rule.minLength ?? 0) || input.text.length > (rule.maxLength ?? Infinity)) return false;
  if (rule.symbols !== undefined && input.symbol !== rule.symbols) return false;
  if (rule.host !== undefined && !isHost(input.lower, rule.host)) return false;
  return rule.characters === undefined || (input.text !== '' && alphabets[rule.characters].test(input.text));
}

const alphabets = {
  digits: /^[0-9]+$/,
  'upper-case': /^[A-Z]+$/,
  letters: /^[A-Za-z]+$/,
  'letters-and-digits': /^[0-9A-Za-z]+$/,
  hex: /^[0-9A-Fa-f]+$/,
  'printable-ascii': /^[\x20-\x7e]+$/,
} as const;

function isHost(lower: string, host: string): boolean {
  const found = /^https?:\/\/([a-z0-9.-]+)(?::[0-9]+)?(?:[/?#]|$)/.exec(lower)?.[1];
  return found === host || found?.endsWith(`.${host}`) === true;
}
