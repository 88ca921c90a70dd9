import type { SymbolFamily } from './code-symbol.ts';
import { hasUnsafeCharacter } from './text-safety.ts';

/** Whether the text is an 18-character citizen identity number with a right check character and a real birthday (GB 11643). */
export function isIdentityNumber(text: string): boolean {
  const match = /^[1-9][0-9]{5}((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})[0-9]{3}[0-9Xx]$/.exec(text);
  if (match === null) return false;
  const birthday = `${match[1]}-${match[2]}-${match[3]}`;
  const ms = Date.parse(`${birthday}T00:00:00Z`);
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(birthday)) return false;
  let sum = 0;
  // ISO 7064 MOD 11-2: the weight of a place is a power of two.
  for (let at = 0; at < 17; at++) sum += Number(text[at]) * (2 ** (17 - at) % 11);
  return '10X98765432'[sum % 11] === text[17]?.toUpperCase();
}

/** Whether digits end in the right Luhn digit (ISO/IEC 7812-1 annex B). */
export function isLuhnNumber(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Whether the text is 8, 12 or 13 digits with the right EAN check digit (GB 12904). */
export function hasEanCheckDigit(text: string): boolean {
  if (!/^(?:[0-9]{8}|[0-9]{12,13})$/.test(text)) return false;
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum += Number(text[text.length - 1 - at]) * (at % 2 === 1 ? 3 : 1);
  return sum % 10 === 0;
}

/** Whether the text is a mainland mobile number, with or without +86. */
export function isChinaCellNumber(text: string): boolean {
  return /^(?:\+?86)?1[3-9][0-9]{9}$/.test(text);
}

/** Whether the text is a GS1 element string: a GS1 symbol, bracketed identifiers, a group separator, or a Digital Link. */
export function isGs1Elements(text: string, symbol: SymbolFamily): boolean {
  if (symbol === 'gs1' && /^[0-9]{2}/.test(text)) return true;
  if (/^\((?:0[0-2]|1[0-7]|2[0-2]|3[0-9]{3}|4[0-9]{2,3}|8[0-9]{3}|9[0-9])\)/.test(text)) return true;
  if (/^(?:01[0-9]{14}|00[0-9]{18})(?:\u001d|1[0-7]|21|30)/.test(text) && hasEanCheckDigit(text.slice(3, 16))) return true;
  return /^https?:\/\/[^/]+\/(?:[^/]+\/)*01\/[0-9]{8,14}(?:[/?#]|$)/i.test(text);
}

/** Whether something in the text turns the reading direction around or takes no room. */
export function hasHiddenCharacter(text: string): boolean {
  return hasUnsafeCharacter(text, ['bidi', 'invisible']);
}
