import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutcome } from '../../connection/call-outcome.ts';
import type { CounterClient } from '../../connection/connect.ts';
import { useCounterTools } from '../../counter/counter-context.tsx';
import { printClock } from '../../i18n/durations.ts';

type Use = (client: CounterClient) => Promise<null>;
/** `busy`: nothing was asked, because the call before is still under way. */
type Outcome = 'done' | 'refused' | 'busy';

/** Makes calls about access one at a time and words what went wrong, for whoever outlives the form too. */
export function useAccessCall(onProblem?: (problem: string | null) => void): { readonly run: (use: Use) => Promise<Outcome>; readonly problem: string | null; readonly isBusy: boolean } {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const underWay = useRef(false);
  const word = (outcome: CallOutcome<null>): string | null => {
    if (outcome.ok) return null;
    const { code, detail } = outcome;
    if (code === 'access/locked-out' && detail !== null) return detail === 'administrator' ? t('access.outForGood') : t('access.outUntil', { time: printClock(Date.parse(detail)) });
    if (code === 'access/two-needed' && detail === 'same-person') return t('access.samePerson');
    if (code === 'access/people-unfit' && detail === 'themselves') return t('access.notThemselves');
    if (code === 'access/wrong' && detail !== null) return t('access.wrongOf', { nth: detail });
    if (code === 'access/passphrase-weak' && detail !== null) {
      const [fault = '', id = ''] = detail.split(' ');
      const word = t(`access.weak.${fault as 'too-short'}`);
      return id === '' ? word : t('access.weakOf', { fault: word, id });
    }
    if (code === 'access/key-refused' && detail !== null) return t(`access.keyRefused.${detail as 'wrong-pin'}`);
    if (code === 'key/pin-wrong' && detail !== null) return t('access.pinWrong', { left: detail });
    if (code === 'key/unfit' && detail !== null) return t(`access.keyUnfit.${detail as 'several'}`);
    if (code === 'key/library-failed' && detail !== null) return t('access.keyLibrary', { detail });
    return t(`failure.${code}`);
  };
  const run = async (use: Use): Promise<Outcome> => {
    // A second Enter would be counted as a second try.
    if (underWay.current) return 'busy';
    underWay.current = true;
    setBusy(true);
    const outcome = await store.call(use);
    underWay.current = false;
    setBusy(false);
    setProblem(word(outcome));
    onProblem?.(word(outcome));
    return outcome.ok ? 'done' : 'refused';
  };
  return { run, problem, isBusy };
}
