import { describe, expect, test } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { contrastPairs, contrastRatio, type ThemeName, themes } from '../../renderer/styles/tokens.ts';

const names = Object.keys(themes) as ThemeName[];
const renderer = path.join(import.meta.dirname, '../../renderer');

describe('colours', () => {
  test('the ratio is WCAG 2’s', () => {
    expect(contrastRatio('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrastRatio('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  test.each(names.flatMap((name) => contrastPairs.map((pair) => ({ name, ...pair }))))('$name: $text on $on is at least $least', ({ name, text, on, least }) => {
    expect(contrastRatio(themes[name][text], themes[name][on])).toBeGreaterThanOrEqual(least);
  });

  test.each(names.flatMap((name) => (['verified-band', 'refused-band', 'unknown-band', 'person-band'] as const).map((band) => ({ name, band }))))(
    '$name: white on $band is at least 7',
    ({ name, band }) => {
      expect(contrastRatio('#ffffff', themes[name][band])).toBeGreaterThanOrEqual(7);
    },
  );

  test('no style sheet and no component has a colour of its own', () => {
    const files = readdirSync(renderer, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(css|tsx)$/.test(name));
    const found = files.filter((name) => /#[0-9a-f]{3,8}\b(?!')/i.test(readFileSync(path.join(renderer, name), 'utf8').replace(/href="#|url\(#/g, '')));
    expect(found).toEqual([]);
  });
});
