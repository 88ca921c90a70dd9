import { useCallback, useEffect, useState } from 'react';
import type { Verdict } from '../../../domain/contracts/counter.ts';
import { useCounterTools } from '../../counter/counter-context.tsx';

/** Personal fields are shown at most this long, also when nobody lets go. */
const shownForMs = 15_000;

/** The verdict as it is shown now, and the means to look under the mask. */
export interface Revealed {
  readonly shown: Verdict;
  readonly isRevealed: boolean;
  readonly reveal: () => void;
  readonly cover: () => void;
}

/** Asks the host for the unmasked fields (an audit entry each time) and forgets them on release or after 15 s. */
export function useRevealed(verdict: Verdict): Revealed {
  const { store } = useCounterTools();
  const [clear, setClear] = useState<Verdict | null>(null);
  const [held, setHeld] = useState(false);
  const cover = useCallback(() => {
    setHeld(false);
    setClear(null);
  }, []);
  const reveal = useCallback(() => {
    setHeld(true);
    void store.call((client) => client.verdict.reveal({ scanId: verdict.scanId })).then((outcome) => {
      if (outcome.ok) setClear(outcome.value);
      else store.dispatch({ type: 'problem', code: outcome.code });
      return store.refreshHistory();
    });
  }, [store, verdict.scanId]);
  useEffect(() => {
    if (!held) return undefined;
    const timer = setTimeout(cover, shownForMs);
    return () => clearTimeout(timer);
  }, [held, cover]);
  const isRevealed = held && clear !== null && clear.scanId === verdict.scanId;
  return { shown: isRevealed ? clear : verdict, isRevealed, reveal, cover };
}
