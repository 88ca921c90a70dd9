import { expect, test } from 'vitest';
import { captionOf } from '../../renderer/documents/link-caption.ts';
import type { SheetText } from '../../renderer/documents/sheet-source.ts';

const line = (text: string, x: number, y: number, width = 40): SheetText => ({ text, x, y, width, size: 12, angle: 0 });
const place = { x: 10, y: 100, width: 200, height: 20 };

test('a link is called by the words in its place, without leaders', () => {
  const lines = [line('above', 20, 95), line('1.1', 12, 115, 20), line('标识 ........', 40, 115, 120), line('3', 190, 115, 10), line('below', 20, 140), line('beside', 205, 115)];
  expect(captionOf({ place }, lines)).toBe('1.1 标识 3');
});

test('a link over a picture, or over the whole page, is called by nothing', () => {
  expect(captionOf({ place }, [line('elsewhere', 300, 400)])).toBe('');
  expect(captionOf({ place: null }, [line('text', 20, 115)])).toBe('');
});

test('characters of private use are not shown as boxes', () => {
  expect(captionOf({ place }, [line('1.2', 20, 115, 20), line('\ue178档概\uefd0', 60, 115)])).toBe('1.2 …档概…');
});

test('what is long is cut', () => {
  expect(captionOf({ place }, [line('长'.repeat(500), 20, 115)])).toHaveLength(80);
});
