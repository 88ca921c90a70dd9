import { describe, expect, test } from 'vitest';
import { createFrameReader, createVideoSession, symbolSize, type FoundSymbol } from '../../hanxin/index.ts';
import { absent, readPicture, readTruth, type Truth } from './image-set.ts';

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** Right: exactly the symbol of the truth, or silence where there is none. Wrong: something that is not there. */
function judge(truth: Truth, symbols: readonly FoundSymbol[]): 'right' | 'silent' | 'wrong' {
  if (truth.symbology !== 'hanxin') return symbols.length === 0 ? 'right' : 'wrong';
  if (symbols.length === 0) return 'silent';
  return symbols.length === 1 && base64(symbols[0]!.bytes) === truth.bytes_b64 ? 'right' : 'wrong';
}

function count(outcomes: readonly { truth: Truth; outcome: string }[]): Record<string, string> {
  const table: Record<string, string> = {};
  for (const category of new Set(outcomes.map(({ truth }) => truth.category))) {
    const of = outcomes.filter(({ truth }) => truth.category === category);
    table[category] = `${of.filter(({ outcome }) => outcome === 'right').length}/${of.length}`;
  }
  return table;
}

const everything = {
  clean: '18/18', rotated: '16/16', perspective_mild: '10/10', perspective_strong: '8/8', blur: '10/10', noise: '8/8', uneven: '8/8', jpeg: '8/8',
  lowcontrast: '8/8', inverted: '4/4', damaged: '10/10', logo: '8/8', finder_lost: '5/5', thin_quiet: '4/4', screen: '20/20', screen_hard: '10/10',
  mirrored: '4/4', qr_flat: '2/2', qr_screen: '5/5', negative: '6/6',
};

describe.skipIf(absent !== null)(`172 pictures${absent === null ? '' : ` — skipped: ${absent}`}`, () => {
  const pictures = readTruth().map((truth) => ({ truth, image: readPicture(truth.file) }));
  const reader = createFrameReader();
  const onePass = pictures.map(({ truth, image }) => {
    const { symbols } = reader.read(image);
    return { truth, symbols, outcome: judge(truth, symbols) };
  });

  test('in one pass: these of each category, nothing wrong', () => {
    expect(count(onePass)).toEqual(everything);
    expect(onePass.filter(({ outcome }) => outcome === 'wrong')).toEqual([]);
  });

  test('a video of three frames gives at least as much, nothing wrong', () => {
    const outcomes = pictures.map(({ truth, image }) => {
      const session = createVideoSession();
      let symbols = session.read(image).symbols;
      for (let frame = 1; frame < 3 && symbols.length === 0; frame++) symbols = session.read(image).symbols;
      return { truth, outcome: judge(truth, symbols) };
    });
    expect(count(outcomes)).toEqual(everything);
  }, 120_000);

  test('each other look alone: against blur, small modules and noise, nothing wrong', () => {
    const tally = { sharpened: 0, enlarged: 0, smoothed: 0, wrong: 0 };
    const looks = ['plain', 'sharpened', 'enlarged', 'smoothed'] as const;
    for (const { truth, image } of pictures) {
      const blank = { width: 16, height: 16, data: new Uint8Array(256).fill(200) };
      for (const before of [1, 2, 3]) {
        const session = createVideoSession();
        for (let i = 0; i < before; i++) session.read(blank);
        const { symbols, strategy } = session.read(image);
        expect(strategy).toBe(looks[before]);
        const outcome = judge(truth, symbols);
        if (outcome === 'wrong') tally.wrong++;
        if (outcome === 'right' && truth.symbology === 'hanxin' && strategy !== 'plain') tally[strategy]++;
      }
    }
    expect(tally).toEqual({ sharpened: 159, enlarged: 129, smoothed: 155, wrong: 0 });
  }, 120_000);

  test('text, version, level, mask, ECI, reflection and corners are as the truth has them', () => {
    const faults: string[] = [];
    for (const { truth, symbols } of onePass) {
      const [symbol] = symbols;
      if (symbol === undefined) continue;
      if (truth.payload_encoding === 'utf8' && symbol.text !== truth.payload) faults.push(`${truth.file}: text`);
      if (symbol.version !== truth.version || symbol.level !== truth.ecc || symbol.mask !== truth.mask) faults.push(`${truth.file}: version, level or mask`);
      if ((symbol.eci ?? 0) !== truth.eci) faults.push(`${truth.file}: ECI`);
      if (symbol.mirrored !== (truth.category === 'mirrored') || (truth.category === 'inverted') !== symbol.inverted) faults.push(`${truth.file}: reflection`);
      const [a, b] = truth.corners;
      const module = Math.hypot(a![0] - b![0], a![1] - b![1]) / symbolSize(truth.version);
      const off = Math.max(...symbol.corners.map((corner, i) => Math.hypot(corner.x - truth.corners[i]![0], corner.y - truth.corners[i]![1])));
      if (off > module) faults.push(`${truth.file}: corners off by ${(off / module).toFixed(2)} modules`);
    }
    expect(faults).toEqual([]);
  });
});
