import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCzqx, printCzqx } from '../../domain/permissions.ts';

const none = { read: false, retain: false, download: false, transfer: false };

describe('czqx', () => {
  it.each([
    [undefined, { ...none, read: true, raw: 1 }],
    ['', { ...none, read: true, raw: 1 }],
    ['0', { ...none, raw: 0 }],
    ['1', { ...none, read: true, raw: 1 }],
    ['3', { ...none, read: true, retain: true, raw: 3 }],
    ['005', { ...none, read: true, download: true, raw: 5 }],
    [8, { ...none, transfer: true, raw: 8 }],
    ['15', { read: true, retain: true, download: true, transfer: true, raw: 15 }],
    ['240', { ...none, raw: 240 }],
    [255, { read: true, retain: true, download: true, transfer: true, raw: 255 }],
  ])('%s is %o', (value, permissions) => {
    expect(parseCzqx(value)).toEqual(permissions);
  });

  it.each(['read', '只读', '256', '-1', '1.5', ' 1', '1 ', '0x1', '1e1', 'true', '００1'])('%s is none', (value) => {
    expect(parseCzqx(value)).toBeNull();
  });
  it.each([256, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('the number %s is none', (value) => {
    expect(parseCzqx(value)).toBeNull();
  });

  it('comes back from print, the reserved bits cleared', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), (raw) => {
        const permissions = parseCzqx(raw);
        return permissions !== null && printCzqx(permissions) === String(raw & 15);
      }),
    );
  });
});
