import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One key as xdotool names it, with its modifiers: `a`, `Q`, `slash`, `ctrl+o`, `Return`. */
export type KeyName = string;

/** The X keysym of each character that a US keyboard writes. */
const keysyms: Readonly<Record<string, string>> = {
  ' ': 'space',
  '!': 'exclam',
  '"': 'quotedbl',
  '#': 'numbersign',
  $: 'dollar',
  '%': 'percent',
  '&': 'ampersand',
  "'": 'apostrophe',
  '(': 'parenleft',
  ')': 'parenright',
  '*': 'asterisk',
  '+': 'plus',
  ',': 'comma',
  '-': 'minus',
  '.': 'period',
  '/': 'slash',
  ':': 'colon',
  ';': 'semicolon',
  '<': 'less',
  '=': 'equal',
  '>': 'greater',
  '?': 'question',
  '@': 'at',
  '[': 'bracketleft',
  '\\': 'backslash',
  ']': 'bracketright',
  '^': 'asciicircum',
  _: 'underscore',
  '`': 'grave',
  '{': 'braceleft',
  '|': 'bar',
  '}': 'braceright',
  '~': 'asciitilde',
  '\r': 'Return',
  '\t': 'Tab',
  '\u001d': 'ctrl+bracketright',
};

/** Every printable character of ASCII. */
export const printable: readonly string[] = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

/** The key that writes a character on a US keyboard. */
export function keyOf(character: string): KeyName {
  return keysyms[character] ?? character;
}

/** The rows of a keyboard as they lie under a US layout, each from the X key code of its first key on. */
const rows: readonly (readonly [first: number, plain: string, shifted: string])[] = [
  [10, '1234567890-=', '!@#$%^&*()_+'],
  [24, 'qwertyuiop[]', 'QWERTYUIOP{}'],
  [38, "asdfghjkl;'`", 'ASDFGHJKL:"~'],
  [51, '\\', '|'],
  [52, 'zxcvbnm,./', 'ZXCVBNM<>?'],
  [65, ' ', ' '],
  [23, '\t', '\t'],
  [36, '\r', '\r'],
];

/** The physical key, by its code, that a scanner set to a US keyboard presses for a character, whatever layout the machine has. */
export function physicalKeyOf(character: string): KeyName {
  for (const [first, plain, shifted] of rows) {
    if (plain.includes(character)) return String(first + plain.indexOf(character));
    if (shifted.includes(character)) return `shift+${first + shifted.indexOf(character)}`;
  }
  throw new Error(`no key writes ${JSON.stringify(character)}`);
}

/** Presses keys through the X server's own test extension, as a keyboard does. */
export interface KeySender {
  /** All keys with one pause between them, ms: a scanner. */
  burst(keys: readonly KeyName[], delayMs: number): Promise<void>;
  /** Keys with a pause of their own before each, ms; `rolled` goes down before the key before it is up: a person. */
  type(keys: readonly { readonly key: KeyName; readonly pauseMs: number; readonly isRolled: boolean }[]): Promise<void>;
}

/** Arguments of `nice` for whatever a real keyboard does by itself: on a busy machine it would be made to wait (as root; others just run). */
export const promptly = ['-n', '-12'];

/** Creates a sender for one X display. */
export function createKeySender(display: string): KeySender {
  const xdotool = async (args: readonly string[]): Promise<void> => void (await run('nice', [...promptly, 'xdotool', ...args], { env: { ...process.env, DISPLAY: display } }));
  return {
    burst: (keys, delayMs) => xdotool(['key', '--delay', String(delayMs), ...keys]),
    type: (keys) => {
      const args: string[] = [];
      for (const [index, { key, pauseMs, isRolled }] of keys.entries()) {
        const next = keys[index + 1];
        args.push('sleep', (pauseMs / 1000).toFixed(3), 'keydown', key);
        if (next?.isRolled === true) continue;
        args.push('sleep', '0.030', 'keyup', key);
        const before = keys[index - 1];
        if (isRolled && before !== undefined) args.push('keyup', before.key);
      }
      return xdotool(args);
    },
  };
}
