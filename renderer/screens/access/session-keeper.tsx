import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useClock, useCounter, useCounterTools } from '../../counter/counter-context.tsx';

const touchEveryMs = 5000;
const warnBeforeMs = 60_000;

/** Tells the host that somebody is there, and counts down the last minute before the lock. */
export function SessionKeeper(): ReactNode {
  const access = useCounter((state) => state.access);
  return access?.state === 'open' ? <Kept lockAt={Math.min(access.idleLockAt ?? Infinity, access.sessionEndsAt ?? Infinity)} /> : null;
}

function Kept({ lockAt }: { readonly lockAt: number }): ReactNode {
  const { t } = useTranslation();
  const { store, now } = useCounterTools();
  const time = useClock(1000);
  useEffect(() => {
    let touchedAt = 0;
    const touch = (): void => {
      if (now() - touchedAt < touchEveryMs) return;
      touchedAt = now();
      void store.call((client) => client.access.touch());
    };
    window.addEventListener('keydown', touch);
    window.addEventListener('pointerdown', touch);
    return () => {
      window.removeEventListener('keydown', touch);
      window.removeEventListener('pointerdown', touch);
    };
  }, [store, now]);
  const left = lockAt - time;
  if (left > warnBeforeMs) return null;
  return (
    <p className="lock-countdown" role="status" data-testid="lock-countdown">
      {t('access.countdown', { seconds: Math.max(0, Math.ceil(left / 1000)) })}
    </p>
  );
}
