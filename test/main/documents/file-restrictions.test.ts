import { expect, test } from 'vitest';
import { listRestrictions } from '../../../main/documents/file-restrictions.ts';

const free = { edit: true, annotate: true, export: true, sign: true, watermark: true, printScreen: true, print: true, copies: null, validFrom: null, validTo: null };
const now = Date.parse('2026-11-22T12:00:00+08:00');
const of = (changed: Partial<Record<keyof typeof free, unknown>>) => listRestrictions({ permissions: { ...free, ...changed } as typeof free }, now);

test('what an OFD says of printing, saving and its period is obeyed; what it does not say is allowed', () => {
  expect(listRestrictions({ permissions: null }, now)).toEqual([]);
  expect(of({})).toEqual([]);
  expect(of({ print: false })).toEqual(['print']);
  expect(of({ copies: 0 })).toEqual(['print']);
  expect(of({ copies: 1 })).toEqual([]);
  expect(of({ export: false })).toEqual(['save']);
  expect(of({ validFrom: '2026-11-22T12:00:01', validTo: '2027-01-01T00:00:00' })).toEqual(['print', 'save']);
  expect(of({ validTo: '2026-11-22T03:59:59Z' })).toEqual(['print', 'save']);
  expect(of({ validFrom: '2026-11-22', validTo: '2026-11-23' })).toEqual([]);
  expect(of({ validTo: 'some day' })).toEqual([]);
});

test('of a PDF only printing is asked', () => {
  const pdf = { print: false, edit: false, copy: false, annotate: false };
  expect(listRestrictions({ permissions: pdf }, now)).toEqual(['print']);
  expect(listRestrictions({ permissions: { ...pdf, print: true } }, now)).toEqual([]);
});
