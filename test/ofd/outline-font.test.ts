import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createNodeCanvasKit } from '../../main/documents/ofd-canvas.ts';
import { readOutlineFont } from '../../ofd/outline-font.ts';

const bytes = new Uint8Array(readFileSync(path.resolve(import.meta.dirname, '../../node_modules/bwip-js/fonts/OCRB7.ttf')));
const kit = createNodeCanvasKit();
const read = (file: Uint8Array) => readOutlineFont(file, () => kit.createPath());

/** Where the table directory speaks of the maps of characters. */
function entryOfMaps(data: DataView): number {
  for (let n = 0; n < data.getUint16(4); n++) if (data.getUint32(12 + 16 * n) === 0x636d6170) return 12 + 16 * n;
  throw new Error('no maps');
}

/** The font with its first map said `count` times, in a table of its own behind everything else. */
function withMaps(count: number): Uint8Array {
  const before = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [offset, length] = [before.getUint32(entryOfMaps(before) + 8), before.getUint32(entryOfMaps(before) + 12)];
  const first = before.getUint32(offset + 8);
  const map = bytes.subarray(offset + first, offset + length);
  const at = (bytes.length + 3) & ~3;
  const file = new Uint8Array(at + 4 + 8 * count + map.length);
  file.set(bytes);
  file.set(map, at + 4 + 8 * count);
  const data = new DataView(file.buffer);
  data.setUint32(entryOfMaps(before) + 8, at);
  data.setUint32(entryOfMaps(before) + 12, file.length - at);
  data.setUint16(at + 2, count);
  for (let n = 0; n < count; n++) {
    data.setUint32(at + 4 + 8 * n, before.getUint32(offset + 4));
    data.setUint32(at + 8 + 8 * n, 4 + 8 * count);
  }
  return file;
}

function withMapsBeyondTheEnd(): Uint8Array {
  const file = Uint8Array.from(bytes);
  const data = new DataView(file.buffer);
  data.setUint32(entryOfMaps(data) + 8, 0x7f_ff_ff_00);
  return file;
}

describe('a font of a document', () => {
  test('finds the glyph of a character and its outline', () => {
    const font = read(withMaps(64));
    const glyph = font?.glyphOf('A') ?? null;
    expect(glyph).not.toBeNull();
    expect(font?.pathOf(glyph ?? 0)).not.toBeNull();
  });

  test.each([
    ['with more maps of characters than a font has', withMaps(65)],
    ['whose maps lie beyond its end', withMapsBeyondTheEnd()],
  ])('%s has outlines and no characters', (_, file) => {
    const font = read(file);
    expect(font?.glyphOf('A')).toBeNull();
    expect(font?.pathOf(5)).not.toBeNull();
  });
});
