import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { WedgeTrace } from '../../window-state.tsx';
import { type KeyPace, measurePace } from './key-pace.ts';

const height = 84;
const pitch = 46;
const barWidth = 38;

/** How far the characters of the last keyboard scans were apart: a bar for each span, the limit as a line. */
export function PacePicture({ traces, gapMs }: { readonly traces: readonly Pick<WedgeTrace, 'times'>[]; readonly gapMs: number }): ReactNode {
  const { t } = useTranslation();
  const pace = measurePace(traces);
  return (
    <figure className="pace" data-testid="pace" data-gaps={pace?.gaps ?? 0}>
      <figcaption>
        <strong>{t('devices.wedge.timing')}</strong> {pace === null ? t('devices.wedge.timingNone') : t('devices.wedge.timingOf', { count: pace.scans, keys: pace.gaps, median: Math.round(pace.medianMs), max: Math.round(pace.largestMs) })}
      </figcaption>
      {pace !== null && <Bars pace={pace} gapMs={gapMs} />}
    </figure>
  );
}

function Bars({ pace: { bins }, gapMs }: { readonly pace: KeyPace; readonly gapMs: number }): ReactNode {
  const { t } = useTranslation();
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const limit = placeOf(gapMs, bins);
  const width = bins.length * pitch;
  return (
    <svg className="bars" viewBox={`0 0 ${width} ${height + 34}`} role="img" aria-label={t('devices.wedge.timing')}>
      {bins.map(({ from, to, count }, index) => {
        const tall = count === 0 ? 1.5 : Math.max(3, (count / most) * height);
        return (
          <g key={from}>
            <title>{to === null ? t('devices.wedge.binLast', { from, count }) : t('devices.wedge.bin', { from, to, count })}</title>
            <rect className={from >= gapMs ? 'bar-slow' : 'bar-total'} x={index * pitch + (pitch - barWidth) / 2} y={14 + height - tall} width={barWidth} height={tall} rx={2} />
            {count > 0 && (
              <text className="bar-tick" x={index * pitch + pitch / 2} y={10 + height - tall} textAnchor="middle">
                {count}
              </text>
            )}
            <text className="bar-tick" x={index * pitch} y={height + 28} textAnchor={index === 0 ? 'start' : 'middle'}>
              {from}
            </text>
          </g>
        );
      })}
      <text className="bar-tick" x={width} y={height + 28} textAnchor="end">
        {t('devices.wedge.unit')}
      </text>
      <line className="bar-limit" x1={limit} x2={limit} y1={2} y2={14 + height} />
      <text className="bar-tick" x={limit + 4} y={10}>
        {t('devices.wedge.limit', { gap: gapMs })}
      </text>
    </svg>
  );
}

/** Where a gap stands between the edges of the bars. */
function placeOf(gapMs: number, bins: KeyPace['bins']): number {
  const index = bins.findIndex(({ from, to }) => gapMs >= from && (to === null || gapMs < to));
  const bin = bins[index];
  if (bin === undefined) return 0;
  const part = bin.to === null ? 0 : (gapMs - bin.from) / (bin.to - bin.from);
  return (index + part) * pitch;
}
