import { useEffect, useState } from 'react';
import type { Access } from '../../../domain/contracts/access.ts';
import { useCounterTools } from '../../counter/counter-context.tsx';

/** The recovery code of a set-up that was just made, until it is put away or somebody logs in; the host gives it once. */
export function useRecoveryCode({ state, lockedBy }: Access): { readonly code: string | null; readonly forget: () => void } {
  const { store } = useCounterTools();
  const [code, setCode] = useState<string | null>(null);
  const isAfterStart = state === 'locked' && lockedBy === 'start';
  useEffect(() => {
    if (!isAfterStart) return;
    void store.call((client) => client.access.recoveryCode()).then((outcome) => outcome.ok && outcome.value !== null && setCode(outcome.value));
  }, [store, isAfterStart]);
  return { code, forget: () => setCode(null) };
}
