import { systemRandom } from '../../domain/crypto/random.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import type { Credentials } from '../access/escrow.ts';
import type { App } from '../app.ts';
import { openEscrowByTwo } from '../recovery.ts';
import { isStoreHeld } from '../store/lock-probe.ts';
import type { Call, Outcome } from './command.ts';
import { findRecords } from './data-folder.ts';
import { printFailure } from './failure-words.ts';

/** Works on the counter's folder of a call while no counter runs on it (`store/locked` otherwise); a failure is said in words. */
export async function withClosedCounter(call: Call, work: (dataDir: string) => Promise<Result<null>>): Promise<Outcome> {
  const dataDir = findRecords(call);
  if (dataDir === null) return 'failed';
  const done = (await isStoreHeld(dataDir)) ? fail('store/locked') : await work(dataDir);
  if (done.ok) return 'done';
  call.output.complain(printFailure(done.failure));
  return 'failed';
}

/** Works with the counter as it starts where people log in: locked, with its audit log. */
export async function withLockedCounter(dataDir: string, work: (app: App) => Promise<Result<null>>): Promise<Result<null>> {
  const { startCounter } = await import('./counter-app.ts');
  const app = await startCounter({ dataDir });
  if (!app.ok) return app;
  try {
    return await work(app.value);
  } finally {
    await app.value.close();
  }
}

/**
 * Two administrators behind a purpose, tried, counted and recorded by the counter itself; where its records cannot be opened
 * or written any more, which a restore is for, their shares alone decide.
 */
export async function confirmTwoOffline(dataDir: string, two: readonly Credentials[], purpose: string): Promise<Result<null>> {
  const confirmed = await withLockedCounter(dataDir, (app) => app.access.confirmTwo(two, purpose));
  const isUnusable = !confirmed.ok && (confirmed.failure.code === 'audit/chain-broken' || confirmed.failure.code.startsWith('store/'));
  if (!isUnusable) return confirmed;
  const opened = await openEscrowByTwo({ dataDir, random: systemRandom }, two);
  if (!opened.ok) return fail(opened.failure.code);
  for (const key of Object.values(opened.value)) key.fill(0);
  return ok(null);
}
