import type { HeadStatus } from '../head-status.table.ts';
import type { Storage } from '../storage/database.ts';
import type { Metrics } from './metrics.ts';

/**
 * Watches how peers ask (C 0300-2021 7.2): one whose requests fail as an honest counter's do not is told so first, and cut off
 * for a while if it goes on. The cut-off is in the database, so that every process keeps it.
 */
export interface RequestMonitor {
  /** Whether the peer is cut off now. */
  isCutOff(accountId: string): Promise<boolean>;
  /** Notes one outcome; says whether the answer should carry the prompt. */
  note(accountId: string, outcome: { readonly status: string; readonly verdict?: string | undefined }): Promise<'normal' | 'prompt'>;
}

/** Statuses that come from guessing, forging, replaying and asking beyond what was granted. */
const abnormalStatuses: ReadonlySet<string> = new Set<HeadStatus>(['12', '14', '15', '16', '17', '19', '20', '23', '30', '31', '32', '40', '43']);
const abnormalVerdicts: ReadonlySet<string> = new Set(['unknownCode', 'badSignature']);

/** How many abnormal requests in ten minutes; a window with a wrong clock or an old token stays far below. */
export const usualLimits = { windowMs: 10 * 60_000, prompt: 30, cutOff: 60, cutOffMs: 15 * 60_000 };
const mostPeers = 10_000;

interface MonitorDeps {
  readonly storage: Storage;
  readonly metrics: Metrics;
  readonly limits: typeof usualLimits;
  readonly now: () => number;
}

/** A monitor whose counts are this process's and whose cut-offs are the platform's. */
export function createRequestMonitor(deps: MonitorDeps): RequestMonitor {
  const { limits } = deps;
  const windows = new Map<string, { from: number; count: number }>();
  const count = (accountId: string): number => {
    const now = deps.now();
    const known = windows.get(accountId);
    const current = known !== undefined && now - known.from < limits.windowMs ? known : { from: now, count: 0 };
    current.count++;
    windows.delete(accountId);
    windows.set(accountId, current);
    if (windows.size > mostPeers) windows.delete(windows.keys().next().value ?? '');
    return current.count;
  };
  return {
    isCutOff: async (accountId) => {
      const row = await deps.storage.db.selectFrom('account_cutoff').select('until').where('account_id', '=', accountId).executeTakeFirst();
      return row !== undefined && row.until > deps.now();
    },
    note: async (accountId, { status, verdict }) => {
      if (!abnormalStatuses.has(status) && (verdict === undefined || !abnormalVerdicts.has(verdict))) return 'normal';
      const abnormal = count(accountId);
      if (abnormal === limits.prompt) deps.metrics.abnormal('prompted');
      if (abnormal >= limits.cutOff) await cutOff(deps, accountId);
      if (abnormal >= limits.cutOff) windows.delete(accountId);
      return abnormal >= limits.prompt ? 'prompt' : 'normal';
    },
  };
}

async function cutOff(deps: MonitorDeps, accountId: string): Promise<void> {
  const until = deps.now() + deps.limits.cutOffMs;
  deps.metrics.abnormal('cut-off');
  await deps.storage.write((work) =>
    work
      .insertInto('account_cutoff')
      .values({ account_id: accountId, until })
      .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ until }))
      .execute(),
  );
}
