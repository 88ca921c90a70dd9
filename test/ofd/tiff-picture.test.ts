import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { createNodeCanvasKit } from '../../main/documents/ofd-canvas.ts';
import { usualLimits } from '../../ofd/index.ts';
import { decodePicture } from '../../ofd/picture-decoder.ts';
import { decodeFax } from '../../ofd/fax-picture.ts';
import { decodeTiff, type TiffPicture } from '../../ofd/tiff-picture.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'tiff-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A TIFF, and what its writer reads in it again: pixels of four bytes. */
interface Sample {
  readonly file: Uint8Array;
  readonly expected: Uint8Array;
}

/** ImageMagick (libtiff) writes each file and is the oracle for what it shows. */
function convert(source: readonly string[], options: readonly string[]): Sample {
  const [made, shown] = [path.join(folder, 'made.tif'), path.join(folder, 'shown.rgba')];
  const write = ['(', ...source, ...options, '-write', made, '+delete', ')', made, '-interlace', 'none', '-colorspace', 'sRGB', '-depth', '8', `rgba:${shown}`];
  execFileSync('convert', write, { env: { ...process.env, OMP_NUM_THREADS: '1' } });
  return { file: new Uint8Array(readFileSync(made)), expected: new Uint8Array(readFileSync(shown)) };
}

function pixels(picture: TiffPicture | null): Uint8ClampedArray {
  if (picture?.kind !== 'pixels') throw new Error(`no pixels: ${picture?.kind}`);
  return picture.rgba;
}

function worstDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  expect(one.length).toBe(other.length);
  let worst = 0;
  for (let at = 0; at < one.length; at++) worst = Math.max(worst, Math.abs(one[at]! - other[at]!));
  return worst;
}

/** Runs of every length and of both colours, and rows that lean on the row above in every way. */
function drawBitmap(width: number, height: number, seed: number): readonly string[] {
  const rows: string[] = [];
  let state = seed;
  const draw = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x7fffffff;
  let row = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    if (draw() < 0.3) {
      row = new Uint8Array(width);
      for (let [x, isBlack] = [0, draw() < 0.5]; x < width; isBlack = !isBlack) {
        const run = 1 + Math.floor(draw() ** 3 * width);
        row.fill(isBlack ? 1 : 0, x, x + run);
        x += run;
      }
    } else row = row.map((_, x) => row[x + Math.floor(draw() * 1.1)] ?? 0);
    rows.push([...row].join(' '));
  }
  const file = path.join(folder, 'bits.pbm');
  writeFileSync(file, `P1\n${width} ${height}\n${rows.join('\n')}\n`);
  return [file];
}

const colors = ['-size', '61x47', 'plasma:tomato-steelblue', '-depth', '8'];

