import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntryView } from '../../../domain/contracts/counter.ts';
import { HourBars, type HourCount } from '../../components/hour-bars.tsx';

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

const goodResults: readonly string[] = ['ok', 'verified', 'provisional', 'repeat'];

/** The entries of the newest day, counted by the hour; what is not a good result counts as refused too. */
export function countHours(entries: readonly AuditEntryView[]): readonly HourCount[] {
  const newest = entries[0];
  if (newest === undefined) return [];
  const day = new Date(newest.entryAt).toDateString();
  const counts = Array.from({ length: 24 }, (_, hour) => ({ hour, total: 0, refused: 0 }));
  for (const { entryAt, result } of entries) {
    const at = new Date(entryAt);
    const count = counts[at.getHours()];
    if (at.toDateString() !== day || count === undefined) continue;
    count.total += 1;
    if (!goodResults.includes(result)) count.refused += 1;
  }
  return counts;
}
