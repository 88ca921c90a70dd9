import { expect, test } from 'vitest';
import { parseFaults } from '../../../main/commands/fault-option.ts';

test('faults are read together, with their values', () => {
  expect(parseFaults([])).toEqual({ ok: true, faults: {} });
  expect(parseFaults(['latency=250', 'digest-mismatch', 'extra-certificate', 'head-status=10', 'clock=-3000'])).toEqual({
    ok: true,
    faults: { latencyMs: 250, digestMismatch: true, extraCertificate: true, headStatus: '10', clockOffsetMs: -3000 },
  });
});

test.each(['slow', 'toString', '', 'latency', 'latency=', 'latency=-1', 'http=99', 'drop=yes', 'drop=', 'result-zero=1'])('%j is refused', (text) => {
  expect(parseFaults([text])).toMatchObject({ ok: false, problem: expect.any(String) });
});
