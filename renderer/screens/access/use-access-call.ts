import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutcome } from '../../connection/call-outcome.ts';
import type { CounterClient } from '../../connection/connect.ts';
import { useCounterTools } from '../../counter/counter-context.tsx';
import { printClock } from '../../i18n/durations.ts';

type Use = (client: CounterClient) => Promise<null>;

/** Makes calls about access one at a time and words what went wrong. */
export function useAccessCall(): { readonly run: (use: Use) => Promise<boolean>; readonly problem: string | null; readonly isBusy: boolean } {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const word = (outcome: CallOutcome<null>): string | null => {
    if (outcome.ok) return null;
    const { code, detail } = outcome;
    if (code === 'access/locked-out' && detail !== null) return detail === 'administrator' ? t('access.outForGood') : t('access.outUntil', { time: printClock(Date.parse(detail)) });
    if (code === 'access/passphrase-weak' && detail !== null) return t(`access.weak.${detail as 'too-short'}`);
    return t(`failure.${code}`);
  };
  const run = async (use: Use): Promise<boolean> => {
    setBusy(true);
    const outcome = await store.call(use);
    setBusy(false);
    setProblem(word(outcome));
    return outcome.ok;
  };
  return { run, problem, isBusy };
}
