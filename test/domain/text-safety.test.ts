import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecret } from '../../domain/secret.ts';
import { findUnsafeCharacter, isSafeText, printVisibleText } from '../../domain/text-safety.ts';

describe('text that may act instead of being read', () => {
  it.each([
    ['\u0000', 'control'],
    ['\n', 'control'],
    ['\u007f', 'control'],
    ['\u0085', 'control'],
    ['\u2028', 'control'],
    ['\u200b', 'invisible'],
    ['\u200d', 'invisible'],
    ['\u00ad', 'invisible'],
    ['\u2060', 'invisible'],
    ['\ufeff', 'invisible'],
    ['\u{e0041}', 'invisible'],
    ['\u200e', 'bidi'],
    ['\u202e', 'bidi'],
    ['\u2066', 'bidi'],
    ['\u061c', 'bidi'],
    ['\ud800', 'surrogate'],
    ['\udc00', 'surrogate'],
    ['\ufffe', 'noncharacter'],
    ['\u{1ffff}', 'noncharacter'],
    ['\ufdd0', 'noncharacter'],
  ])('%j is %s', (character, kind) => {
    expect(findUnsafeCharacter(`公司${character}x`)).toEqual({ index: 2, codePoint: character.codePointAt(0), kind });
    expect(printVisibleText(`公司${character}x`)).toBe(`公司⟦U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}⟧x`);
  });

  it.each(['', 'abc', '上海云帆智能科技有限公司', '（中国）·①', '𠮷𬭎𰻞', 'é', '=cmd()'])('%s may be shown', (text) => {
    expect(isSafeText(text)).toBe(true);
    expect(printVisibleText(text)).toBe(text);
  });

  it('shown is always safe, and cut by characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => isSafeText(printVisibleText(text))), { numRuns: 3000 });
    expect(printVisibleText('𠮷'.repeat(5), 3)).toBe('𠮷𠮷𠮷…');
    expect(printVisibleText('𠮷𠮷𠮷', 3)).toBe('𠮷𠮷𠮷');
  });
});

describe('a secret', () => {
  const secret = createSecret('hunter2');

  it('is given out by reveal only', () => {
    expect(secret.reveal()).toBe('hunter2');
    const shown = [String(secret), `${secret}`, JSON.stringify({ secret }), inspect(secret), inspect({ secret }, { showHidden: true, depth: 9 }), JSON.stringify({ ...secret }), Object.values(secret).join()];
    expect(shown.filter((text) => text.includes('hunter2'))).toEqual([]);
    expect(shown.slice(0, 5).every((text) => text.includes('<secret>'))).toBe(true);
  });

  it('cannot be copied or cloned with its content', () => {
    expect({ ...secret }).not.toHaveProperty('reveal');
    expect(() => structuredClone(secret)).toThrow();
  });
});
