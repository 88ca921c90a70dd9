import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../domain/contracts/counter.ts';
import { useCounter } from '../counter/counter-context.tsx';
import { printDayClock } from '../i18n/durations.ts';
import { Icon } from './icon.tsx';

/** What the holder is told was read about them (YD 8.4): the same words on screen and on paper. */
export function NoticeText({ verdict, withState = false }: { readonly verdict: Verdict; readonly withState?: boolean }): ReactNode {
  const { t } = useTranslation();
  const rows = useNoticeRows(verdict);
  return (
    <div className="notice" data-testid="notice-text">
      {withState && <ToldState scanId={verdict.scanId} />}
      <p className="notice-intro">{t('notice.intro')}</p>
      <dl className="facts wide">
        {rows.map(([label, value]) => (
          <div className="fact" key={label}>
            <dt>{label}</dt>
            <dd>{value === '' ? t('notice.none') : value}</dd>
          </div>
        ))}
      </dl>
      <p className="notice-rights">{t('notice.rights')}</p>
    </div>
  );
}

function useNoticeRows(verdict: Verdict): readonly (readonly [string, string])[] {
  const { t } = useTranslation();
  const session = useCounter((state) => state.session);
  const openCase = useCounter((state) => state.openCase);
  const permissions = (['read', 'retain', 'download', 'transfer'] as const).filter((name) => verdict.permissions[name]);
  return [
    [t('notice.who'), session?.site.organisation ?? ''],
    [t('notice.window'), session === null ? '' : `${session.site.hall} ${session.site.window}`],
    [t('notice.operator'), session === null ? '' : t('general.aside', { what: session.operator.name, aside: session.operator.id })],
    [t('notice.time'), printDayClock(verdict.scannedAt)],
    [t('notice.matter'), openCase?.itemName ?? ''],
    [t('notice.purpose'), openCase?.useFor ?? ''],
    [t('notice.bizNum'), openCase?.bizNum ?? ''],
    [t('notice.subject'), verdict.subject?.name ?? ''],
    [t('notice.informationRead'), verdict.information.map((group) => group.title).join(t('general.listSeparator'))],
    [t('notice.certificatesRead'), verdict.certificates.map((certificate) => certificate.type).join(t('general.listSeparator'))],
    [t('notice.permissions'), permissions.map((name) => t(`permission.${name}`)).join(t('general.listSeparator'))],
    [t('notice.record'), `#${verdict.auditSeq.toLocaleString('en-US')}`],
  ];
}

function ToldState({ scanId }: { readonly scanId: string }): ReactNode {
  const { t } = useTranslation();
  const told = useCounter((state) => (state.notified?.scanId === scanId ? state.notified : null));
  return (
    <p className={told === null ? 'note' : 'note note-verified'} data-testid="told" data-told={told?.how ?? ''}>
      {told !== null && <Icon name="check" size={17} stroke={2} />}
      <strong>{told === null ? t('notice.notTold') : t(`notice.toldHow.${told.how}`, { seq: told.auditSeq.toLocaleString('en-US') })}</strong>
    </p>
  );
}
