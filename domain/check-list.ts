import { type Check, type CheckId, type CheckOutcome, checkIds } from './verdict.ts';

/** The ordered checks of one verdict while it is being made; whatever was not reached stays `not-made`. */
export interface CheckList {
  /** Records an outcome; `ms` where it was measured. */
  readonly record: (id: CheckId, outcome: CheckOutcome, ms?: number | null) => void;
  /** All checks in their order. */
  readonly all: () => readonly Check[];
}

/** Starts a list, from nothing or from the checks already made. */
export function createCheckList(made: readonly Check[] = []): CheckList {
  const checks = new Map<CheckId, Check>(checkIds.map((id) => [id, { id, outcome: 'not-made', ms: null }]));
  for (const check of made) checks.set(check.id, check);
  return {
    record: (id, outcome, ms = null) => {
      checks.set(id, { id, outcome, ms });
    },
    all: () => [...checks.values()],
  };
}
