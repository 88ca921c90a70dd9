/** Keys of the US layout, which wedge scanners are set to: physical key → plain and shifted character. */
const characters: Readonly<Record<string, readonly [plain: string, shifted: string]>> = {
  Digit1: ['1', '!'],
  Digit2: ['2', '@'],
  Digit3: ['3', '#'],
  Digit4: ['4', '$'],
  Digit5: ['5', '%'],
  Digit6: ['6', '^'],
  Digit7: ['7', '&'],
  Digit8: ['8', '*'],
  Digit9: ['9', '('],
  Digit0: ['0', ')'],
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Backslash: ['\\', '|'],
  Semicolon: [';', ':'],
  Quote: ["'", '"'],
  Backquote: ['`', '~'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Slash: ['/', '?'],
  Space: [' ', ' '],
  Enter: ['\r', '\r'],
  NumpadEnter: ['\r', '\r'],
  Tab: ['\t', '\t'],
  NumpadAdd: ['+', '+'],
  NumpadSubtract: ['-', '-'],
  NumpadMultiply: ['*', '*'],
  NumpadDivide: ['/', '/'],
  NumpadDecimal: ['.', '.'],
};

/** The character that a scanner means by a physical key; null for keys that write none. */
export function wedgeCharacter(code: string, isShifted: boolean): string | null {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return isShifted ? letter : letter.toLowerCase();
  const digit = /^Numpad([0-9])$/.exec(code)?.[1];
  if (digit !== undefined) return digit;
  return characters[code]?.[isShifted ? 1 : 0] ?? null;
}

/** The physical key and shift that write a character, as a scanner would press them; null where there is none. */
export function wedgeKeyOf(character: string): { readonly code: string; readonly shiftKey: boolean } | null {
  if (/^[A-Za-z]$/.test(character)) return { code: `Key${character.toUpperCase()}`, shiftKey: character !== character.toLowerCase() };
  for (const [code, [plain, shifted]] of Object.entries(characters)) {
    if (plain === character) return { code, shiftKey: false };
    if (shifted === character) return { code, shiftKey: true };
  }
  return null;
}
