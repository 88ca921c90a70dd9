/** Why a character may not be shown or stored as it is: it acts instead of being read (threat T7). */
export type UnsafeClass = 'control' | 'bidi' | 'invisible' | 'surrogate' | 'noncharacter';

/** The first unsafe character of a text. */
export interface UnsafeCharacter {
  /** UTF-16 index. */
  readonly index: number;
  readonly codePoint: number;
  readonly kind: UnsafeClass;
}

/** Finds the first control, bidirectional, zero-width, lone surrogate or noncharacter; null when the text is plain. */
export function findUnsafeCharacter(text: string): UnsafeCharacter | null {
  let index = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    const kind = unsafeClass(codePoint);
    if (kind !== null) return { index, codePoint, kind };
    index += character.length;
  }
  return null;
}

/** Whether a text may be shown as it is. */
export function isSafeText(text: string): boolean {
  return findUnsafeCharacter(text) === null;
}

/** Whether a text has a character of one of the classes. */
export function hasUnsafeCharacter(text: string, kinds: readonly UnsafeClass[]): boolean {
  for (const character of text) {
    const kind = unsafeClass(character.codePointAt(0) ?? 0);
    if (kind !== null && kinds.includes(kind)) return true;
  }
  return false;
}

/** The text with every unsafe character spelled out as `⟦U+XXXX⟧`, cut to `maxCharacters` (then ending in `…`). */
export function printVisibleText(text: string, maxCharacters = 200): string {
  let shown = '';
  let count = 0;
  for (const character of text) {
    if (count === maxCharacters) return `${shown}…`;
    const codePoint = character.codePointAt(0) ?? 0;
    shown += unsafeClass(codePoint) === null ? character : `⟦U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}⟧`;
    count++;
  }
  return shown;
}

/** The same value with `printVisibleText` done to every text in it, however deep; keys stay. */
export function makeTextsVisible<T>(value: T): T {
  if (typeof value === 'string') return printVisibleText(value, Number.POSITIVE_INFINITY) as T;
  if (Array.isArray(value)) return value.map(makeTextsVisible) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, makeTextsVisible(child as unknown)])) as T;
}

function unsafeClass(codePoint: number): UnsafeClass | null {
  // Nearly everything: printable ASCII and the common Chinese characters.
  if ((codePoint >= 0x20 && codePoint < 0x7f) || (codePoint >= 0x4e00 && codePoint <= 0x9fff)) return null;
  for (const [kind, from, to] of unsafeRanges) {
    if (codePoint >= from && codePoint <= to) return kind;
  }
  return (codePoint & 0xfffe) === 0xfffe ? 'noncharacter' : null;
}

const unsafeRanges: readonly (readonly [UnsafeClass, number, number])[] = [
  ['control', 0x00, 0x1f],
  ['control', 0x7f, 0x9f],
  ['invisible', 0xad, 0xad],
  ['bidi', 0x61c, 0x61c],
  ['invisible', 0x34f, 0x34f],
  ['invisible', 0x115f, 0x1160],
  ['invisible', 0x17b4, 0x17b5],
  ['invisible', 0x180b, 0x180f],
  ['invisible', 0x200b, 0x200d],
  ['bidi', 0x200e, 0x200f],
  ['control', 0x2028, 0x2029],
  ['bidi', 0x202a, 0x202e],
  ['invisible', 0x2060, 0x2065],
  ['bidi', 0x2066, 0x2069],
  ['invisible', 0x206a, 0x206f],
  ['invisible', 0x3164, 0x3164],
  ['surrogate', 0xd800, 0xdfff],
  ['noncharacter', 0xfdd0, 0xfdef],
  ['invisible', 0xfeff, 0xfeff],
  ['invisible', 0xffa0, 0xffa0],
  ['control', 0xfff0, 0xfffb],
  ['invisible', 0xe0000, 0xe0fff],
];
