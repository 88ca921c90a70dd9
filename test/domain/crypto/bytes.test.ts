import { expect, test } from 'vitest';
import { concatBytes, equalBytes } from '../../../domain/crypto/bytes.ts';

test('joins byte strings into a new one', () => {
  const part = Uint8Array.of(1, 2);
  const joined = concatBytes(part, new Uint8Array(), Uint8Array.of(3));
  part.fill(0);
  expect(joined).toEqual(Uint8Array.of(1, 2, 3));
  expect(concatBytes()).toEqual(new Uint8Array());
});

test('equal means same length and same bytes', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  expect(equalBytes(bytes, Uint8Array.of(1, 2, 3))).toBe(true);
  expect(equalBytes(new Uint8Array(), new Uint8Array())).toBe(true);
  for (const other of [[0, 2, 3], [1, 0, 3], [1, 2, 0], [1, 2], [1, 2, 3, 0], [1, 2, 3, 4], []]) {
    expect(equalBytes(bytes, Uint8Array.from(other))).toBe(false);
    expect(equalBytes(Uint8Array.from(other), bytes)).toBe(false);
  }
});