describe('a TIFF', () => {
  test.each(['Group4', 'Fax', 'LZW', 'RLE'])('in black and white is read as ImageMagick reads it: %s', (compression) => {
    for (const [width, height, seed] of [[61, 40, 1], [5300, 24, 3]] as const) {
      const { file, expected } = convert(drawBitmap(width, height, seed), ['-depth', '1', '-type', 'bilevel', '-compress', compression]);
      expect(worstDifference(pixels(decodeTiff(file, usualLimits)), expected), `${width}×${height}`).toBe(0);
    }
  });

  test('in black and white with the other polarity, fill order 2, several strips', () => {
    const source = drawBitmap(700, 50, 6);
    for (const options of [['-define', 'quantum:polarity=min-is-black'], ['-define', 'tiff:fill-order=lsb'], ['-define', 'tiff:rows-per-strip=7']])
      for (const compression of ['Group4', 'Fax']) {
        const { file, expected } = convert(source, ['-depth', '1', '-type', 'bilevel', ...options, '-compress', compression]);
        expect(worstDifference(pixels(decodeTiff(file, usualLimits)), expected), `${options.join(' ')} ${compression}`).toBe(0);
      }
  });

  test('facsimile lines lean on the line before where their mark says so (T.4 4.2)', () => {
    const [end, white, black] = ['000000000001', { 2: '0111', 3: '1000' }, { 3: '10' }];
    // A line by runs: 2 white, 3 black, 3 white. Then one that repeats it, and one whose first change comes a pixel later.
    const lines = [`${end}1${white[2]}${black[3]}${white[3]}`, `${end}0111`, `${end}0${'011'}11`, `${end}1${end}1`];
    const bits = lines.join('').padEnd(128, '0');
    const data = Uint8Array.from(bits.match(/.{8}/g)!, (byte) => Number.parseInt(byte, 2));
    expect(decodeFax(data, { scheme: 'group3', width: 8, height: 5, isTwoDimensional: true })).toEqual({ rows: 3, bits: Uint8Array.of(0b00111000, 0b00111000, 0b00011000, 0, 0) });
  });

  test.each([
    ['RGB', ['-type', 'TrueColor']],
    ['RGB with alpha', ['-alpha', 'set', '-channel', 'A', '-evaluate', 'multiply', '0.5', '+channel', '-type', 'TrueColorAlpha']],
    ['grey', ['-type', 'Grayscale', '-depth', '8']],
    ['grey of 4 bits', ['-type', 'Grayscale', '-depth', '4']],
    ['palette', ['-colors', '30', '-type', 'Palette']],
    ['RGB of 16 bits', ['-depth', '16', '-type', 'TrueColor']],
    ['planes', ['-interlace', 'plane', '-type', 'TrueColor']],
    ['tiles', ['-define', 'tiff:tile-geometry=32x16', '-type', 'TrueColor']],
    ['big end first', ['-endian', 'MSB', '-depth', '16', '-type', 'TrueColor']],
  ] as const)('in colours is read as ImageMagick reads it: %s', (name, options) => {
    for (const compression of name === 'RGB' ? ['None', 'LZW', 'Zip', 'RLE'] : ['LZW']) {
      const { file, expected } = convert(colors, [...options, '-compress', compression]);
      expect(worstDifference(pixels(decodeTiff(file, usualLimits)), expected), compression).toBeLessThanOrEqual(1);
    }
  });

  test('of a long LZW stream fills and clears the table', () => {
    const { file, expected } = convert(['-size', '700x500', 'plasma:'], ['-depth', '8', '-compress', 'LZW', '-define', 'tiff:rows-per-strip=500']);
    expect(worstDifference(pixels(decodeTiff(file, usualLimits)), expected)).toBe(0);
  });

  test.each([['RGB', ['-colorspace', 'sRGB']], ['grey', ['-type', 'Grayscale']]])('with JPEG strips gives a picture: %s', async (_, options) => {
    const { file, expected } = convert(colors, [...options, '-compress', 'JPEG', '-quality', '95']);
    const picture = await decodePicture(file, createNodeCanvasKit(), usualLimits);
    const { context } = createNodeCanvasKit().createSurface(61, 47);
    context.drawImage(picture!.drawable, 0, 0, 61, 47);
    const drawn = context.getImageData(0, 0, 61, 47).data;
    const mean = drawn.reduce((sum, value, at) => sum + Math.abs(value - expected[at]!), 0) / drawn.length;
    expect(mean).toBeLessThan(4);
  });

  test('of inks is read by the plain formula', () => {
    const { file } = convert(['-size', '4x1', 'xc:white'], ['-colorspace', 'CMYK', '-compress', 'None']);
    expect([...pixels(decodeTiff(file, usualLimits))].slice(0, 4)).toEqual([255, 255, 255, 255]);
  });

  test('that is cut or changed gives a picture of its size or null, never an exception, and never more than it may', () => {
    const samples = [
      convert(drawBitmap(300, 60, 7), ['-depth', '1', '-type', 'bilevel', '-compress', 'Group4']).file,
      convert(drawBitmap(300, 60, 8), ['-depth', '1', '-type', 'bilevel', '-compress', 'Fax']).file,
      ...['LZW', 'Zip', 'RLE', 'JPEG'].map((compression) => convert(colors, ['-compress', compression]).file),
      convert(colors, ['-define', 'tiff:tile-geometry=16x16', '-compress', 'LZW']).file,
    ];
    const limits = { ...usualLimits, imagePixels: 1_000_000 };
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 12 }), fc.boolean(), fc.nat(), (sample, changes, isAtDirectory, cut) => {
        const changed = sample.slice(0, sample.length - (cut % 5 === 0 ? cut % sample.length : 0));
        const start = isAtDirectory ? Math.min(changed.length - 1, new DataView(sample.buffer).getUint32(4, sample[0] === 0x49)) : 0;
        for (const [at, value] of changes) changed[start + (at % (changed.length - start))] = value;
        const picture = decodeTiff(changed, limits);
        return picture === null || (picture.width * picture.height <= limits.imagePixels && (picture.kind === 'jpeg' || picture.rgba.length === picture.width * picture.height * 4));
      }),
      { numRuns: 3000 },
    );
  });
});
