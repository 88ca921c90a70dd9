import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntryView } from '../../../domain/contracts/counter.ts';
import { HourBars, type HourCount } from '../../components/hour-bars.tsx';
import { countHours } from './hour-counts.ts';

/** How many entries each hour of the last day in the list had, as bars or as the table behind them. */
export function ActivityPicture({ entries }: { readonly entries: readonly AuditEntryView[] }): ReactNode {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const hours = useMemo(() => countHours(entries), [entries]);
  return (
    <section className="activity" data-testid="activity">
      <header>
        <h2>{t('audit.activity')}</h2>
        <button type="button" className="link" onClick={() => setAsTable(!asTable)}>
          {t(asTable ? 'audit.activityPicture' : 'audit.activityTable')}
        </button>
      </header>
      {asTable ? <ActivityTable hours={hours} /> : <HourBars hours={hours} label={t('audit.activity')} ticks />}
    </section>
  );
}

function ActivityTable({ hours }: { readonly hours: readonly HourCount[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="activity-table">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('audit.hourColumn')}</th>
            <th scope="col">{t('audit.countColumn')}</th>
          </tr>
        </thead>
        <tbody>
          {hours
            .filter((hour) => hour.total > 0)
            .map((hour) => (
              <tr key={hour.hour}>
                <th scope="row">{t('today.hour', { hour: hour.hour })}</th>
                <td>
                  {hour.total}
                  {hour.refused > 0 && ` · ${t('audit.refusedOf', { count: hour.refused })}`}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
