import { type KeyName, keyOf, printable } from './key-sender.ts';

/** One scan: the keys that the scanner presses, and the text that is to come of them. */
export interface Burst {
  readonly pressed: readonly KeyName[];
  readonly payload: string;
}

/** Makes the burst of a number; `random` gives from 0 up to and without 1. */
export type MakeBurst = (number: number, random: () => number) => Burst;

/** What a scanner may be made to press beside characters. */
const strayKeys: readonly KeyName[] = [
  ...['ctrl+o', 'ctrl+p', 'ctrl+s', 'ctrl+w', 'ctrl+n', 'ctrl+t', 'ctrl+j', 'ctrl+m', 'ctrl+f', 'ctrl+u', 'ctrl+h', 'ctrl+d', 'ctrl+v', 'ctrl+c', 'ctrl+a', 'ctrl+x', 'ctrl+z', 'ctrl+minus', 'ctrl+shift+i'],
  ...['alt+F4', 'alt+Left', 'alt+d', 'alt+f', 'shift+F10', 'ctrl+F5', 'ctrl+F4'],
  ...['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8', 'F9', 'F10', 'F11', 'F12', 'Escape', 'Menu'],
  ...['BackSpace', 'Delete', 'Left', 'Right', 'Up', 'Down', 'Home', 'End', 'Tab', 'shift+Tab', 'Return', 'space', 'c', '1', '2'],
];

/** Keys that choose, turn pages and scroll; of any five in a row none undoes another. */
const movingKeys: readonly KeyName[] = ['Down', 'Right', 'Home', 'Next', 'ctrl+Up', 'Up', 'Left', 'End', 'Prior', 'ctrl+Down', 'ctrl+Right'];

const written: Readonly<Record<string, string>> = { Return: '\r', Tab: '\t', 'shift+Tab': '\t', space: ' ', c: 'c', 1: '1', 2: '2' };

/** Characters of every kind, and in two bursts of three a stray key: among the first keys, or behind them; Enter ends it. */
export const anyBurst: MakeBurst = (number, random) => {
  const characters = pickCharacters(random);
  if (number % 3 === 0) return { pressed: [...characters.map(keyOf), 'Return'], payload: characters.join('') };
  const stray = strayKeys[Math.floor(number / 3) % strayKeys.length] ?? 'F4';
  return withStray(characters, number % 3 === 1 ? early(random) : 6 + Math.floor(random() * (characters.length - 6)), stray, '', '\r');
};

/** The first five keys, before anybody can know for a scan, move. */
export const movingBurst: MakeBurst = (number, random) => {
  const characters = pickCharacters(random);
  const moves = Array.from({ length: 5 }, (_, index) => movingKeys[(number + index) % movingKeys.length] ?? 'Down');
  return { pressed: [...moves, ...characters.map(keyOf), 'Return'], payload: characters.join('') };
};

/** Between a prefix and a suffix, with a stray key in every other one. */
export function framedBursts(prefix: string, suffix: string): MakeBurst {
  return (number, random) => {
    const characters = pickCharacters(random);
    const stray = strayKeys.filter((key) => written[key] !== suffix)[Math.floor(number / 2)] ?? 'F4';
    if (number % 2 === 0) return { pressed: [...prefix, ...characters, ...suffix].map(keyOf), payload: characters.join('') };
    return withStray(characters, early(random), stray, prefix, suffix);
  };
}

function withStray(characters: readonly string[], at: number, stray: KeyName, prefix: string, suffix: string): Burst {
  const [before, behind] = [characters.slice(0, at), characters.slice(at)];
  return { pressed: [...[...prefix, ...before].map(keyOf), stray, ...[...behind, ...suffix].map(keyOf)], payload: [...before, written[stray] ?? '', ...behind].join('') };
}

function early(random: () => number): number {
  return Math.floor(random() * 6);
}

function pickCharacters(random: () => number): readonly string[] {
  return Array.from({ length: 20 + Math.floor(random() * 50) }, () => printable[Math.floor(random() * printable.length)] ?? 'x');
}
