import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../domain/contracts/counter.ts';

const order = ['read', 'retain', 'download', 'transfer'] as const;

/** What the consent gives (czqx): the rest is shown struck through, not left out, and so is all once its time is over. */
export function PermissionChips({ permissions, isOver = false }: { readonly permissions: Verdict['permissions']; readonly isOver?: boolean }): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="permissions" aria-label={t('permission.label')}>
      {order.map((name) => {
        const granted = permissions[name] && !isOver;
        return (
          <li key={name} className={granted ? 'permission granted' : 'permission'} data-testid={`permission-${name}`} data-granted={granted}>
            {granted ? t(`permission.${name}`) : <s>{t(`permission.${name}`)}</s>}
            <span className="for-readers">{t(granted ? 'permission.granted' : permissions[name] ? 'permission.over' : 'permission.notGranted')}</span>
          </li>
        );
      })}
    </ul>
  );
}
