import { describe, expect, test } from 'vitest';
import { identity } from '../../ofd/geometry.ts';
import type { TextObject } from '../../ofd/graphic-object.ts';
import { layOutText } from '../../ofd/text-layout.ts';

const line = { width: null, join: null, cap: null, miterLimit: null, dashOffset: null, dashPattern: null };
const text = (part: Partial<TextObject>): TextObject => ({
  kind: 'text', id: '1', boundary: { x: 0, y: 0, width: 9, height: 9 }, ctm: identity, alpha: 1, blendMode: null, drawParam: null, line, clips: null, fillColor: null,
  strokeColor: null, font: '1', size: 4, stroke: false, fill: true, hScale: 1, readDirection: 0, charDirection: 0, weight: 400, italic: false, codes: [], glyphMaps: [], ...part,
});
const code = (characters: string, part = {}) => ({ x: 0, y: 0, deltaX: null, deltaY: null, text: characters, ...part });
const place = (part: Partial<TextObject>, most = 1000) => layOutText(text(part), () => 0.5, most).map(({ x, y, character, glyph }) => [character, x, y, glyph]);

describe('the places of glyphs', () => {
  test('g n v is n times v; the last distance counts on', () => {
    expect(place({ codes: [code('ABCDE', { deltaX: 'g 2 3 5' })] }).map(([, x]) => x)).toEqual([0, 3, 6, 11, 16]);
    expect(place({ codes: [code('ABC', { deltaX: '6' })] }).map(([, x]) => x)).toEqual([0, 6, 12]);
    expect(place({ codes: [code('ABC', { deltaY: 'g 3 6.5' })] }).map(([, x, y]) => [x, y])).toEqual([[0, 0], [0, 6.5], [0, 13]]);
  });

  test('without distances the width of the glyphs counts, along the reading direction', () => {
    expect(place({ codes: [code('AB')] }).map(([, x]) => x)).toEqual([0, 2]);
    const [, second] = place({ codes: [code('AB')], readDirection: 90 });
    expect(second?.[1]).toBeCloseTo(0);
    expect(second?.[2]).toBeCloseTo(2);
    expect(place({ codes: [code('AB')], hScale: 0.5 }).map(([, x]) => x)).toEqual([0, 1]);
  });

  test('a second run without X or Y goes on where the first stands', () => {
    expect(place({ codes: [code('AB', { x: 1, y: 7, deltaX: '3' }), code('C', { x: null, y: null })] })).toEqual([['A', 1, 7, null], ['B', 4, 7, null], ['C', 7, 7, null]]);
    expect(place({ codes: [code('A', { x: 1, y: 7 }), code('C', { x: 30, y: null })] })[1]).toEqual(['C', 30, 7, null]);
  });

  test('glyph maps count characters over all runs, and distances count glyphs', () => {
    const many = { position: 1, codeCount: 2, glyphs: [77] };
    expect(place({ codes: [code('AfiB', { deltaX: '5 6 7' })], glyphMaps: [many] })).toEqual([['A', 0, 0, null], ['fi', 5, 0, 77], ['B', 11, 0, null]]);
    const split = { position: 3, codeCount: 1, glyphs: [8, 9] };
    expect(place({ codes: [code('AB', { deltaX: '2' }), code('CD', { y: 5, deltaX: '2 3' })], glyphMaps: [split] }).slice(2)).toEqual([['C', 0, 5, null], ['D', 2, 5, 8], ['', 5, 5, 9]]);
  });

  test('end at the limit, whatever is asked for', () => {
    expect(place({ codes: [code('A'.repeat(5000), { deltaX: 'g 999999999 1' })] }, 100)).toHaveLength(100);
  });
});
