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
