import { beforeAll, describe, expect, test } from 'vitest';
import { createImageReader } from '../../../main/devices/image-reader.ts';
import { readUndeclaredText } from '../../../main/devices/undeclared-text.ts';
import { lumaPasses } from '../../../domain/code-search.ts';
import { loadCodeDecoder } from '../../fakes/code-decoder.ts';
import { absent, listPhotographs, type Photograph, readPhotograph } from './photographs.ts';

/** What the readers made of one photograph. */
interface Reading {
  readonly photograph: Photograph;
  /** `counter decode`. */
  readonly texts: readonly string[];
  /** zxing-wasm, one plain look: what it reads by itself. */
  readonly plain: readonly string[];
  /** The camera's QR decoder: as many frames as there are strategies. */
  readonly camera: readonly string[];
}

/** `right/known of all` for each set, and what is read besides the one code of a photograph. */
function count(readings: readonly Reading[], what: (reading: Reading) => readonly string[]): Record<string, string> {
  const table: Record<string, string> = {};
  for (const set of new Set(readings.map(({ photograph }) => photograph.set))) {
    const of = readings.filter(({ photograph }) => photograph.set === set);
    const known = of.filter(({ photograph }) => photograph.payload !== null);
    table[set] = `${known.filter((reading) => what(reading).includes(reading.photograph.payload ?? '')).length}/${known.length} of ${of.length}`;
  }
  return table;
}

const decoded = {
  'boofcv-blurred': '5/5 of 5', 'boofcv-bright_spots': '2/3 of 3', 'boofcv-brightness': '1/1 of 3', 'boofcv-close': '3/3 of 3', 'boofcv-curved': '2/2 of 5',
  'boofcv-damaged': '2/2 of 3', 'boofcv-glare': '3/3 of 6', 'boofcv-high_version': '3/3 of 3', 'boofcv-monitor': '2/2 of 2', 'boofcv-nominal': '7/7 of 7',
  'boofcv-noncompliant': '2/2 of 2', 'boofcv-perspective': '1/2 of 4', 'boofcv-rotations': '4/4 of 4', 'boofcv-shadows': '2/2 of 2', jsqr: '19/19 of 22',
  'zxcpp-2': '10/10 of 10', 'zxcpp-3': '6/6 of 6', 'zxing-2': '9/10 of 10', 'zxing-3': '9/9 of 9', 'zxing-4': '11/11 of 11', 'zxing-5': '2/2 of 2',
};

describe.skipIf(absent !== null)(`122 photographs made by others${absent === null ? '' : ` — skipped: ${absent}`}`, () => {
  let readings: readonly Reading[] = [];
  beforeAll(async () => {
    const reader = createImageReader();
    const decoder = await loadCodeDecoder();
    const text = ({ bytes }: { readonly bytes: Uint8Array }) => readUndeclaredText(bytes);
    const read = async (photograph: Photograph): Promise<Reading> => {
      const { width, height, luma } = readPhotograph(photograph);
      const codes = await reader.readLuma({ width, height, luma });
      const frames = lumaPasses.map((pass) => decoder.readFrame({ width, height, values: luma }, pass).codes.map(text));
      return { photograph, texts: codes.map((code) => code.text), plain: frames[0] ?? [], camera: frames.flat() };
    };
    readings = await Promise.all(listPhotographs().map(read));
  }, 600_000);

  test('counter decode reads these of each set', () => {
    expect(count(readings, ({ texts }) => texts)).toEqual(decoded);
  });

  test('that is what zxing-wasm alone reads, and what the strategies add', () => {
    expect(count(readings, ({ plain }) => plain)).toEqual({ ...decoded, 'boofcv-damaged': '1/2 of 3', 'boofcv-glare': '2/3 of 6', jsqr: '18/19 of 22' });
  });

  test('the camera reads in four frames what counter decode does', () => {
    expect(count(readings, ({ camera }) => camera)).toEqual(decoded);
  });

  test('nothing is read wrong: other contents only where several codes are in view', () => {
    const wrong = readings.filter(({ photograph: { payload, symbols = 1 }, texts, camera }) => symbols < 2 && [...texts, ...camera].some((text) => text !== payload));
    // A code within a code: the truth has the outer one.
    expect(wrong.map(({ photograph }) => photograph.file)).toEqual(['zxing-2_16.png']);
  });
});
