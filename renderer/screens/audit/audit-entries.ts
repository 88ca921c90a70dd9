import { useCallback, useEffect, useRef, useState } from 'react';
import type { AuditEntryView } from '../../../domain/contracts/audit.ts';
import type { FailureCode } from '../../../domain/failure.ts';
import { useCounterTools, useOnEntry } from '../../counter/counter-context.tsx';
import type { AuditQuestion } from './audit-search.tsx';

const pageSize = 200;

interface AuditEntries {
  readonly entries: readonly AuditEntryView[] | null;
  readonly problem: FailureCode | null;
  readonly hasOlder: boolean;
  readonly loading: boolean;
  readonly loadOlder: () => void;
}

/** The newest entries, or those that answer a question, renewed when the chain grows, and older ones page by page. */
export function useAuditEntries(question: AuditQuestion | null): AuditEntries {
  const { store } = useCounterTools();
  const [shown, setShown] = useState<{ readonly to: AuditQuestion | null; readonly entries: readonly AuditEntryView[] } | null>(null);
  const [problem, setProblem] = useState<FailureCode | null>(null);
  const [loading, setLoading] = useState(false);
  const [isWhole, setIsWhole] = useState(false);
  const known = useRef<readonly AuditEntryView[]>([]);
  const asked = useRef(question);
  const load = useCallback(
    async (beforeSeq: number | null) => {
      const outcome = await store.call((client) =>
        question === null ? client.audit.list({ beforeSeq, limit: pageSize }) : client.audit.search({ ...question, ...(beforeSeq === null ? {} : { beforeSeq }), limit: pageSize }),
      );
      // An answer to what was asked before says nothing about what is asked now.
      if (asked.current !== question) return;
      setLoading(false);
      setProblem(outcome.ok ? null : outcome.code);
      if (!outcome.ok) return;
      if (beforeSeq !== null || known.current.length === 0) setIsWhole(outcome.value.length < pageSize);
      known.current = mergeEntries(known.current, outcome.value);
      setShown({ to: question, entries: known.current });
    },
    [store, question],
  );
  useEffect(() => {
    asked.current = question;
    known.current = [];
    void load(null);
  }, [load, question]);
  const loadNewest = useCallback(() => void load(null), [load]);
  useOnEntry(loadNewest);
  const entries = shown !== null && shown.to === question ? shown.entries : null;
  const oldest = entries?.at(-1)?.seq ?? 1;
  const loadOlder = (): void => {
    setLoading(true);
    void load(oldest);
  };
  return { entries, problem, loading, hasOlder: oldest > 1 && !isWhole, loadOlder };
}

/** Two runs of entries as one, newest first, each entry once. */
export function mergeEntries(known: readonly AuditEntryView[], more: readonly AuditEntryView[]): readonly AuditEntryView[] {
  const bySeq = new Map([...known, ...more].map((entry) => [entry.seq, entry]));
  return [...bySeq.values()].sort((a, b) => b.seq - a.seq);
}
