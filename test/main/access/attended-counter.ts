import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import type { App, AppDeps } from '../../../main/app.ts';
import { shareWrapKey } from '../../../main/access/access-core.ts';
import { decodeEscrowKit } from '../../../main/access/access-record.ts';
import { openEscrow, openShare } from '../../../main/access/escrow.ts';
import { doSlotJob, type SlotJob } from '../../../main/access/slot-work.ts';
import { startSigner } from './signer-here.ts';
import { startCounter } from '../running-counter.ts';

const cheap = { memoryKiB: 64, passes: 1, lanes: 1 };
/** The three administrators of a set-up. */
export const officers = [
  { id: '10001', name: '韩立', role: 'administrator', passphrase: 'Lantern-harbour-71' },
  { id: '10002', name: '陆瑶', role: 'security', passphrase: 'Orchard-violet-88' },
  { id: '10003', name: '丁一鸣', role: 'auditor', passphrase: 'Granite-meadow-93' },
] as const;
export const [administrator, security, auditor] = officers;
/** The time of every counter started here; a test moves it. */
export const clock = { at: 1_790_000_000_000, mono: 1_000_000 };
const open: App[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

/** Starts a counter at which people log in; closed after the test. */
export async function start(dataDir: string, more: Partial<AppDeps> = {}): Promise<App> {
  // What waits for a log-in is not waited for here.
  const app = await startCounter(null, { dataDir, unattended: false, kdfCost: cheap, slots: { do: (job) => doSlotJob(job) as never }, startSigner, now: () => clock.at, monotonic: () => clock.mono, waitsForReady: false, ...more });
  open.push(app);
  return app;
}
export const stop = async (app: App): Promise<void> => {
  open.splice(open.indexOf(app), 1);
  await app.close();
};
export const folder = (): string => mkdtempSync(join(tmpdir(), 'counter-access-'));
export const credentials = ({ id, passphrase }: { id: string; passphrase: string }) => ({ operatorId: id, passphrase });

/** A counter that its three administrators have just set up. */
export async function formal(dataDir: string): Promise<App> {
  const app = await start(dataDir);
  expect(await app.access.setUp(officers)).toEqual({ ok: true, value: null });
  return app;
}

/** Whether what two administrators' shares open is the key of the data as it lies there. */
export async function opensByEscrow(app: App, dataDir: string): Promise<boolean> {
  const kit = decodeEscrowKit(readFileSync(join(dataDir, 'keys/escrow.json')));
  if (kit === null) return false;
  const deps = { slots: { do: (job: SlotJob) => doSlotJob(job) as never }, cost: cheap };
  const shares = [await openShare(deps, kit, credentials(administrator)), await openShare(deps, kit, credentials(auditor))];
  const content = openEscrow(kit, shares.filter((share) => share !== null));
  if (content === null) return false;
  const opened = await app.store.unlock({ wrapKey: shareWrapKey(content.masterKey), isFirst: false });
  return opened.ok && opened.value;
}
