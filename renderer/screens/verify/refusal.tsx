import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../../domain/contracts/counter.ts';
import { useCommands } from '../../commands.tsx';
import { Checklist } from '../../components/checklist.tsx';
import { Kbd } from '../../components/icon.tsx';
import { useClock, useCounter } from '../../counter/counter-context.tsx';
import { printDevice } from '../../i18n/device-name.ts';
import { printAge, printClockDifference } from '../../i18n/durations.ts';
import { printKindAsk } from '../../i18n/kind-name.ts';
import { HolderWait } from './holder-wait.tsx';
import { RefusalDrawing } from './refusal-drawing.tsx';
import { stateLooks } from './verdict-look.ts';

/** No pass: what to do and who, in one big line, and what was checked and what was not. */
export function Refusal({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { t } = useTranslation();
  const { state } = verdict;
  return (
    <div className="split split-aside">
      <section className="card refusal" data-testid="refusal">
        <h1 data-testid="refusal-action">{t(`state.${state}.action`)}</h1>
        {state === 'second-authentication' && <HolderWait verdict={verdict} />}
        <p className="refusal-how">{state === 'not-a-service-code' ? printKindAsk(verdict, t) : t(`state.${state}.how`)}</p>
        <div className="refusal-body">
          <RefusalDrawing state={state} />
          <RefusalButtons verdict={verdict} />
        </div>
      </section>
      <Checklist verdict={verdict} footer={<ChecklistFoot verdict={verdict} />} />
    </div>
  );
}

function RefusalButtons({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { t } = useTranslation();
  const { run, next } = useCommands();
  const { retries, waits } = stateLooks[verdict.state];
  return (
    <div className="refusal-buttons">
      {retries && !waits && (
        <button type="button" className="button primary large" onClick={() => run('f5')} data-testid="retry">
          {t('verdict.retry')} <Kbd>F5</Kbd>
        </button>
      )}
      <button type="button" className={retries ? 'button large' : 'button primary large'} onClick={() => run('escape')}>
        {t(waits ? 'verdict.stopWaiting' : 'verdict.dismiss')} <Kbd>Esc</Kbd>
      </button>
      {waits && (
        <button type="button" className="button large" onClick={() => run('f5')} data-testid="retry">
          {t('verdict.askNow')} <Kbd>F5</Kbd>
        </button>
      )}
      <button type="button" className="button large" onClick={next}>
        {t('case.next')} <Kbd>F4</Kbd>
      </button>
    </div>
  );
}

function ChecklistFoot({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { t } = useTranslation();
  const cause = verdict.supportCode === null ? null : t(`support.${verdict.supportCode}`);
  return (
    <>
      {verdict.state === 'signature-invalid' && verdict.subject === null && <p>{t('verdict.notMadeNote')}</p>}
      {cause !== null && <p>{cause === t(`state.${verdict.state}.line`) ? verdict.supportCode : t('general.named', { name: verdict.supportCode, what: cause })}</p>}
      <ClockLine />
      <p>{t('verdict.device', { device: printDevice(verdict.device === '' ? verdict.source : verdict.device, t) })}</p>
    </>
  );
}

function ClockLine(): ReactNode {
  const { t } = useTranslation();
  const clock = useCounter((state) => state.status?.clock ?? null);
  const now = useClock(10_000);
  if (clock === null) return null;
  const seconds = (clock.uncertaintyMs / 1000).toFixed(1);
  const words = {
    synchronised: () => t('verdict.clockSynchronised', { age: printAge(now - (clock.checkedAt ?? now), t), seconds }),
    unproven: () => t('verdict.clockUnproven'),
    confirmed: () => t('verdict.clockConfirmed'),
    wrong: () => t('verdict.clockWrong', { difference: printClockDifference(clock.offsetMs, t) }),
  };
  return <p>{t('verdict.clock', { state: words[clock.state]() })}</p>;
}
