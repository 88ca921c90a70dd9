import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCounter, useCounterTools } from '../counter/counter-context.tsx';
import { shownVerdict } from '../counter/counter-state.ts';
import { type PaperKind, printContent } from '../documents/printing.ts';
import { useWindow } from '../window-state.tsx';
import { Dialog } from './dialog.tsx';
import { NoticeText } from './notice-text.tsx';

const papers: readonly PaperKind[] = ['a4', 'mm80', 'mm58'];

/** Tells the holder what was read: turned to them on the screen, or on paper. */
export function NoticeOverlay(): ReactNode {
  const { t } = useTranslation();
  const { close } = useWindow();
  const { store } = useCounterTools();
  const verdict = useCounter(shownVerdict);
  const sheet = useRef<HTMLDivElement>(null);
  const [paper, setPaper] = useState<PaperKind>('a4');
  if (verdict === null)
    return (
      <Dialog title={t('notice.title')} onClose={close} size="small" testId="notice">
        <p>{t('notice.needVerdict')}</p>
      </Dialog>
    );
  const tell = async (how: 'screen' | 'print'): Promise<void> => {
    const outcome = await store.call((client) => client.verdict.notified({ scanId: verdict.scanId, how }));
    if (outcome.ok) store.dispatch({ type: 'notified', scanId: verdict.scanId, how, auditSeq: outcome.value.auditSeq });
    else store.dispatch({ type: 'problem', code: outcome.code });
    void store.refreshHistory();
    if (outcome.ok && how === 'print' && sheet.current !== null) printContent(sheet.current.cloneNode(true) as HTMLElement, paper);
    close();
  };
  return (
    <Dialog title={t('notice.title')} onClose={close} size="medium" testId="notice">
      <div className="notice-sheet" ref={sheet}>
        <h1 className="only-paper">{t('notice.title')}</h1>
        <NoticeText verdict={verdict} />
      </div>
      <div className="dialog-buttons">
        <select className="field paper-choice" aria-label={t('notice.paper')} value={paper} onChange={(event) => setPaper(papers.find((kind) => kind === event.target.value) ?? 'a4')} data-testid="notice-paper">
          {papers.map((kind) => (
            <option key={kind} value={kind}>
              {t(`notice.papers.${kind}`)}
            </option>
          ))}
        </select>
        <button type="button" className="button" onClick={() => void tell('print')} data-testid="notice-print">
          {t('notice.print')}
        </button>
        <button type="button" className="button primary" data-first-focus onClick={() => void tell('screen')} data-testid="notice-screen">
          {t('notice.show')}
        </button>
      </div>
    </Dialog>
  );
}
