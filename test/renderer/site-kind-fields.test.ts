import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SiteKind } from '../../domain/contracts/devices.ts';
import { emptyKind, moveKind, nextKindId, toKindFields, toSiteKind } from '../../renderer/screens/devices/site-kind-fields.ts';

describe('the form of a site’s own kind', () => {
  test('gives back every kind that it shows', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/);
    const rule = fc.record({ startsWith: word, endsWith: word, contains: fc.array(word, { minLength: 1, maxLength: 4 }), host: fc.constant('a.example.cn'), characters: fc.constantFrom('digits' as const, 'hex' as const), symbols: fc.constantFrom('matrix' as const, 'linear' as const), minLength: fc.integer({ min: 1, max: 40 }), maxLength: fc.integer({ min: 40, max: 4096 }), ignoreCase: fc.constant(true) }, { requiredKeys: ['startsWith'] });
    fc.assert(fc.property(rule, (some) => {
      const kind: SiteKind = { id: 'site-3', name: '市民卡', ask: '', rule: some };
      expect(toSiteKind('site-3', toKindFields(kind))).toEqual({ kind });
    }));
  });

  test.each([
    ['name', { startsWith: 'A' }],
    ['rule', { name: 'x' }],
    ['rule', { name: 'x', minLength: 4 }],
    ['host', { name: 'x', host: 'not a host' }],
    ['contains', { name: 'x', contains: 'a b c d e' }],
    ['maxLength', { name: 'x', startsWith: 'A', minLength: 9, maxLength: 3 }],
  ])('names what is wrong: %s', (wrong, fields) => expect(toSiteKind('site-1', { ...emptyKind, ...fields })).toEqual({ wrong }));

  test('a host may be pasted as a link', () => expect(toSiteKind('site-1', { ...emptyKind, name: 'x', host: 'https://MZT.Example.cn/a?b' })).toMatchObject({ kind: { rule: { host: 'mzt.example.cn' } } }));

  test('ids are never used twice, and the order changes by one place', () => {
    const kinds = ['site-2', 'site-x', 'site-7'].map((id): SiteKind => ({ id, name: id, ask: '', rule: { startsWith: 'a' } }));
    expect(nextKindId(kinds)).toBe('site-8');
    expect(moveKind(kinds, 'site-7', -1).map(({ id }) => id)).toEqual(['site-2', 'site-7', 'site-x']);
    expect(moveKind(kinds, 'site-7', 1)).toBe(kinds);
  });
});
