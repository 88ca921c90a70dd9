import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCounter } from '../counter/counter-context.tsx';
import { placeOf, screensOf, useWindow } from '../window-state.tsx';
import { Icon } from './icon.tsx';

/** The places of the window that this role may use. */
export function Rail(): ReactNode {
  const { t } = useTranslation();
  const { screen, go } = useWindow();
  const role = useCounter((state) => state.session?.operator.role ?? 'operator');
  return (
    <nav className="rail" aria-label={t('nav.label')}>
      {screensOf(role).map(({ id, icon }) => (
        <button key={id} type="button" className="rail-item" aria-current={placeOf(role, screen) === id ? 'page' : undefined} data-testid={`nav-${id}`} onClick={() => go(id)}>
          <Icon name={icon} size={22} />
          <span>{t(`nav.${id}`)}</span>
        </button>
      ))}
    </nav>
  );
}
