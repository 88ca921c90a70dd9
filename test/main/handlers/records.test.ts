import { describe, expect, test } from 'vitest';
import { ok } from '../../../domain/failure.ts';
import { summariseToday } from '../../../main/handlers/records.ts';
import type { Store } from '../../../main/store/store.ts';

const noon = Date.UTC(2026, 10, 22, 4);

describe('the counts of today', () => {
  test('the usual time is that of the verified scans: a quick refusal does not shorten it', async () => {
    const store = storeOf([
      { scannedAt: noon - 7_200_000, state: 'expired', elapsedMs: 4 },
      { scannedAt: noon - 3_600_000, state: 'verified', elapsedMs: 900 },
      { scannedAt: noon - 1_800_000, state: 'not-a-code', elapsedMs: 2 },
      { scannedAt: noon - 60_000, state: 'verified', elapsedMs: 1100 },
      { scannedAt: noon - 30_000, state: 'verified', elapsedMs: 3000 },
    ]);
    const today = await summariseToday(store, noon);
    expect(today).toEqual(ok(expect.objectContaining({ total: 5, verified: 3, medianMs: 1100, sinceAt: noon - 7_200_000 })));
  });

  test('a day without a verified scan has no usual time', async () => {
    const today = await summariseToday(storeOf([{ scannedAt: noon, state: 'expired', elapsedMs: 4 }]), noon);
    expect(today).toEqual(ok(expect.objectContaining({ total: 1, verified: 0, medianMs: null })));
  });
});

function storeOf(outcomes: readonly { scannedAt: number; state: string; elapsedMs: number }[]): Store {
  return { outcomes: () => Promise.resolve(ok(outcomes)) } as unknown as Store;
}
