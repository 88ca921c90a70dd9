import { expect, test } from 'vitest';
import { roles } from '../../domain/roles.ts';
import { firstPlaceOf, placeOf, screens, screensOf } from '../../renderer/window-state.tsx';

test('whoever comes after somebody else is at a place of their own, which the rail shows', () => {
  for (const role of roles) {
    const own = screensOf(role).map(({ id }) => id);
    for (const { id } of screens) expect(placeOf(role, id)).toBe(own.includes(id) ? id : firstPlaceOf(role));
    expect(own).toContain(firstPlaceOf(role));
  }
  expect([placeOf('operator', 'people'), placeOf('security', 'verify'), placeOf('auditor', 'verify'), placeOf('auditor', 'records')]).toEqual(['verify', 'people', 'audit', 'records']);
});
