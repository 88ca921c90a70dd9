import { describe, expect, test } from 'vitest';
import { identity } from '../../ofd/geometry.ts';
import { tracePath } from '../../ofd/path-data.ts';

function trace(data: string): (string | number)[][] {
  const steps: (string | number)[][] = [];
  const note = (name: string) => (...values: number[]) => void steps.push([name, ...values.map((value) => Math.round(value * 1000) / 1000)]);
  tracePath(data, identity, { moveTo: note('M'), lineTo: note('L'), quadraticCurveTo: note('Q'), bezierCurveTo: note('B'), closePath: note('C') });
  return steps;
}

describe('AbbreviatedData', () => {
  test('is read with every operator, repeated ones and without blanks', () => {
    expect(trace('S 1 1 M 0 0 L 1 0 2 0 Q 3 1 4 0 B 1 2 3 4 5 6 C')).toEqual([['M', 1, 1], ['M', 0, 0], ['L', 1, 0], ['L', 2, 0], ['Q', 3, 1, 4, 0], ['B', 1, 2, 3, 4, 5, 6], ['C']]);
    expect(trace('M0-1L1.5.5')).toEqual([['M', 0, -1], ['L', 1.5, 0.5]]);
  });

  test('stops at what it does not know and keeps what came before', () => {
    for (const rest of ['X 1 2 L 9 9', 'L 1', 'L 1 NaN']) expect(trace(`M 0 0 L 1 1 ${rest}`).slice(0, 2)).toEqual([['M', 0, 0], ['L', 1, 1]]);
    expect(trace('M 0 0 L 1 1 X 1 2 L 9 9')).toHaveLength(2);
  });

  test('draws arcs through the right points: a half circle below, above, and the long way round', () => {
    const middle = (data: string) => trace(data)[1]!.slice(-2);
    expect(middle('M 0 0 A 5 5 0 0 1 10 0')).toEqual([5, -5]);
    expect(middle('M 0 0 A 5 5 0 0 0 10 0')).toEqual([5, 5]);
    expect(trace('M 0 0 A 5 5 0 1 1 5 5')).toHaveLength(4);
    expect(trace('M 0 0 A 5 5 0 0 0 5 5')).toHaveLength(2);
  });

  test('enlarges radii that are too small and draws a line for none', () => {
    expect(trace('M 0 0 A 1 1 0 0 1 10 0')[1]!.slice(-2)).toEqual([5, -5]);
    expect(trace('M 0 0 A 0 5 0 0 1 10 0')).toEqual([['M', 0, 0], ['B', 0, 0, 10, 0, 10, 0]]);
  });
});
