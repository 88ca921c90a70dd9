import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCertificateDate, parseChinaTime, parseIsoTime, parseUtcTime, printChinaTime, printIsoTime, printUtcTime, parseEnteredTime, printZonedTime } from '../../domain/time.ts';

const instants = fc.integer({ min: 0, max: 253_402_300_799 }).map((seconds) => seconds * 1000);

describe('YYYYMMDDHHMMSS', () => {
  it('is UTC in the code and +08:00 in the consent record', () => {
    const ms = Date.UTC(2026, 0, 1, 1, 5, 0);
    expect(parseUtcTime('20260101010500')).toBe(ms);
    expect(parseChinaTime('20260101090500')).toBe(ms);
    expect(printUtcTime(ms + 999)).toBe('20260101010500');
    expect(printChinaTime(ms)).toBe('20260101090500');
  });

  it('comes back from print to parse for every second of four digits of year', () => {
    fc.assert(fc.property(instants, (ms) => parseUtcTime(printUtcTime(ms)) === ms));
    fc.assert(fc.property(instants.filter((ms) => ms < 253_402_200_000_000), (ms) => parseChinaTime(printChinaTime(ms)) === ms));
  });

  it.each(['', '2026010101050', '202601010105000', '20261301010500', '20260229010500', '20260431010500', '20260101240000', '20260101016000', '20260101010060', '00000101000000', '2026010101050a', '２０２６0101010500', ' 20260101010500'])(
    'refuses %s',
    (text) => {
      expect(parseUtcTime(text)).toBeNull();
      expect(parseChinaTime(text)).toBeNull();
    },
  );

  it('knows the leap day', () => {
    expect(parseUtcTime('20240229000000')).toBe(Date.UTC(2024, 1, 29));
  });
});

describe('ISO 8601', () => {
  it('needs a zone and an existing time', () => {
    expect(parseIsoTime('2026-01-01T09:05:00+08:00')).toBe(Date.UTC(2026, 0, 1, 1, 5));
    expect(parseIsoTime('2026-01-01T01:05:00.250Z')).toBe(Date.UTC(2026, 0, 1, 1, 5, 0, 250));
    expect(printIsoTime(Date.UTC(2026, 0, 1, 1, 5, 0, 250))).toBe('2026-01-01T01:05:00.250Z');
    for (const text of ['2026-01-01T09:05:00', '2026-01-01', '2026-02-30T00:00:00Z', '2026-01-01T25:00:00Z', '1 Jan 2026 GMT', '']) {
      expect(parseIsoTime(text)).toBeNull();
    }
  });
});

describe('what a person enters', () => {
  it('is the time of Asia/Shanghai unless a zone stands behind it, whatever the machine is set to', () => {
    const at = (text: string): string | null => (parseEnteredTime(text) === null ? null : printIsoTime(parseEnteredTime(text) ?? 0));
    expect(['2026-11-22', '2026-11-22T08:00', '2026-11-22 08:00:30', '2026-11-22T08:00:00Z', '2026-11-22T08:00+09:00'].map(at)).toEqual(['2026-11-21T16:00:00.000Z', '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:30.000Z', '2026-11-22T08:00:00.000Z', '2026-11-21T23:00:00.000Z']);
    expect(['', '2026-11-31', '2026-11-22T24:30', '22.11.2026', '2026-11-22T8:00', '2026-11'].map(at)).toEqual([null, null, null, null, null, null]);
  });

  it('is told with its zone', () => {
    expect(printZonedTime(Date.parse('2026-11-21T16:00:00.999Z'))).toBe('2026-11-22T00:00:00+08:00');
  });
});

describe('a date on a certificate', () => {
  it.each([
    ['20200131', '2020-01-31'],
    ['20200131000000', '2020-01-31'],
    ['2020-1-31', '2020-01-31'],
    ['2020/01/31', '2020-01-31'],
    ['2020.01.31', '2020-01-31'],
    ['2020-01-31 10:20:30', '2020-01-31'],
    ['2020-01-31T10:20:30+08:00', '2020-01-31'],
    ['2020年1月31日', '2020-01-31'],
  ])('%s is the day %s', (text, day) => {
    expect(parseCertificateDate(text)).toEqual({ kind: 'day', day });
  });

  it.each(['长期', ' 长期有效 ', '永久', '9999-12-31', '99991231', '9999年12月31日'])('%s has no end', (text) => {
    expect(parseCertificateDate(text)).toEqual({ kind: 'unlimited' });
  });

  it.each(['', '2020-13-01', '2020-02-30', '20200230', '31.01.2020', '2020', '长期吗'])('%s is none', (text) => {
    expect(parseCertificateDate(text)).toBeNull();
  });
});
