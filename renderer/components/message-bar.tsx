import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCounter, useCounterTools } from '../counter/counter-context.tsx';
import { Icon } from './icon.tsx';
import { MendingMessage } from './mending-message.tsx';
import { PracticeStrip } from './practice-strip.tsx';

/** One line for what concerns every screen: the connection, training, a failed call. */
export function MessageBar({ hasToken }: { readonly hasToken: boolean }): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const connection = useCounter((state) => state.connection);
  const problem = useCounter((state) => state.problem);
  const ime = useCounter((state) => state.ime);
  const training = useCounter((state) => state.session?.mode === 'training');
  const clear = (): void => store.dispatch({ type: 'problem', code: null });
  return (
    <>
      <PracticeStrip />
      {training && <p className="message message-training">{t('training')}</p>}
      <MendingMessage />
      {!hasToken && <Message text={t('connection.noToken')} />}
      {hasToken && connection !== 'open' && <Message text={t(`connection.${connection}`)} state={connection} />}
      {ime && <Message text={t('ime')} state="ime" onClose={clear} />}
      {problem !== null && connection === 'open' && <Message text={t(`failure.${problem}`)} onClose={clear} />}
    </>
  );
}

interface MessageProps {
  readonly text: string;
  readonly state?: string;
  readonly onClose?: () => void;
}

function Message({ text, state = 'problem', onClose }: MessageProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="message" role="alert" data-testid="message" data-state={state}>
      <Icon name={state === 'connecting' ? 'sync' : 'warning'} size={19} />
      <span>{text}</span>
      {onClose !== undefined && (
        <button type="button" className="icon-button" aria-label={t('general.close')} onClick={onClose}>
          <Icon name="close" size={18} />
        </button>
      )}
    </div>
  );
}
