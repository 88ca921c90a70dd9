import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../domain/contracts/counter.ts';
import type { GrantEnd } from '../screens/verify/grant-end.ts';

const order = ['read', 'retain', 'download', 'transfer'] as const;

/** What the consent gives (czqx): the rest is shown struck through, not left out, and so is all once it has ended. */
export function PermissionChips({ permissions, end = null }: { readonly permissions: Verdict['permissions']; readonly end?: GrantEnd }): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="permissions" aria-label={t('permission.label')}>
      {order.map((name) => {
        const granted = permissions[name] && end === null;
        return (
          <li key={name} className={granted ? 'permission granted' : 'permission'} data-testid={`permission-${name}`} data-granted={granted}>
            {granted ? t(`permission.${name}`) : <s>{t(`permission.${name}`)}</s>}
            <span className="for-readers">{t(granted ? 'permission.granted' : permissions[name] && end !== null ? `permission.${end}` : 'permission.notGranted')}</span>
          </li>
        );
      })}
    </ul>
  );
}
