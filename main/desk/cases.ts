import type { Case, Matter } from '../../domain/contracts/counter.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import type { CaseFacts, Journal } from './journal.ts';

/** What the store must be able to do for cases. */
export interface CaseStore {
  openCase(input: null): Promise<Result<{ readonly opened: CaseFacts; readonly scans: number } | null>>;
  countCases(input: { readonly fromAt: number; readonly toAt: number }): Promise<Result<number>>;
  bizNumTaken(input: { readonly bizNum: string }): Promise<Result<boolean>>;
}

/** The case at the window: one at a time, kept through a restart. */
export interface Cases {
  /** Null also while one case gives way to the next: what is found then belongs to neither. */
  current(): Case | null;
  /** Opens a case and closes the one before. */
  open(wanted: { readonly matter: Matter; readonly useFor: string; readonly bizNum?: string | undefined }): Promise<Result<Case>>;
  /** Opens a case unless one is open. */
  openFirst(wanted: { readonly matter: Matter; readonly useFor: string }): Promise<Result<Case>>;
  /** 下一位: the next case of the same matter with a new number. */
  next(): Promise<Result<Case>>;
  /** One more scan belongs to the current case. */
  countScan(): void;
}

/** What cases need; `onClosed` drops what was granted in the case before. */
export interface CasesDeps {
  readonly store: CaseStore;
  readonly journal: Journal;
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly numberPrefix: () => string;
  readonly onClosed: () => void;
}

/** Opens the cases with the one that was open when the program ended. */
export async function openCases(deps: CasesDeps): Promise<Result<Cases>> {
  const found = await deps.store.openCase(null);
  if (!found.ok) return found;
  let current: Case | null = found.value === null ? null : { ...found.value.opened, scans: found.value.scans };

  let isChanging = false;
  let lastChange: Promise<unknown> = Promise.resolve();

  /** One change at a time: two at once would close one case twice and give one number twice. */
  const change = (work: () => Promise<Result<Case>>): Promise<Result<Case>> => {
    const changed = lastChange.then(async () => {
      isChanging = true;
      return work().finally(() => (isChanging = false));
    });
    lastChange = changed.catch(() => {});
    return changed;
  };

  const open = async (facts: Omit<CaseFacts, 'caseId' | 'openedAt' | 'bizNum'>, bizNum?: string): Promise<Result<Case>> => {
    const number = bizNum === undefined ? await nextNumber(deps) : ok(bizNum);
    if (!number.ok) return number;
    const before = current;
    const openedAt = deps.now();
    const opened: CaseFacts = { caseId: encodeHex(deps.random(16)), ...facts, bizNum: number.value, openedAt };
    if (before !== null) {
      const closed = await deps.journal.record({ type: 'case.closed', result: `scans ${before.scans}`, ref: before.caseId });
      if (!closed.ok) return closed;
      // Whatever comes of the next step, what the person before granted is gone.
      deps.onClosed();
    }
    const recorded = await deps.journal.record({
      type: 'case.opened',
      result: opened.bizNum,
      ref: opened.caseId,
      detail: opened,
      row: { table: 'case', opened, closedAt: openedAt },
    });
    if (!recorded.ok) return recorded;
    current = { ...opened, scans: 0 };
    // Again: a code refused during the change must not be taken for a repeat now.
    if (before !== null) deps.onClosed();
    return ok(current);
  };

  return ok({
    current: () => (isChanging ? null : current),
    open: ({ matter, useFor, bizNum }) => change(() => open({ ...factsOf(matter), useFor }, bizNum)),
    openFirst: ({ matter, useFor }) => change(async () => (current === null ? open({ ...factsOf(matter), useFor }) : ok(current))),
    next: () =>
      change(async () => {
        if (current === null) return fail('case/not-open');
        const { itemCode, itemName, useFor } = current;
        return open({ itemCode, itemName, useFor });
      }),
    countScan: () => {
      if (current !== null) current = { ...current, scans: current.scans + 1 };
    },
  });
}

function factsOf({ itemCode, itemName }: Matter) {
  return { itemCode, itemName };
}

const dayMs = 24 * 60 * 60 * 1000;
const chinaOffsetMs = 8 * 60 * 60 * 1000;

/** `<prefix>-YYYY-MMDD-NNNN`, counted from 0001 each day in Asia/Shanghai; never one that was used before. */
async function nextNumber(deps: CasesDeps): Promise<Result<string>> {
  const now = deps.now();
  const dayStart = Math.floor((now + chinaOffsetMs) / dayMs) * dayMs - chinaOffsetMs;
  const count = await deps.store.countCases({ fromAt: dayStart, toAt: dayStart + dayMs });
  if (!count.ok) return count;
  const day = new Date(now + chinaOffsetMs).toISOString();
  for (let number = count.value + 1; ; number++) {
    const bizNum = `${deps.numberPrefix()}-${day.slice(0, 4)}-${day.slice(5, 7)}${day.slice(8, 10)}-${String(number).padStart(4, '0')}`;
    const taken = await deps.store.bizNumTaken({ bizNum });
    if (!taken.ok || !taken.value) return taken.ok ? ok(bizNum) : taken;
  }
}
