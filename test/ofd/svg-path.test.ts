import { Path2D } from '@napi-rs/canvas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPathData } from '../../ofd/svg-path.ts';

const right = ['', ' ', 'M0 0', 'm10,20 30-40z', 'M.5.5L1e1-2.5e-1', 'M 1 2 3 4 5 6', 'M0 0H10V-5h3v.5', 'M0,0C1 2,3 4,5 6 7 8 9 10 11 12S1 2 3 4Q1 2 3 4T5 6', 'M10 10a5 5 0 1110 0', 'M10 10A5,5,0,0,1,20,20ZM1 1', 'M0 0zm1 1z\n'];
const wrong = ['L1 1', 'M', 'M1', 'M1 2 3', 'M0 0L', 'M0 0X1 1', 'M0 0L1 1 ?', 'M0 0Z5', 'M0 0A5 5 0 2 0 1 1', 'M0 0L1e400 1', 'M0 0L-2e9 1', 'M0 0L1 1,', 'M0 0,L1 1', 'Mo o', 'M0 0L1..2.3.', '\u0000', 'M0 0 H NaN'];

test.each(right)('takes %j', (text) => expect(isPathData(text)).toBe(true));
test.each(wrong)('refuses %j', (text) => expect(isPathData(text)).toBe(false));

test('a canvas takes whatever is taken for path data', () => {
  const token = fc.oneof(fc.constantFrom(...'MmZzLlHhVvCcSsQqTtAa', ' ', ',', '0', '1', '-', '.', 'e', '+', '\n', 'x'), fc.integer({ min: -1000, max: 1000 }).map(String), fc.float().map(String));
  let taken = 0;
  const text = fc.oneof(fc.array(token, { maxLength: 20 }).map((tokens) => tokens.join('')), fc.tuple(fc.constantFrom(...right), fc.nat(), token).map(([base, at, put]) => base.slice(0, at % (base.length + 1)) + put + base.slice((at % (base.length + 1)) + (at % 2))));
  fc.assert(fc.property(text, (data) => {
    if (!isPathData(data)) return;
    taken += 1;
    expect(() => new Path2D(data)).not.toThrow();
  }), { numRuns: 20_000 });
  expect(taken).toBeGreaterThan(500);
});
