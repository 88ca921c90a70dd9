import { Button } from 'antd';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { printContent } from '../../documents/printing.ts';

/** A recovery code, to be printed and sealed: seen here once and kept nowhere. */
export function RecoveryCodeSlip({ code, onDone }: { readonly code: string; readonly onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const paper = useRef<HTMLDivElement>(null);
  const print = (): void => {
    if (paper.current !== null) printContent(paper.current.cloneNode(true) as HTMLElement);
  };
  return (
    <section className="note note-caution recovery-code" data-testid="recovery-code">
      <div ref={paper} className="recovery-paper">
        <h2>{t('access.recovery.title')}</h2>
        <p className="code" data-testid="recovery-code-text">
          {code}
        </p>
        <p>{t('access.recovery.use')}</p>
        <p>{t('access.recovery.keep')}</p>
      </div>
      <div className="acts">
        <Button type="primary" onClick={print} data-testid="recovery-print">
          {t('access.recovery.print')}
        </Button>
        <Button onClick={onDone} data-testid="recovery-done">
          {t('access.recovery.done')}
        </Button>
      </div>
    </section>
  );
}
