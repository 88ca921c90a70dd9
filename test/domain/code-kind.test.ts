import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeKindTable } from '../../domain/code-kind.table.ts';
import { measureCpuMs } from '../cpu-time.ts';
import { classifyCode, codeKindIds } from '../../domain/code-kind.ts';
import { symbolFamily } from '../../domain/code-symbol.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { verifyLocally } from '../../domain/local-verification.ts';
import { codeCorpus } from './code-corpus.table.ts';
import { localInput } from './fixtures.ts';

describe('the table of kinds', () => {
  it('has at least 24 kinds, each once, each with its source', () => {
    expect(codeKindIds.length).toBeGreaterThanOrEqual(24);
    expect(codeKindIds).toHaveLength(codeKindTable.length);
    expect(codeKindTable.filter((row) => row.sourceNote.length < 5)).toEqual([]);
    expect(codeKindTable.at(-1)?.id).toBe('unknown');
  });

  it('is held against 240 payloads', () => {
    expect(Object.values(codeCorpus).flat().length).toBeGreaterThanOrEqual(240);
    expect(Object.values(codeCorpus).every((list) => list.length > 1)).toBe(true);
  });

  it.each(Object.entries(codeCorpus).flatMap(([kind, list]) => list.map((sample) => [kind, sample] as const)))('tells %s in %o', (kind, sample) => {
    expect(classifyCode(sample).kind).toBe(kind);
  });

  it('gives every kind but ours a refusal that is never "expired"', () => {
    for (const [kind, list] of Object.entries(codeCorpus)) {
      if (kind === 'enterprise-service-code') continue;
      for (const { text, ...rest } of list) {
        const supportCode = kind === 'unknown' ? 'E-KIND-02' : 'E-KIND-01';
        expect(verifyLocally(localInput(text, rest))).toMatchObject({ passed: false, state: 'not-a-service-code', kind, supportCode });
      }
    }
  });

  it('routes the families of YD 12.2.2 to code verification', () => {
    const sharing = codeKindTable.filter((row) => row.route === 'sharing').map((row) => row.id);
    expect(sharing).toHaveLength(9);
    expect(codeKindTable.filter((row) => row.route === 'enterprise').map((row) => row.id)).toEqual(['enterprise-service-code']);
  });

  it('answers any content with a kind, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 4096 }), fc.constantFrom(undefined, ']Q1', ']C0', 'EAN13', 'x'), (text, symbology) => {
        expect(codeKindIds).toContain(classifyCode({ text, symbology, bytes: encodeUtf8(text) }).kind);
      }),
      { numRuns: 5000 },
    );
  });

  it.each(['a', '0', 'A-', '1.2.156.3005.2.', 'M1A', 'http://a.', '(01)', '<a', '{', '01,10,', 'QYM1', '01A', 'https://qym.', 'eyJhbGciOiJIUzI1.'])(
    'takes no long time for 4,096 characters of %s',
    async (part) => {
      const text = part.repeat(4096).slice(0, 4096);
      expect(await measureCpuMs(() => classifyCode({ text }), 3)).toBeLessThan(250);
      expect(await measureCpuMs(() => classifyCode({ text: `${text.slice(1)}!` }), 3)).toBeLessThan(250);
    },
  );
});

describe('the family of a symbol', () => {
  it.each([
    [']E0', 'retail'],
    [']C0', 'linear'],
    [']C1', 'gs1'],
    [']Q1', 'matrix'],
    [']Q3', 'gs1'],
    [']h0', 'matrix'],
    [']d2', 'gs1'],
    ['QRCode', 'matrix'],
    ['Code128', 'linear'],
    ['EAN-13', 'retail'],
    ['DataBarExpanded', 'gs1'],
    ['HanXin', 'matrix'],
    ['', 'unknown'],
    [undefined, 'unknown'],
    ['something', 'unknown'],
  ])('of %s is %s', (symbology, family) => {
    expect(symbolFamily(symbology)).toBe(family);
  });
});

it('no content makes the table think for long, however it is built to', async () => {
  const [a, blanks] = ['A'.repeat(2000), ' '.repeat(2000)];
  const built = [`M1${a}${blanks}ABCDE a`, `M1${a}${a}`, `M1A${blanks}${blanks}!`, `https://${'qym.'.repeat(1000)}_`, `a@${'a.'.repeat(2000)}1`, `https://x/${'01/'.repeat(1300)}`, `1.2.156.3005.2${'.A'.repeat(2000)}_`];
  for (const text of built) {
    expect(await measureCpuMs(() => classifyCode({ text }), 3), text.slice(0, 20)).toBeLessThan(250);
  }
}, 60_000);
