import { expect, test } from 'vitest';
import { findText } from '../../renderer/documents/text-search.ts';

const line = (text: string, place = {}) => ({ text, x: 10, y: 20, width: text.length * 5, size: 8, angle: 0, ...place });

test('a phrase is found as often as it is there, in its place', () => {
  expect(findText([line('上海云帆，云帆'), line('杭州')], '云帆')).toEqual([
    { x: 20, y: 20, width: 10, height: 8, angle: 0 },
    { x: 35, y: 20, width: 10, height: 8, angle: 0 },
  ]);
});

test('case and width of characters do not matter, an empty phrase is nowhere', () => {
  expect(findText([line('ＡＢｃ 12')], 'abC')).toHaveLength(1);
  expect(findText([line('abc')], '  ')).toEqual([]);
  expect(findText([line('abc')], 'abd')).toEqual([]);
});

test('on a line that is turned the place turns with it', () => {
  const [hit] = findText([line('abcd', { angle: 90 })], 'c');
  expect(hit?.x).toBeCloseTo(10);
  expect(hit?.y).toBeCloseTo(30);
});
