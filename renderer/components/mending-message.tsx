import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../domain/contracts/counter.ts';
import { isAdministratorRole } from '../../domain/roles.ts';
import { useCounter, useCounterTools } from '../counter/counter-context.tsx';
import { printDayClock } from '../i18n/durations.ts';
import { Icon } from './icon.tsx';

/** Above every screen: the database was damaged and mended, and what that lost; stays until an administrator has seen it. */
export function MendingMessage(): ReactNode {
  const session = useCounter((state) => state.session);
  // In practice no administrator ever comes.
  const isPractice = useCounter((state) => state.access?.state === 'unattended');
  const mended = session?.mended ?? null;
  return session === null || mended === null ? null : <Mended mended={mended} canSee={isPractice || isAdministratorRole(session.operator.role)} />;
}

function Mended({ mended, canSee }: { readonly mended: NonNullable<Session['mended']>; readonly canSee: boolean }): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const { at, damage, backupAt, lostFrom: from, lostTo: to } = mended;
  const what = backupAt === null ? t('mended.readable', { at: printDayClock(at) }) : t('mended.backup', { at: printDayClock(at), backupAt: printDayClock(backupAt), damage: t(`mended.damage.${damage}`) });
  const lost = to === null ? t('mended.lostUnknown', { from }) : to < from ? t('mended.lostNothing') : t('mended.lost', { from, to });
  const seen = async (): Promise<void> => {
    const outcome = await store.call((client) => client.session.mendingSeen());
    if (outcome.ok) await store.refreshSession();
  };
  return (
    <div className="message" role="alert" data-testid="mended" data-state="mended">
      <Icon name="warning" size={19} />
      <span>
        {what} {lost}
      </span>
      {canSee && (
        <button type="button" className="button" onClick={() => void seen()} data-testid="mended-seen">
          {t('mended.seen')}
        </button>
      )}
    </div>
  );
}
