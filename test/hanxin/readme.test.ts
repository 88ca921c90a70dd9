import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as library from '../../hanxin/index.ts';

const folder = path.resolve(import.meta.dirname, '../../hanxin');
const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');

describe('hanxin/README.md', () => {
  test('its symbols are what the library draws', () => {
    const { encodeHanXin, printSvg } = library;
    const text = '汉信码 Han Xin Code';
    expect(readFileSync(path.join(folder, 'pictures/symbol.svg'), 'utf8')).toBe(`${printSvg(encodeHanXin(text, { version: 6 })!, { moduleSize: 6 })}\n`);
    const marked = encodeHanXin(text, { version: 12, markShare: 0.05 })!;
    expect(readFileSync(path.join(folder, 'pictures/symbol-with-mark.svg'), 'utf8')).toBe(`${printSvg(marked, { moduleSize: 4, markShare: 0.05 })}\n`);
  });

  test('what its examples import is exported, and the files it names exist', () => {
    for (const [, names] of readme.matchAll(/import \{ ([^}]+) \} from '\.\/index\.ts'/g)) {
      for (const name of names!.split(', ')) expect(library).toHaveProperty(name);
    }
    const files = [...readme.matchAll(/`([a-z-]+\.ts)`|\((pictures\/[a-z.-]+)\)/g)].map(([, source, picture]) => source ?? picture!);
    expect(files.length).toBeGreaterThan(15);
    for (const file of files) expect(() => readFileSync(path.join(folder, file)), file).not.toThrow();
  });
});
