import { expect, test } from 'vitest';
import { createHeldKeys } from '../../renderer/wedge/held-keys.ts';

function hold(...codes: readonly string[]) {
  const acted: string[] = [];
  const held = createHeldKeys();
  for (const code of codes) held.hold(code, (isLifted) => acted.push(isLifted ? `${code} lifted` : code));
  return { held, acted };
}

test('what waited acts in its order, once, and knows whether it was let go of', () => {
  const { held, acted } = hold('Enter', 'F4');
  expect(held.lift('Enter')).toBe(true);
  expect(held.lift('KeyA')).toBe(false);
  held.release();
  held.release();
  expect(acted).toEqual(['Enter lifted', 'F4']);
});

test('two pauses let a key act, and not those that came later', () => {
  const { held, acted } = hold('Enter');
  held.pause();
  held.hold('F4', () => acted.push('F4'));
  expect(acted).toEqual([]);
  held.pause();
  expect(acted).toEqual(['Enter']);
});

test('what a scanner pressed never acts', () => {
  const { held, acted } = hold('F4', 'KeyC');
  expect(held.drop()).toEqual(['F4', 'KeyC']);
  held.release();
  expect(acted).toEqual([]);
});
