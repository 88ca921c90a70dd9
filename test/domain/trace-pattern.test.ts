import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeTrace, drawTraceTile, encodeTrace, isTracedRecord, traceTile } from '../../domain/trace-pattern.ts';

describe('the trace pattern', () => {
  test('gives back every record id that it can hold', () => {
    const character = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-._');
    fc.assert(fc.property(fc.string({ unit: character, minLength: 1, maxLength: 26 }), (recordId) => {
      expect(decodeTrace(encodeTrace(recordId))).toEqual({ recordId });
    }), { numRuns: 100 });
  });

  test('holds a digest of one that is too long or has other characters', () => {
    for (const recordId of ['业务-2026-1', 'a', 'X'.repeat(27)]) {
      const content = decodeTrace(encodeTrace(recordId));
      if (content === null || 'recordId' in content) throw new Error('no digest');
      expect(isTracedRecord(recordId, content.digest)).toBe(true);
      expect(isTracedRecord(`${recordId}1`, content.digest)).toBe(false);
    }
  });

  test('survives some cells turned round, and gives nothing for noise', () => {
    let seed = 7;
    const draw = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    let read = 0;
    for (let round = 0; round < 40; round++) {
      const cells = Float64Array.from(encodeTrace('PD-2026-0501-0031-42'), (sign) => sign * (draw() < 0.06 ? -0.4 : 0.5 + draw()));
      if (decodeTrace(cells) !== null) read += 1;
      expect(decodeTrace(Float64Array.from(cells, () => draw() - 0.5))).toBeNull();
    }
    expect(read).toBeGreaterThan(30);
  });

  test('is faint: never more than twelve steps darker than the paper', () => {
    const tile = drawTraceTile('R-1', 240);
    expect(tile).toHaveLength(240 * 240);
    expect(Math.min(...tile)).toBeGreaterThanOrEqual(243);
    expect(traceTile.cells % 2).toBe(0);
  });
});
