import { useEffect, useState } from 'react';
import type { Verdict } from '../../../domain/contracts/counter.ts';
import { useTrustedNow } from '../../counter/counter-context.tsx';

/** Why nothing more may be obtained with a verified result, or null: its holder took the grant back, or the time granted is over. It was verified then. */
export type GrantEnd = 'withdrawn' | 'ended' | null;
type Grant = Pick<Verdict, 'state' | 'expiresAt' | 'withdrawnAt'>;

/** How the grant of a result ended by that time. */
export function findGrantEnd({ state, expiresAt, withdrawnAt }: Grant, now: number): GrantEnd {
  if (state !== 'verified') return null;
  if (withdrawnAt !== null) return 'withdrawn';
  return expiresAt !== null && now >= expiresAt ? 'ended' : null;
}

const lookEveryMs = 500;

/** `findGrantEnd` as time goes on; renders again only at the end. */
export function useGrantEnd({ state, expiresAt, withdrawnAt }: Grant): GrantEnd {
  const now = useTrustedNow();
  const [end, setEnd] = useState(() => findGrantEnd({ state, expiresAt, withdrawnAt }, now()));
  useEffect(() => {
    const look = (): void => setEnd(findGrantEnd({ state, expiresAt, withdrawnAt }, now()));
    look();
    const timer = setInterval(look, lookEveryMs);
    return () => clearInterval(timer);
  }, [state, expiresAt, withdrawnAt, now]);
  return end;
}
