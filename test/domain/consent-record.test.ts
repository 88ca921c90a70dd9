import { describe, expect, it } from 'vitest';
import { canonicalConsentBytes, consentDigest, consentPeriod, readConsentRecord } from '../../domain/consent-record.ts';
import { encodeHexUpper } from '../../domain/crypto/hex.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { vector } from './fixtures.ts';

const printed = JSON.parse(vector.authRecordCanonical) as Record<string, unknown>;
const minimal = { sqzt: { sqztmc: '甲', sqztdm: '91310000MA1K000006', sqsj: '20260101090000' }, sqqx: { sqkssj: '20260101090000', sqjzsj: '20260101093000' } };

describe('the consent record', () => {
  it('has the canonical bytes and the digest of the vector, whatever the order of its members', () => {
    const record = readConsentRecord(Object.fromEntries(Object.entries(printed).toReversed()));
    if (record === null) throw new Error('record');
    expect(canonicalConsentBytes(record)).toEqual(encodeUtf8(vector.authRecordCanonical));
    expect(encodeHexUpper(consentDigest(record))).toBe(vector.digest);
  });

  it('needs grantor and period only', () => {
    expect(readConsentRecord(minimal)).toEqual(minimal);
    for (const part of ['sqzt', 'sqqx'] as const) {
      expect(readConsentRecord({ ...minimal, [part]: undefined })).toBeNull();
      for (const name of Object.keys(minimal[part])) {
        expect(readConsentRecord({ ...minimal, [part]: { ...minimal[part], [name]: '' } })).toBeNull();
        expect(readConsentRecord({ ...minimal, [part]: { ...minimal[part], [name]: {} } })).toBeNull();
      }
    }
  });

  it('is read through the short names of table 1', () => {
    const { sqqx, ...rest } = minimal;
    const read = readConsentRecord({ ...rest, yxqx: sqqx, bsqzt: { bsqztlx: 0, bsqztxm: '乙', zjlx: null, zjhm: 123 } });
    expect(read).toEqual({ ...minimal, bsqzt: { bsqztlx: '0', bsqzxm: '乙', zjlx: '', zjhm: '123' } });
  });

  it.each([
    ['one text', '1.2.3', ['1.2.3']],
    ['a text with commas', '1.2.3, 1.2.4，1.2.5,', ['1.2.3', '1.2.4', '1.2.5']],
    ['a list', ['1.2.3', ' ', '1.2.4'], ['1.2.3', '1.2.4']],
    ['an empty text', '', []],
  ])('reads xxlb as %s', (_, xxlb, expected) => {
    expect(readConsentRecord({ ...minimal, xxlb })?.xxlb).toEqual(expected);
  });

  it('reads czqx as number, and passes xxkzf and xxsy through', () => {
    expect(readConsentRecord({ ...minimal, czqx: 3, xxkzf: { a: [1] }, xxsy: {} })).toEqual({ ...minimal, czqx: '3', xxkzf: { a: [1] }, xxsy: {} });
  });

  it.each([null, undefined, 'text', 1, [], {}, { ...minimal, xxlb: 1 }, { ...minimal, xxlb: [1] }, { ...minimal, czqx: {} }, { ...minimal, bsqzt: 'x' }, { ...minimal, bsqzt: { zjhm: [] } }, { ...minimal, xxkzf: 'x' }, { ...minimal, xxsy: [] }, { ...minimal, sqzt: 'x' }])(
    'refuses %o',
    (value) => {
      expect(readConsentRecord(value)).toBeNull();
    },
  );

  it('has a period in Asia/Shanghai', () => {
    const record = readConsentRecord(minimal);
    if (record === null) throw new Error('record');
    expect(consentPeriod(record)).toEqual({ from: Date.UTC(2026, 0, 1, 1, 0), to: Date.UTC(2026, 0, 1, 1, 30) });
    expect(consentPeriod({ ...record, sqqx: { sqkssj: 'x', sqjzsj: '20260101093000' } })).toBeNull();
    expect(consentPeriod({ ...record, sqqx: { sqkssj: '20260101093000', sqjzsj: '20260101093000' } })).toBeNull();
  });
});
