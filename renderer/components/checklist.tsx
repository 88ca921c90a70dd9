import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../domain/contracts/counter.ts';
import type { CheckOutcome } from '../../domain/verdict.ts';
import { useClock } from '../counter/counter-context.tsx';
import { printCountdown, printElapsed, printPassed } from '../i18n/durations.ts';
import { printVerdictKind } from '../i18n/kind-name.ts';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.table.ts';

type CheckLine = Verdict['checks'][number];

const outcomeIcons = { passed: 'check', failed: 'cross', warned: 'warning', 'not-made': 'minus' } as const satisfies Record<CheckOutcome, IconName>;

/** The ordered checks with their times; what was not made is said to be not made. */
export function Checklist({ verdict, footer }: { readonly verdict: Verdict; readonly footer?: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const asked = verdict.askedPlatform ? '' : ` · ${t('verdict.notAsked')}`;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <section className="card checklist" tabIndex={0} aria-label={t('checklist.title')} data-testid="checklist">
      <header className="card-head">
        <h2>{t('checklist.title')}</h2>
        <span>{t('checklist.total', { time: printElapsed(verdict.elapsedMs, t) }) + asked}</span>
      </header>
      <ol className="checks">
        {verdict.checks.map((check) => (
          <CheckRow key={check.id} check={check} verdict={verdict} />
        ))}
      </ol>
      {footer !== undefined && <footer className="card-foot">{footer}</footer>}
    </section>
  );
}

/** A limit that the consent does not set is met by everyone: nothing was checked, so nothing is ticked off. */
export function setsNoLimit({ id, outcome }: CheckLine, verdict: Pick<Verdict, 'grantee' | 'oneTime'>): boolean {
  return outcome === 'passed' && ((id === 'grantee' && verdict.grantee === null) || (id === 'one-time' && !verdict.oneTime));
}

function CheckRow({ check, verdict }: { readonly check: CheckLine; readonly verdict: Verdict }): ReactNode {
  const { t } = useTranslation();
  const look = setsNoLimit(check, verdict) ? 'no-limit' : check.outcome;
  return (
    <li className={`check check-${look}`} data-testid={`check-${check.id}`} data-outcome={look}>
      <Icon name={look === 'no-limit' ? 'minus' : outcomeIcons[look]} size={17} stroke={2} />
      <span className={isPlatformNamed(check, verdict) ? 'check-name one-line' : 'check-name'} title={isPlatformNamed(check, verdict) ? (verdict.platform?.name ?? '') : undefined}>
        <CheckName check={check} verdict={verdict} />
        <span className="for-readers">{t('general.named', { name: '', what: t(`checkOutcome.${look}`) })}</span>
      </span>
      <span className="check-aside">
        <CheckAside check={check} verdict={verdict} />
      </span>
    </li>
  );
}

function CheckName({ check, verdict }: { readonly check: CheckLine; readonly verdict: Verdict }): ReactNode {
  const { t } = useTranslation();
  if (check.id === 'kind' && check.outcome === 'failed') return t('checklist.otherKind', { kind: printVerdictKind(verdict, t) });
  if (isPlatformNamed(check, verdict)) return t('checklist.platformNamed', { name: verdict.platform?.name ?? '' });
  if ((check.id === 'grantee' || check.id === 'one-time') && setsNoLimit(check, verdict)) return t(`checklist.noLimit.${check.id}`);
  return t(`check.${check.id}`);
}

function isPlatformNamed({ id, outcome }: CheckLine, { platform }: Verdict): boolean {
  return id === 'platform' && outcome !== 'not-made' && platform !== null && platform.name !== null;
}

function CheckAside({ check, verdict }: { readonly check: CheckLine; readonly verdict: Verdict }): ReactNode {
  const { t } = useTranslation();
  if (check.outcome === 'not-made') return t('checkOutcome.not-made');
  if (check.id === 'expiry' && verdict.expiresAt !== null) return <ExpiryAside expiresAt={verdict.expiresAt} />;
  if (check.outcome === 'warned' && verdict.state === 'second-authentication') return t('checklist.waiting');
  if (check.outcome === 'failed' || check.outcome === 'warned') return t(`checkOutcome.${check.outcome}`);
  if (check.id === 'platform' && verdict.platform !== null) return verdict.platform.id;
  return check.ms === null ? t('general.dash') : t('checklist.ms', { ms: check.ms < 1 ? '<1' : Math.round(check.ms) });
}

function ExpiryAside({ expiresAt }: { readonly expiresAt: number }): ReactNode {
  const { t } = useTranslation();
  const left = expiresAt - useClock(1000);
  return left > 0 ? t('checklist.left', { time: printCountdown(left) }) : t('checklist.over', { time: printPassed(-left) });
}
