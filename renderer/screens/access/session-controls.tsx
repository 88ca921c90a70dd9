import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AntdTheme } from '../../components/antd-theme.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Icon } from '../../components/icon.tsx';
import { useCounter, useCounterTools } from '../../counter/counter-context.tsx';
import { KeyForm } from './key-form.tsx';
import { PassphraseForm } from './passphrase-form.tsx';

/** What whoever is logged in can do about it: lock, hand the seat over, change the passphrase. */
export function SessionControls(): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const isAttended = useCounter((state) => state.access?.state === 'open');
  const [isChanging, setChanging] = useState(false);
  const [isBinding, setBinding] = useState(false);
  if (!isAttended) return null;
  const lock = (reason: 'asked' | 'change') => (): void => void store.call((client) => client.access.lock({ reason }));
  return (
    <>
      <button type="button" className="link" onClick={() => setChanging(true)} data-testid="open-passphrase">
        {t('access.passphrase')}
      </button>
      <button type="button" className="link" title={t('access.key')} onClick={() => setBinding(true)} data-testid="open-key">
        {t('access.keyShort')}
      </button>
      <button type="button" className="link" title={t('access.changeOperatorTitle')} onClick={lock('change')} data-testid="change-operator">
        {t('access.changeOperator')}
      </button>
      <button type="button" className="icon-button" aria-label={t('access.lock')} title={`${t('access.lock')} F9`} onClick={lock('asked')} data-testid="lock">
        <Icon name="lock" size={20} />
      </button>
      {isChanging && (
        <Dialog title={t('access.changeTitle')} size="small" testId="passphrase-dialog" onClose={() => setChanging(false)}>
          <AntdTheme>
            <PassphraseForm onDone={() => setChanging(false)} />
          </AntdTheme>
        </Dialog>
      )}
      {isBinding && (
        <Dialog title={t('access.key')} size="small" testId="key-dialog" onClose={() => setBinding(false)}>
          <AntdTheme>
            <KeyForm onDone={() => setBinding(false)} />
          </AntdTheme>
        </Dialog>
      )}
    </>
  );
}
