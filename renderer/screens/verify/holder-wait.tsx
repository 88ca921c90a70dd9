import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../../domain/contracts/counter.ts';
import { retryVerdict } from '../../commands.tsx';
import { useCounterTools } from '../../counter/counter-context.tsx';

const askAgainMs = 2500;

/** That the window waits for the holder: the same request is asked again until it is decided or another code comes. */
export function HolderWait({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const { scanId } = verdict;
  useEffect(() => {
    const wait = { isOver: false, timer: 0 };
    const ask = async (): Promise<void> => {
      const isAnswered = await retryVerdict(store, scanId);
      // A refusal of the counter itself is said once, not every few seconds.
      if (isAnswered && !wait.isOver) wait.timer = window.setTimeout(() => void ask(), askAgainMs);
    };
    wait.timer = window.setTimeout(() => void ask(), askAgainMs);
    return () => {
      wait.isOver = true;
      clearTimeout(wait.timer);
    };
  }, [store, scanId]);
  return (
    <p className="holder-wait" role="status" data-testid="holder-wait">
      {t('verdict.waits')}
    </p>
  );
}
