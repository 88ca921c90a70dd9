import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FailureCode } from '../../../domain/failure.ts';
import { useCommands } from '../../commands.tsx';
import { Icon, Kbd } from '../../components/icon.tsx';
import { printDevice } from '../../i18n/device-name.ts';
import { RefusalDrawing } from './refusal-drawing.tsx';

/** Something was sent that never became a code: not a verdict, and said so. */
export function UnreadableScan({ code, device }: { readonly code: FailureCode; readonly device: string }): ReactNode {
  const { t } = useTranslation();
  const { run } = useCommands();
  return (
    <div className="verdict-page">
      <section className="band band-unknown" role="alert" data-testid="unreadable" data-code={code}>
        <span className="band-icon">
          <Icon name="broken-code" size={68} stroke={1.6} />
        </span>
        <strong className="band-word">{t('verdict.unreadableWord')}</strong>
        <div className="band-lines">
          <p className="band-line">{t('verdict.device', { device: printDevice(device, t) })}</p>
        </div>
      </section>
      <section className="card refusal">
        <h1>{t('verdict.unreadableAction')}</h1>
        <p className="refusal-how">{t(`failure.${code}`)}</p>
        <div className="refusal-body">
          <RefusalDrawing state="malformed" />
          <div className="refusal-buttons">
            <button type="button" className="button primary large" onClick={() => run('escape')}>
              {t('verdict.dismiss')} <Kbd>Esc</Kbd>
            </button>
          </div>
        </div>
      </section>
    </div>
  );
}
