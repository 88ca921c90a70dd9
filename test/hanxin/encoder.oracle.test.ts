import { execFileSync } from 'node:child_process';
import bwip from 'bwip-js';
import { describe, expect, test } from 'vitest';
import { encodeSegments, type HanXinSymbol } from '../../hanxin/index.ts';
import { informationBits, informationPositions } from '../../hanxin/structural-information.ts';
import { dataCapacity, levels, type Mask } from '../../hanxin/symbol.ts';

const zintVersion = ((): string | null => {
  try {
    return execFileSync('zint', ['--version'], { encoding: 'utf8' });
  } catch {
    return null;
  }
})();

/** Letters that fill a symbol to the brim: zint puts them into one text segment, bwip-js into one binary segment. */
function fillingText(version: number, level: number, mode: 'text' | 'binary'): string {
  const bits = dataCapacity(version, levels[level]!) * 8;
  const length = mode === 'text' ? Math.floor((bits - 10) / 6) : Math.floor((bits - 17) / 8);
  return Array.from({ length }, (_, i) => 'ABCDEFGHJKabcdefghjkQRSTUVWXYZqrstuvwxyz'[(i * 7 + ((i * i) % 11) + version) % 40]).join('');
}

/** The symbol's rows as text, with the twelve filler modules as dots: makers disagree about them. */
function rows(size: number, isDark: (x: number, y: number) => boolean): string[] {
  const { first, second } = informationPositions(size);
  const filler = new Set<number>();
  for (const points of [first, second]) {
    for (let i = 2 * informationBits; i < points.length; i += 2) filler.add(points[i + 1]! * size + points[i]!);
  }
  expect(filler.size).toBe(12);
  return Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => (filler.has(y * size + x) ? '.' : isDark(x, y) ? '1' : '0')).join(''));
}

const ours = (symbol: HanXinSymbol) => rows(symbol.size, (x, y) => symbol.modules[y * symbol.size + x] === 1);

function zint(text: string, version: number, level: number, mask: Mask): string[] {
  const dump = execFileSync('zint', ['-b', 'HANXIN', `--vers=${version}`, `--secure=${level + 1}`, `--mask=${mask}`, '--dump', '-d', text], { encoding: 'utf8' });
  const lines = dump.trim().split('\n').map((line) => [...line.replaceAll(/[^0-9A-F]/g, '')].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join(''));
  return rows(lines.length, (x, y) => lines[y]?.[x] === '1');
}

function bwipJs(text: string, version: number, level: number, mask: Mask): string[] {
  const options = { bcid: 'hanxin', text, version: String(version), eclevel: `L${level + 1}`, mask: mask + 1 };
  const [drawn] = bwip.raw(options) as unknown as [{ pixs: number[]; pixx: number }];
  return rows(drawn.pixx, (x, y) => drawn.pixs[y * drawn.pixx + x] === 1);
}

describe('all 84 × 4 symbols, beside other makers', () => {
  const makers = [
    { name: 'zint', mode: 'text', make: zint, absent: zintVersion === null ? 'zint is not installed' : null },
    { name: 'bwip-js', mode: 'binary', make: bwipJs, absent: null },
  ] as const;
  for (const { name, mode, make, absent } of makers) {
    test.skipIf(absent !== null)(`equal those of ${name}${absent === null ? '' : ` — skipped: ${absent}`}`, () => {
      const different: string[] = [];
      let compared = 0;
      for (let version = 1; version <= 84; version++) {
        for (let level = 0; level < 4; level++) {
          const mask = ((version + level) % 4) as Mask;
          const text = fillingText(version, level, mode);
          const symbol = encodeSegments([{ mode, bytes: new TextEncoder().encode(text) }], { version, level: levels[level]!, mask });
          const theirs = make(text, version, level, mask);
          compared++;
          if (symbol === null || ours(symbol).join('\n') !== theirs.join('\n')) different.push(`v${version} L${level + 1} mask ${mask}`);
        }
      }
      expect(different).toEqual([]);
      expect(compared).toBe(336);
    }, 120_000);
  }

  test('a single changed module would be seen', () => {
    const text = fillingText(10, 1, 'binary');
    const symbol = encodeSegments([{ mode: 'binary', bytes: new TextEncoder().encode(text) }], { version: 10, level: 'L2', mask: 2 })!;
    symbol.modules[20 * symbol.size + 20]! ^= 1;
    expect(ours(symbol)).not.toEqual(bwipJs(text, 10, 1, 2));
  });
});
