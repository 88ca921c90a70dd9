import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditPicture } from '../../../domain/contracts/audit.ts';
import { useCounterTools, useOnEntry } from '../../counter/counter-context.tsx';
import { printDay } from '../../i18n/durations.ts';
import { dayAround, type DayHour, type DayPicture, drawDay } from './day-picture.ts';

const dayMs = 86_400_000;

/** One day of the log: entries by the hour and verdict, gaps, and its checkpoints on a line; as a picture or as the table behind it. */
export function ActivityPicture(): ReactNode {
  const { t } = useTranslation();
  const { now } = useCounterTools();
  const [day, setDay] = useState(() => dayAround(now()));
  const [asTable, setAsTable] = useState(false);
  const drawn = useDay(day.fromAt);
  const move = (days: number): void => setDay(dayAround(day.fromAt + days * dayMs));
  return (
    <section className="activity" data-testid="activity">
      <header>
        <h2>
          {t('audit.activity')} · {printDay(day.fromAt)}
        </h2>
        <span>
          <button type="button" className="link" onClick={() => move(-1)}>
            {t('audit.dayBefore')}
          </button>
          <button type="button" className="link" disabled={day.toAt > now()} onClick={() => move(1)}>
            {t('audit.dayAfter')}
          </button>
          <button type="button" className="link" onClick={() => setAsTable(!asTable)}>
            {t(asTable ? 'audit.activityPicture' : 'audit.activityTable')}
          </button>
        </span>
      </header>
      {drawn !== null && (asTable ? <DayTable day={drawn} /> : <DayBars day={drawn} />)}
    </section>
  );
}

function useDay(fromAt: number): DayPicture | null {
  const { store } = useCounterTools();
  const [picture, setPicture] = useState<{ readonly fromAt: number; readonly of: AuditPicture } | null>(null);
  const load = useCallback(() => {
    void store.call((client) => client.audit.picture({ fromAt, toAt: fromAt + dayMs })).then((outcome) => {
      if (outcome.ok) setPicture({ fromAt, of: outcome.value });
    });
  }, [store, fromAt]);
  useEffect(load, [load]);
  useOnEntry(load);
  return useMemo(() => (picture === null || picture.fromAt !== fromAt ? null : drawDay(picture.of, fromAt)), [picture, fromAt]);
}

const pitch = 18;
const barWidth = 12;
const height = 52;
const lineAt = height + 12;
const width = 24 * pitch;

const legend = [
  ['passed', 'passed'],
  ['refused', 'refused'],
  ['waiting', 'waiting'],
  ['other', 'otherEntries'],
  ['gap', 'gap'],
  ['round', 'checkpoint'],
  ['round full', 'countersignedMark'],
] as const;

function DayBars({ day }: { readonly day: DayPicture }): ReactNode {
  const { t } = useTranslation();
  const most = Math.max(1, ...day.hours.map(totalOf));
  return (
    <>
      <svg className="bars" viewBox={`0 0 ${width} ${lineAt + 22}`} role="img" aria-label={t('audit.activity')} preserveAspectRatio="xMidYMax meet">
        {day.hours.map((hour) => (
          <HourBar key={hour.hour} hour={hour} most={most} isGap={day.gaps.includes(hour.hour)} />
        ))}
        <line className="time-line" x1={0} x2={width} y1={lineAt} y2={lineAt} />
        {day.checkpoints.map(({ part, size, isCountersigned }) => (
          <circle key={size} className={isCountersigned ? 'mark-countersigned' : 'mark-signed'} cx={part * width} cy={lineAt} r={3.5}>
            <title>{t(isCountersigned ? 'audit.markCountersigned' : 'audit.markSigned', { count: size })}</title>
          </circle>
        ))}
      </svg>
      <p className="legend">
        {legend.map(([look, text]) => (
          <span key={text}>
            <i className={look} /> {t(`audit.${text}`)}
          </span>
        ))}
      </p>
    </>
  );
}

function HourBar({ hour, most, isGap }: { readonly hour: DayHour; readonly most: number; readonly isGap: boolean }): ReactNode {
  const { t } = useTranslation();
  const x = hour.hour * pitch + (pitch - barWidth) / 2;
  const tall = (count: number): number => (count === 0 ? 0 : Math.max(2, (count / most) * height));
  const [passed, refused, waiting] = [tall(hour.passed), tall(hour.refused), tall(hour.waiting)];
  const foot = height - passed - refused - waiting;
  const other = Math.min(tall(hour.other), Math.max(0, foot));
  return (
    <g>
      <title>{`${t('today.hour', { hour: hour.hour })} ${isGap ? t('audit.gap') : t('audit.hourFacts', { ...hour })}`}</title>
      <rect x={hour.hour * pitch} y={0} width={pitch} height={lineAt} fill="transparent" />
      {isGap && <rect className="bar-gap" x={x} y={height - 8} width={barWidth} height={8} />}
      <rect className="bar-passed" x={x} y={height - passed} width={barWidth} height={passed} />
      <rect className="bar-refused" x={x} y={height - passed - refused} width={barWidth} height={refused} />
      <rect className="bar-waiting" x={x} y={foot} width={barWidth} height={waiting} />
      <rect className="bar-total" x={x} y={foot - other} width={barWidth} height={other} />
      {hour.hour % 3 === 0 && (
        <text className="bar-tick" x={hour.hour * pitch} y={lineAt + 18} textAnchor={hour.hour === 0 ? 'start' : 'middle'}>
          {hour.hour}
        </text>
      )}
    </g>
  );
}

function DayTable({ day }: { readonly day: DayPicture }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="activity-table">
      <table>
        <thead>
          <tr>
            {[t('audit.hourColumn'), t('audit.passed'), t('audit.refused'), t('audit.waiting'), t('audit.otherEntries')].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {day.hours
            .filter((hour) => totalOf(hour) > 0 || day.gaps.includes(hour.hour))
            .map((hour) => (
              <tr key={hour.hour}>
                <th scope="row">{t('today.hour', { hour: hour.hour })}</th>
                <td>{totalOf(hour) === 0 ? t('audit.gap') : hour.passed}</td>
                <td>{hour.refused}</td>
                <td>{hour.waiting}</td>
                <td>{hour.other}</td>
              </tr>
            ))}
        </tbody>
      </table>
      <p>{t('audit.checkpointsOfDay', { count: day.checkpoints.length, countersigned: day.checkpoints.filter((mark) => mark.isCountersigned).length })}</p>
    </div>
  );
}

function totalOf({ passed, refused, waiting, other }: DayHour): number {
  return passed + refused + waiting + other;
}
