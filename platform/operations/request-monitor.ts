import type { HeadStatus } from '../head-status.table.ts';
import type { Storage, Work } from '../storage/database.ts';
import type { Metrics } from './metrics.ts';
import { isOrigin } from './request-origin.ts';

/**
 * Watches how peers ask (C 0300-2021 7.2): one whose requests fail as an honest counter's do not is told so first, and cut off
 * for a while if it goes on. The cut-off is in the database, so that every process keeps it. A `subject` is an account that
 * signed for what it asked, or else the address that it was asked from.
 */
export interface RequestMonitor {
  /** Whether the subject is cut off now. */
  isCutOff(subject: string): Promise<boolean>;
  /** Notes one outcome; says whether the answer should carry the prompt. */
  note(subject: string, outcome: { readonly status: string; readonly verdict?: string | undefined }): Promise<'normal' | 'prompt'>;
  /** Forgets cut-offs that are over. */
  purge(work: Work): Promise<void>;
}

/** Statuses that come from guessing, forging, replaying and asking beyond what was granted. */
const abnormalStatuses: ReadonlySet<string> = new Set<HeadStatus>(['11', '12', '14', '15', '16', '17', '18', '19', '20', '23', '24', '30', '31', '32', '40', '43']);
const abnormalVerdicts: ReadonlySet<string> = new Set(['unknownCode', 'badSignature']);

/** How many abnormal requests in ten minutes; a window with a wrong clock or an old token stays far below. */
export const usualLimits = { windowMs: 10 * 60_000, prompt: 30, cutOff: 60, cutOffMs: 15 * 60_000 };
/** A whole office of strict peers may ask from one address. */
const timesForAddress = 5;
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
  const count = (subject: string): number => {
    const now = deps.now();
    const known = windows.get(subject);
    const current = known !== undefined && now - known.from < limits.windowMs ? known : { from: now, count: 0 };
    current.count++;
    windows.delete(subject);
    windows.set(subject, current);
    if (windows.size > mostPeers) windows.delete(windows.keys().next().value ?? '');
    return current.count;
  };
  return {
    isCutOff: async (subject) => {
      const row = await deps.storage.db.selectFrom('account_cutoff').select('until').where('account_id', '=', subject).executeTakeFirst();
      return row !== undefined && row.until > deps.now();
    },
    note: async (subject, { status, verdict }) => {
      if (!abnormalStatuses.has(status) && (verdict === undefined || !abnormalVerdicts.has(verdict))) return 'normal';
      const abnormal = count(subject);
      const times = isOrigin(subject) ? timesForAddress : 1;
      const [prompt, end] = [limits.prompt * times, limits.cutOff * times];
      if (abnormal === prompt) deps.metrics.abnormal('prompted');
      if (abnormal >= end) await cutOff(deps, subject);
      if (abnormal >= end) windows.delete(subject);
      return abnormal >= prompt ? 'prompt' : 'normal';
    },
    purge: async (work) => {
      await work.deleteFrom('account_cutoff').where('until', '<=', deps.now()).execute();
    },
  };
}

async function cutOff(deps: MonitorDeps, subject: string): Promise<void> {
  const until = deps.now() + deps.limits.cutOffMs;
  deps.metrics.abnormal('cut-off');
  await deps.storage.write((work) =>
    work
      .insertInto('account_cutoff')
      .values({ account_id: subject, until })
      .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ until }))
      .execute(),
  );
}
