/** How often somebody failed to log in since the last success, and until when they may not try as this machine's wall clock said then, epoch ms. */
export interface Attempts {
  readonly failed: number;
  readonly lockedUntilAt: number;
}

export const noAttempts: Attempts = { failed: 0, lockedUntilAt: 0 };

const triesPerStage = 5;
const minuteMs = 60_000;
// After the third wait only an administrator helps (design 06 §7).
const waitsMs = [10 * minuteMs, 30 * minuteMs, 60 * minuteMs] as const;

/** One more failure at `now`: every fifth costs 10, 30, then 60 minutes; after twenty the account waits for an administrator. */
export function countFailure(before: Attempts, now: number): Attempts {
  const failed = before.failed + 1;
  if (failed % triesPerStage !== 0) return { ...before, failed };
  const wait = waitsMs[failed / triesPerStage - 1];
  return { failed, lockedUntilAt: wait === undefined ? Number.MAX_SAFE_INTEGER : now + wait };
}

/**
 * How long the account waits, ms; null where it waits for nothing, or for an administrator. Served while the counter runs and begun
 * anew when it starts: no wall clock, which somebody could set forward, has a say in it.
 */
export function waitOf(attempts: Attempts): number | null {
  if (attempts.failed === 0 || attempts.failed % triesPerStage !== 0 || needsAdministrator(attempts)) return null;
  return waitsMs[attempts.failed / triesPerStage - 1] ?? 60 * minuteMs;
}

/** Whether only an administrator can lift the lock-out. */
export function needsAdministrator(attempts: Attempts): boolean {
  return attempts.lockedUntilAt === Number.MAX_SAFE_INTEGER;
}

/** Of two memories of the same account, the one that is harder on it: a copy laid back from yesterday forgets nothing. */
export function stricterAttempts(a: Attempts, b: Attempts): Attempts {
  return { failed: Math.max(a.failed, b.failed), lockedUntilAt: Math.max(a.lockedUntilAt, b.lockedUntilAt) };
}
