import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCounter } from '../counter/counter-context.tsx';

/** That this is practice: on every screen of a counter that is not in use for real, at its door too, with or without log-in. */
export function PracticeStrip(): ReactNode {
  const { t } = useTranslation();
  const kind = useCounter(({ access }) => (access?.state === 'unattended' ? 'unattended' : access?.isTrial === true ? 'attended' : null));
  if (kind === null) return null;
  return (
    <p className="message message-training" data-testid="practice">
      {t(`practice.${kind}`)}
    </p>
  );
}
