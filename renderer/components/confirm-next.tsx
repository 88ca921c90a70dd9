import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '../commands.tsx';
import { useWindow } from '../window-state.tsx';
import { Dialog } from './dialog.tsx';

/** Asks before granted data leave the screen untold. */
export function ConfirmNext(): ReactNode {
  const { t } = useTranslation();
  const { close, open } = useWindow();
  const { nextNow } = useCommands();
  return (
    <Dialog title={t('next.title')} onClose={close} size="small" testId="confirm-next">
      <p>{t('next.why')}</p>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={close}>
          {t('next.stay')}
        </button>
        <button type="button" className="button" onClick={() => open('notice')} data-testid="confirm-tell">
          {t('next.tell')}
        </button>
        <button type="button" className="button primary" data-first-focus onClick={nextNow} data-testid="confirm-go">
          {t('next.go')}
        </button>
      </div>
    </Dialog>
  );
}
