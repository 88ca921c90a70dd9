import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeScannerTest, scannerTestIds, scannerTestText, type TestHint } from '../../domain/scanner-test.ts';

const code = scannerTestText('code-characters');
const all = scannerTestText('all-characters');
const flip = (text: string): string => [...text].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join('');

describe('the self-test of a scanner', () => {
  it.each(scannerTestIds)('is good when %s comes through as printed, and fits a code', (id) => {
    const text = scannerTestText(id);
    expect(judgeScannerTest(id, text)).toEqual({ outcome: 'good', findings: [], hints: [], expected: [...text].length, matched: [...text].length });
    expect(text.length).toBeLessThan(300);
  });

  it('contains every character that a service code and a link need', () => {
    for (const character of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ') expect(code).toContain(character);
    for (let point = 0x20; point < 0x7f; point++) expect(all).toContain(String.fromCharCode(point));
  });

  const cases: readonly (readonly [string, Parameters<typeof judgeScannerTest>, TestHint])[] = [
    ['an AIM identifier before it', ['code-characters', `]Q1${code}`], 'aim-identifier'],
    ['a prefix', ['code-characters', `\u0002${code}`], 'prefix'],
    ['a line end left over', ['code-characters', `${code}\r`], 'suffix'],
    ['capitals turned small', ['code-characters', code.toLowerCase()], 'case-conversion'],
    ['Caps Lock', ['all-characters', flip(all)], 'caps-lock'],
    ['a German layout', ['code-characters', code.replaceAll('Y', '~').replaceAll('Z', 'Y').replaceAll('~', 'Z').replaceAll('/', '-')], 'keyboard-layout'],
    ['a French layout', ['code-characters', code.replaceAll('A', '~').replaceAll('Q', 'A').replaceAll('~', 'Q')], 'keyboard-layout'],
    ['full-width input', ['code-characters', [...code].map((c) => String.fromCodePoint(c.charCodeAt(0) + 0xfee0)).join('')], 'full-width-input'],
    ['Chinese in another character set', ['chinese', new TextDecoder('gb18030').decode(new TextEncoder().encode(scannerTestText('chinese')))], 'character-set'],
    ['the eighth bit of some', ['code-characters', code.replaceAll('C', '\u00c3').replaceAll('E', '\u00c5').replaceAll('F', '\u00c6')], 'parity-or-data-bits'],
    ['sent twice', ['code-characters', code + code], 'sent-twice'],
    ['cut off', ['long', scannerTestText('long').slice(0, 200)], 'cut-in-pieces'],
    ['characters lost on the way', ['all-characters', all.replace(/[bdfhj]/g, '')], 'dropped-characters'],
  ];
  it.each(cases)('explains %s', (_, [id, received], hint) => {
    const result = judgeScannerTest(id, received);
    expect(result.outcome).toBe('altered');
    expect(result.findings.length).toBeGreaterThan(0);
    expect(result.hints[0]).toBe(hint);
  });

  it('names each character that is missing or altered', () => {
    const received = all.replace('#', '').replace('@', '"');
    const places = { missing: all.indexOf('#'), altered: all.indexOf('@') };
    expect(judgeScannerTest('all-characters', received).findings).toEqual([
      { kind: 'missing', place: places.missing, expected: '#', received: '' },
      { kind: 'altered', place: places.altered, expected: '@', received: '"' },
    ]);
    expect(judgeScannerTest('code-characters', `${code}\r`).findings).toEqual([{ kind: 'added', place: code.length, expected: '', received: 'U+000D' }]);
  });

  it('does not take another code for the symbol, and knows the noise of a wrong speed', () => {
    expect(judgeScannerTest('code-characters', 'https://example.com/a/long/link/with/much/in/it')).toMatchObject({ outcome: 'other', findings: [], hints: [] });
    expect(judgeScannerTest('code-characters', '')).toMatchObject({ outcome: 'other' });
    expect(judgeScannerTest('code-characters', '\u0000\u00f8\u0086\ufffd\u00fe\u0080x\u001e\u00e6')).toMatchObject({ outcome: 'other', hints: ['baud-rate', 'parity-or-data-bits'] });
  });

  it('never calls a text good that differs, and never throws', () => {
    fc.assert(
      fc.property(fc.constantFrom(...scannerTestIds), fc.nat(300), fc.string({ unit: 'binary', maxLength: 12 }), fc.nat(3), (id, at, put, cut) => {
        const text = scannerTestText(id);
        const received = text.slice(0, at) + put + text.slice(at + cut);
        expect(judgeScannerTest(id, received).outcome === 'good').toBe(received === text);
      }),
      { numRuns: 300 },
    );
  });
});
