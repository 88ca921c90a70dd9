import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../domain/contracts/counter.ts';
import { useTrustedClock } from '../counter/counter-context.tsx';
import { printClock, printCountdown } from '../i18n/durations.ts';
import { findGrantEnd } from '../screens/verify/grant-end.ts';
import { bandLines, endLooks, stateLooks } from '../screens/verify/verdict-look.ts';
import { Icon } from './icon.tsx';

/** The verdict, readable from two metres: it appears whole, never piece by piece. */
export function VerdictBand({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { t } = useTranslation();
  const now = useTrustedClock(500);
  const end = findGrantEnd(verdict, now);
  const { tone, icon } = end === null ? stateLooks[verdict.state] : endLooks[end];
  const [first, second] = bandLines(verdict, now, t);
  const word = t(end === null ? `state.${verdict.state}.word` : `verdict.${end}.word`);
  return (
    <section
      className={`band band-${tone}`}
      aria-label={t('verdict.label')}
      data-testid="verdict"
      data-state={verdict.state}
      data-ended={end !== null}
      data-support-code={verdict.supportCode ?? ''}
      data-scan-id={verdict.scanId}
    >
      <p className="for-readers" role="alert">
        {[word, first, end !== null ? second : t(`state.${verdict.state}.action`)].join('。')}
      </p>
      <span className="band-icon">
        <Icon name={icon} size={68} stroke={1.6} />
      </span>
      <strong className="band-word">{word}</strong>
      <div className="band-lines">
        <p className="band-line">{first}</p>
        {second !== '' && <p className="band-line-2">{second}</p>}
      </div>
      <BandAside verdict={verdict} now={now} />
    </section>
  );
}

function BandAside({ verdict, now }: { readonly verdict: Verdict; readonly now: number }): ReactNode {
  const { t } = useTranslation();
  if (findGrantEnd(verdict, now) !== null)
    return (
      <div className="band-aside">
        <span>{t('verdict.ended.verifiedAt')}</span>
        <strong className="band-code">{printClock(verdict.scannedAt)}</strong>
        <span>{t('verdict.record', { seq: verdict.auditSeq.toLocaleString('en-US') })}</span>
      </div>
    );
  if ((verdict.supportCode === null || stateLooks[verdict.state].waits) && verdict.expiresAt !== null) {
    const left = verdict.expiresAt - now;
    return (
      <div className="band-aside" aria-live="off">
        <span>{left > 0 ? t(verdict.state === 'verified' ? 'verdict.remaining' : 'verdict.codeRemaining') : t('verdict.over')}</span>
        <strong className="band-count">{printCountdown(left)}</strong>
        <span>{t('verdict.until', { time: printClock(verdict.expiresAt) })}</span>
      </div>
    );
  }
  return (
    <div className="band-aside">
      <span>{t('verdict.supportCode')}</span>
      <strong className="band-code">{verdict.supportCode ?? t('general.dash')}</strong>
      <span>{t('verdict.record', { seq: verdict.auditSeq.toLocaleString('en-US') })}</span>
    </div>
  );
}
