import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { HourBars } from '../../components/hour-bars.tsx';
import { useCounter } from '../../counter/counter-context.tsx';
import { printHourMinute } from '../../i18n/durations.ts';

/** The counts of today and their picture by the hour. */
export function TodayCard(): ReactNode {
  const { t } = useTranslation();
  const today = useCounter((state) => state.today);
  const name = useCounter((state) => state.session?.operator.name ?? '');
  const since = today?.sinceAt ?? null;
  const median = today?.medianMs ?? null;
  return (
    <section className="card" data-testid="today">
      <header className="card-head">
        <h2>{t('today.title')}</h2>
        <span>{since === null ? name : t('today.since', { name, time: printHourMinute(since) })}</span>
      </header>
      <dl className="figures">
        <Figure value={String(today?.total ?? 0)} label={t('today.total')} />
        <Figure value={String(today?.verified ?? 0)} label={t('today.verified')} tone="verified" />
        <Figure value={median === null ? t('general.dash') : (median / 1000).toFixed(2)} unit={median === null ? '' : t('today.seconds')} label={t('today.median')} />
      </dl>
      {today !== null && today.total > 0 ? (
        <HourBars hours={today.hours} label={t('today.chart')} />
      ) : (
        <p className="empty-line">{t('today.none')}</p>
      )}
    </section>
  );
}

interface FigureProps {
  readonly value: string;
  readonly label: string;
  readonly unit?: string;
  readonly tone?: 'verified';
}

function Figure({ value, label, unit = '', tone }: FigureProps): ReactNode {
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd className={tone === undefined ? '' : `text-${tone}`}>
        {value}
        {unit !== '' && <small>{unit}</small>}
      </dd>
    </div>
  );
}
