import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../components/icon.tsx';
import { VerdictBand } from '../../components/verdict-band.tsx';
import { useClock, useCounter } from '../../counter/counter-context.tsx';
import type { ScanView } from '../../counter/counter-state.ts';
import { printDevice } from '../../i18n/device-name.ts';
import { Refusal } from './refusal.tsx';
import { UnreadableScan } from './unreadable-scan.tsx';
import { stateLooks } from './verdict-look.ts';
import { WaitingScreen } from './waiting-screen.tsx';

const GrantedData = lazy(() => import('./granted-data.tsx').then((module) => ({ default: module.GrantedData })));

/** No spinner before this; then what is being waited for, in words. */
const slowAfterMs = 300;

/** The screen of the main job: waiting, reading, or one whole verdict. */
export function VerifyScreen(): ReactNode {
  const scan = useCounter((state) => state.scan);
  const before = useCounter((state) => state.before);
  const slow = useSlow(scan);
  return <View view={scan.phase === 'reading' && !slow ? before : scan} />;
}

function View({ view }: { readonly view: ScanView }): ReactNode {
  switch (view.phase) {
    case 'waiting':
      return <WaitingScreen />;
    case 'reading':
      return <Reading device={view.device} sinceAt={view.sinceAt} />;
    case 'unreadable':
      return <UnreadableScan code={view.code} device={view.device} />;
    case 'verdict':
      return (
        <div className="verdict-page" key={view.verdict.scanId}>
          <VerdictBand verdict={view.verdict} />
          {stateLooks[view.verdict.state].showsData ? (
            <Suspense fallback={<div className="split" />}>
              <GrantedData verdict={view.verdict} />
            </Suspense>
          ) : (
            <Refusal verdict={view.verdict} />
          )}
        </div>
      );
  }
}

function useSlow(scan: ScanView): boolean {
  const reading = scan.phase === 'reading' ? scan.scanId : null;
  const [slow, setSlow] = useState<string | null>(null);
  useEffect(() => {
    if (reading === null) return undefined;
    const timer = setTimeout(() => setSlow(reading), slowAfterMs);
    return () => clearTimeout(timer);
  }, [reading]);
  return reading !== null && slow === reading;
}

function Reading({ device, sinceAt }: { readonly device: string; readonly sinceAt: number }): ReactNode {
  const { t } = useTranslation();
  const now = useClock(250);
  return (
    <section className="card reading" role="status" data-testid="reading">
      <span className="reading-icon">
        <Icon name="sync" size={56} stroke={1.4} />
      </span>
      <h1>{t('reading.title')}</h1>
      <p>{t('reading.hint', { device: printDevice(device, t) })}</p>
      <div className="progress" aria-hidden="true">
        <span />
      </div>
      <p className="muted">{t('reading.elapsed', { seconds: Math.max(0, Math.round((now - sinceAt) / 1000)) })}</p>
    </section>
  );
}
