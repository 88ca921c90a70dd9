import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCounter } from '../../counter/counter-context.tsx';
import { printHourMinute } from '../../i18n/durations.ts';
import { printVerdictKind } from '../../i18n/kind-name.ts';
import { useWindow } from '../../window-state.tsx';
import { stateLooks } from './verdict-look.ts';

/** The last few records, one line each. */
export function RecentCard(): ReactNode {
  const { t } = useTranslation();
  const recent = useCounter((state) => state.recent);
  const { go } = useWindow();
  return (
    <section className="card grow" data-testid="recent">
      <header className="card-head">
        <h2>{t('recent.title')}</h2>
        <button type="button" className="link" onClick={() => go('records')}>
          {t('recent.all')}
        </button>
      </header>
      {recent.length === 0 && <p className="empty-line">{t('recent.empty')}</p>}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must get in (axe: scrollable-region-focusable) */}
      <ol className="recent" tabIndex={0} aria-label={t('recent.title')}>
        {recent.map((record) => (
          <li key={record.scanId}>
            <time>{printHourMinute(record.scannedAt)}</time>
            <span className="recent-name">{record.subjectName ?? t('general.dash')}</span>
            <strong className={`text-${stateLooks[record.state].tone}`}>
              {record.state === 'not-a-service-code' ? printVerdictKind(record, t) : t(`state.${record.state}.short`)}
            </strong>
          </li>
        ))}
      </ol>
    </section>
  );
}
