import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** One hour of activity; `refused` of `total` went wrong. */
export interface HourCount {
  readonly hour: number;
  readonly total: number;
  readonly refused: number;
}

const height = 58;
const barWidth = 24;
const pitch = 37;

/** Bars by the hour, red only for what went wrong; the value stands in the title of each bar. */
export function HourBars({ hours, label }: { readonly hours: readonly HourCount[]; readonly label: string }): ReactNode {
  const shown = trimHours(hours);
  const most = Math.max(1, ...shown.map((hour) => hour.total));
  const width = Math.max(1, shown.length) * pitch - (pitch - barWidth);
  return (
    <svg className="bars" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} preserveAspectRatio="xMidYMax meet">
      {shown.map((hour, index) => (
        <HourBar key={hour.hour} hour={hour} x={index * pitch} most={most} />
      ))}
    </svg>
  );
}

function HourBar({ hour, x, most }: { readonly hour: HourCount; readonly x: number; readonly most: number }): ReactNode {
  const { t } = useTranslation();
  const tall = hour.total === 0 ? 1.5 : Math.max(3, (hour.total / most) * height);
  const red = hour.refused === 0 ? 0 : Math.max(3, (hour.refused / most) * height);
  const count = `${t('today.hour', { hour: hour.hour })} ${hour.total}`;
  return (
    <g>
      <title>{hour.refused === 0 ? count : `${count}, ${t('today.refusedCount', { count: hour.refused })}`}</title>
      <rect className="bar-total" x={x} y={height - tall} width={barWidth} height={tall} rx={2} />
      {red > 0 && <rect className="bar-refused" x={x} y={height - red} width={barWidth} height={red} rx={1.5} />}
    </g>
  );
}

const openingHour = 8;
const closingHour = 17;

/** The office hours, widened to whatever has a count. */
export function trimHours(hours: readonly HourCount[]): readonly HourCount[] {
  const busy = hours.filter((hour) => hour.total > 0).map((hour) => hour.hour);
  const first = Math.min(openingHour, ...busy);
  const last = Math.max(closingHour, ...busy);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const hour = first + index;
    return hours.find((count) => count.hour === hour) ?? { hour, total: 0, refused: 0 };
  });
}
