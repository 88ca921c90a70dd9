import { Button } from 'antd';
import type { TFunction } from 'i18next';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SetApart } from '../../../domain/contracts/offline.ts';
import { useCounter, useCounterTools } from '../../counter/counter-context.tsx';
import { printDayClock } from '../../i18n/durations.ts';
import { useAccessCall } from '../access/use-access-call.ts';

/** What was judged without the platform and cannot be handed in: what is wrong with each, who can mend it and how. Nothing where all is well. */
export function OfflineSettings(): ReactNode {
  const { t } = useTranslation();
  const setApart = useCounter((state) => state.status?.offline.setApart ?? 0);
  const failure = useCounter((state) => state.status?.offline.failure ?? null);
  const rows = useSetApart(setApart);
  const { run, problem, isBusy } = useAccessCall();
  if (setApart === 0 && failure === null) return null;
  return (
    <section className="card page-card" data-testid="offline-settings">
      <header className="card-head">
        <h2>{t('offline.title')}</h2>
        {setApart > 0 && <span>{t('offline.count', { count: setApart })}</span>}
      </header>
      {failure !== null && <p className="note note-caution" data-testid="offline-failure">{t('offline.failure', { failure: t(`failure.${failure}`) })}</p>}
      {rows.length > 0 && (
        <ul className="card-text" data-testid="offline-set-apart">
          {rows.map((row) => (
            <li key={row.auditSeq}>
              <strong>{row.bizNum}</strong> · {printDayClock(row.scannedAt)} · #{row.auditSeq.toLocaleString('en-US')}
              <br />
              {printWhy(row, t)}
            </li>
          ))}
        </ul>
      )}
      {listHelp(rows).map((help) => (
        <p key={help} className="card-text muted">{t(`offline.help.${help}`)}</p>
      ))}
      {problem !== null && (
        <p className="note note-refused" role="alert">
          {problem}
        </p>
      )}
      {setApart > 0 && (
        <div className="card-text">
          <Button loading={isBusy} onClick={() => void run((client) => client.offline.again())} data-testid="offline-again">
            {t('offline.again')}
          </Button>
        </div>
      )}
    </section>
  );
}

function useSetApart(count: number): readonly SetApart[] {
  const { store } = useCounterTools();
  const [rows, setRows] = useState<readonly SetApart[]>([]);
  useEffect(() => {
    if (count === 0) return undefined;
    let isShown = true;
    void store.call((client) => client.offline.setApart()).then((outcome) => isShown && outcome.ok && setRows(outcome.value));
    return () => {
      isShown = false;
    };
  }, [store, count]);
  return count === 0 ? [] : rows;
}

function printWhy({ answer, cause }: SetApart, t: TFunction): string {
  if (answer === 'unreadable') return t(cause === 'erased' ? 'offline.why.erased' : 'offline.why.damaged');
  return t('offline.why.refused', { status: cause });
}

/** Each way of mending once, in the order of the rows. */
function listHelp(rows: readonly SetApart[]): readonly ('damaged' | 'erased' | 'refused')[] {
  return [...new Set(rows.map(({ answer, cause }) => (answer === 'refused' ? 'refused' : cause === 'erased' ? 'erased' : 'damaged')))];
}
