import { useCallback, useRef, useState } from 'react';
import type { AuditEntryView } from '../../../domain/contracts/counter.ts';
import type { FailureCode } from '../../../domain/failure.ts';
import { useCounterTools, useOnEntry } from '../../counter/counter-context.tsx';

const pageSize = 200;

interface AuditEntries {
  readonly entries: readonly AuditEntryView[] | null;
  readonly problem: FailureCode | null;
  readonly hasOlder: boolean;
  readonly loading: boolean;
  readonly loadOlder: () => void;
}

/** The newest entries, renewed when the chain grows, and older ones page by page. */
export function useAuditEntries(): AuditEntries {
  const { store } = useCounterTools();
  const [entries, setEntries] = useState<readonly AuditEntryView[] | null>(null);
  const [problem, setProblem] = useState<FailureCode | null>(null);
  const [loading, setLoading] = useState(false);
  const known = useRef<readonly AuditEntryView[]>([]);
  const load = useCallback(
    async (beforeSeq: number | null) => {
      const outcome = await store.call((client) => client.audit.list({ beforeSeq, limit: pageSize }));
      setLoading(false);
      setProblem(outcome.ok ? null : outcome.code);
      if (!outcome.ok) return;
      known.current = mergeEntries(known.current, outcome.value);
      setEntries(known.current);
    },
    [store],
  );
  const loadNewest = useCallback(() => void load(null), [load]);
  useOnEntry(loadNewest);
  const oldest = entries?.at(-1)?.seq ?? 1;
  const loadOlder = (): void => {
    setLoading(true);
    void load(oldest);
  };
  return { entries, problem, loading, hasOlder: oldest > 1, loadOlder };
}

/** Two runs of entries as one, newest first, each entry once. */
export function mergeEntries(known: readonly AuditEntryView[], more: readonly AuditEntryView[]): readonly AuditEntryView[] {
  const bySeq = new Map([...known, ...more].map((entry) => [entry.seq, entry]));
  return [...bySeq.values()].sort((a, b) => b.seq - a.seq);
}
