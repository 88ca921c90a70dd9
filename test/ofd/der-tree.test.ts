import { describe, expect, test } from 'vitest';
import { derBits, derBytes, derChildren, derContent, derInteger, derObjectId, derOctets, derTime, openDer, parseDer, parseTimeDigits } from '../../ofd/der-tree.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

describe('the DER tree', () => {
  test('keeps where an element lies, so that its bytes can be cut out as they were written', () => {
    const bytes = hex('30 08 02 01 05 30 03 04 01 07');
    const root = parseDer(bytes);
    const [number, inner] = openDer(root!) ?? [];
    expect(derInteger(number)).toBe(5);
    expect([inner!.start, inner!.end]).toEqual([5, 10]);
    expect(derBytes(inner!)).toEqual(hex('30 03 04 01 07'));
    expect(derBytes(inner!).buffer).toBe(bytes.buffer);
  });

  test('refuses what is cut off, goes on after its end, or lies about its length', () => {
    for (const bad of ['', '30', '30 02 02', '30 03 02 01 05 00', '30 85 00 00 00 00 01 05', '1f 81 01 00']) expect(parseDer(hex(bad)), bad).toBeNull();
    expect(derChildren(parseDer(hex('30 03 02 05 01'))!)).toBeNull();
  });

  test('reads streamed (BER) lengths and strings in pieces', () => {
    const streamed = parseDer(hex('30 80 24 80 04 02 01 02 04 01 03 00 00 00 00'));
    expect(derOctets(openDer(streamed!)?.[0])).toEqual(hex('01 02 03'));
    expect(parseDer(hex('30 80 02 01 05'))).toBeNull();
  });

  test('does not sink into elements within elements', () => {
    expect(parseDer(hex(`${'3080'.repeat(2000)}${'0000'.repeat(2000)}`))).toBeNull();
  });

  test('reads identifiers, bits and times', () => {
    expect(derObjectId(parseDer(hex('06 08 2a 81 1c cf 55 01 83 75'))!)).toBe('1.2.156.10197.1.501');
    expect(derObjectId(parseDer(hex('06 02 2a 81'))!)).toBeNull();
    expect(derBits(parseDer(hex('03 02 00 ff'))!)).toEqual(hex('ff'));
    expect(derBits(parseDer(hex('03 02 01 fe'))!)).toBeNull();
    const utc = parseDer(Uint8Array.from([0x17, 13, ...Buffer.from('260301020304Z')]))!;
    expect(derTime(utc)).toBe(Date.UTC(2026, 2, 1, 2, 3, 4));
    expect(derContent(utc)).toHaveLength(13);
  });

  test('takes a time without zone for Chinese time, and no impossible one', () => {
    expect(parseTimeDigits('20260301020304')).toBe(Date.UTC(2026, 1, 28, 18, 3, 4));
    expect(parseTimeDigits('20260301020304+0800')).toBe(Date.UTC(2026, 1, 28, 18, 3, 4));
    for (const bad of ['20260230020304Z', '260301020304', '20261301020304Z', '2026030102030', '']) expect(parseTimeDigits(bad), bad).toBeNull();
  });
});
