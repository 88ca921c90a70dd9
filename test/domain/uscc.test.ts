import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUscc, printUsccGrouped, usccCheckCharacter, usccSubjectKind } from '../../domain/uscc.ts';

const alphabet = [...'0123456789ABCDEFGHJKLMNPQRTUWXY'];
const bodies = fc
  .tuple(fc.constantFrom('11', '12', '51', '52', '53', '91', '92', '93', 'N1', 'Y1', 'A1'), fc.integer({ min: 100000, max: 999999 }), fc.string({ unit: fc.constantFrom(...alphabet), minLength: 9, maxLength: 9 }))
  .map(([prefix, region, organisation]) => `${prefix}${region}${organisation}`);
const complete = (body: string): string => `${body}${usccCheckCharacter(body)}`;

describe('the unified social credit code', () => {
  it.each(['91310000MA1K000006', '9144030071526726XG', '91440300708461136T', '91330100799655058B'])('%s is one', (text) => {
    expect(isUscc(text)).toBe(true);
  });

  it.each(['', '91310000MA1K00000', '91310000MA1K0000066', '91310000ma1k000006', '9131000OMA1K000006', '91310000MA1K0000I6', '9131A000MA1K000006', '91310000MA1K000007', ' 91310000MA1K000006'])(
    '%s is none',
    (text) => {
      expect(isUscc(text)).toBe(false);
    },
  );

  it('is found wrong after any one changed character and any exchange of two different neighbours', () => {
    fc.assert(
      fc.property(bodies, fc.nat({ max: 17 }), fc.constantFrom(...alphabet), (body, at, character) => {
        const text = complete(body);
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        return changed === text ? isUscc(changed) : !isUscc(changed);
      }),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(bodies, fc.nat({ max: 16 }), (body, at) => {
        const text = complete(body);
        const swapped = text.slice(0, at) + (text[at + 1] ?? '') + (text[at] ?? '') + text.slice(at + 2);
        return swapped === text || !isUscc(swapped);
      }),
      { numRuns: 5000 },
    );
  });

  it('has no check character for a body that is none', () => {
    expect(usccCheckCharacter('91310000MA1K0000')).toBeNull();
    expect(usccCheckCharacter('91310000MA1K0000I')).toBeNull();
  });

  it.each([
    ['91', 'enterprise'],
    ['92', 'individual-business'],
    ['93', 'farmers-cooperative'],
    ['11', 'government-body'],
    ['12', 'public-institution'],
    ['51', 'social-association'],
    ['52', 'private-non-enterprise'],
    ['53', 'foundation'],
    ['N1', 'village-collective'],
    ['Y1', 'other'],
  ])('beginning with %s names a subject of kind %s', (prefix, kind) => {
    expect(usccSubjectKind(complete(`${prefix}310000MA1K00000`))).toBe(kind);
  });

  it('is no subject when it is no code', () => {
    expect(usccSubjectKind('91310000MA1K000007')).toBeNull();
  });

  it('is read in the groups 2-6-9-1', () => {
    expect(printUsccGrouped('91310000MA1K35T4X6')).toBe('91 310000 MA1K35T4X 6');
    expect(printUsccGrouped('9131')).toBe('91 31');
  });
});
