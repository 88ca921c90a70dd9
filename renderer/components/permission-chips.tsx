import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../domain/contracts/counter.ts';

const order = ['read', 'retain', 'download', 'transfer'] as const;

/** What the consent gives (czqx): the rest is shown struck through, not left out. */
export function PermissionChips({ permissions }: { readonly permissions: Verdict['permissions'] }): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="permissions" aria-label={t('permission.label')}>
      {order.map((name) => (
        <li key={name} className={permissions[name] ? 'permission granted' : 'permission'} data-testid={`permission-${name}`} data-granted={permissions[name]}>
          {permissions[name] ? t(`permission.${name}`) : <s>{t(`permission.${name}`)}</s>}
          <span className="for-readers">{permissions[name] ? t('permission.granted') : t('permission.notGranted')}</span>
        </li>
      ))}
    </ul>
  );
}
