import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRecoveryCode, printRecoveryCode } from '../../domain/recovery-code.ts';

const anyBytes = fc.uint8Array({ minLength: 16, maxLength: 16 });

test('seven groups of four, from which every bit can be read again', () => {
  expect(printRecoveryCode(new Uint8Array(16))).toMatch(/^0000-0000-0000-0000-0000-0000-00[0-9A-HJKMNP-TV-Z]{2}$/);
  // 26 characters of five bits, by the alphabet of Crockford: an oracle that shares nothing with ours but that.
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('').padEnd(130, '0');
      const code = (bits.match(/.{5}/g) ?? []).map((five) => [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'][Number.parseInt(five, 2)]).join('');
      const printed = printRecoveryCode(bytes);
      expect(printed.replaceAll('-', '').slice(0, 26)).toBe(code);
      expect(printed).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
    }),
  );
});

test('is read as people type it', () => {
  const code = printRecoveryCode(Uint8Array.from({ length: 16 }, (_, at) => at * 7));
  const plain = code.replaceAll('-', '');
  expect(parseRecoveryCode(code)).toBe(plain);
  expect(parseRecoveryCode(` ${code.toLowerCase().replaceAll('-', ' ')}\n`)).toBe(plain);
  expect(parseRecoveryCode(plain.replaceAll('0', 'O').replaceAll('1', 'l'))).toBe(plain);
});

test('one wrong character, or two that changed places, are noticed but for one in a hundred', () => {
  let [slips, unseen] = [0, 0];
  fc.assert(
    fc.property(anyBytes, fc.nat(27), fc.integer({ min: 1, max: 31 }), (bytes, at, by) => {
      const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
      const plain = printRecoveryCode(bytes).replaceAll('-', '');
      const other = alphabet[(alphabet.indexOf(plain[at] ?? '') + by) % 32] ?? '';
      const next = plain[at + 1] ?? '';
      const swapped = plain.slice(0, at) + next + (plain[at] ?? '') + plain.slice(at + 2);
      for (const wrong of [plain.slice(0, at) + other + plain.slice(at + 1), swapped]) {
        if (wrong === plain) continue;
        slips += 1;
        if (parseRecoveryCode(wrong) !== null) unseen += 1;
      }
    }),
    { numRuns: 2000 },
  );
  expect(slips).toBeGreaterThan(3000);
  expect(unseen).toBeLessThan(slips / 100);
});

test.each(['', 'J2QH', `${'0'.repeat(28)}0`, '恢复码'.repeat(9) + '0', 'U'.repeat(28), '0'.repeat(28)])('nothing else is one: %s', (text) => {
  expect(parseRecoveryCode(text)).toBeNull();
});
