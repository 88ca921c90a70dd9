import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '../../commands.tsx';
import { Kbd } from '../../components/icon.tsx';
import { useCounter } from '../../counter/counter-context.tsx';
import { useWindow } from '../../window-state.tsx';
import { RecentCard } from './recent-card.tsx';
import { TodayCard } from './today-card.tsx';
import { WaitingDrawing } from './waiting-drawing.tsx';

/** Nothing scanned: how to present a code, and how the day went. */
export function WaitingScreen(): ReactNode {
  return (
    <div className="split split-aside">
      <Invitation />
      <div className="column">
        <TodayCard />
        <RecentCard />
      </div>
    </div>
  );
}

function Invitation(): ReactNode {
  const { t } = useTranslation();
  const { run } = useCommands();
  const { open } = useWindow();
  const hasCase = useCounter((state) => state.openCase !== null);
  const noScanner = useCounter((state) => state.status?.scanners.length === 0);
  return (
    <section className="card invitation" data-testid="waiting">
      <WaitingDrawing />
      <h1>{hasCase ? t('waiting.title') : t('waiting.noCaseTitle')}</h1>
      <p>{hasCase ? t(noScanner ? 'waiting.noScanner' : 'waiting.hint') : t('case.chooseWhy')}</p>
      <div className="buttons">
        {!hasCase && (
          <button type="button" className="button primary large" onClick={() => open('matters')}>
            {t('case.choose')} <Kbd>F2</Kbd>
          </button>
        )}
        {hasCase && (
          <>
            <button type="button" className="button" onClick={() => run('camera')} data-testid="open-camera">
              {t('waiting.camera')} <Kbd>C</Kbd>
            </button>
            <button type="button" className="button" onClick={() => run('image')} data-testid="open-image">
              {t('waiting.image')} <Kbd>Ctrl V</Kbd>
            </button>
          </>
        )}
      </div>
    </section>
  );
}
