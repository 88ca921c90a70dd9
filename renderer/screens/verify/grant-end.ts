import { useEffect, useState } from 'react';
import type { Verdict } from '../../../domain/contracts/counter.ts';
import { useTrustedNow } from '../../counter/counter-context.tsx';

/** Whether the time that a verified result was granted for is over: it was verified then, but nothing more may be obtained with it. */
export function hasGrantEnded({ state, expiresAt }: Pick<Verdict, 'state' | 'expiresAt'>, now: number): boolean {
  return state === 'verified' && expiresAt !== null && now >= expiresAt;
}

const lookEveryMs = 500;

/** `hasGrantEnded` as time goes on; renders again only at the end. */
export function useGrantEnded({ state, expiresAt }: Verdict): boolean {
  const now = useTrustedNow();
  const [ended, setEnded] = useState(() => hasGrantEnded({ state, expiresAt }, now()));
  useEffect(() => {
    const look = (): void => setEnded(hasGrantEnded({ state, expiresAt }, now()));
    look();
    const timer = setInterval(look, lookEveryMs);
    return () => clearInterval(timer);
  }, [state, expiresAt, now]);
  return ended;
}
