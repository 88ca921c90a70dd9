import { Button } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCounter } from '../../counter/counter-context.tsx';
import { useWindow } from '../../window-state.tsx';
import { judgeKeys, type KeyTrace, type TestResult } from './key-trace.ts';

/** Proves a keyboard scanner: what it types is measured, not verified. */
export function SelfTest(): ReactNode {
  const { t } = useTranslation();
  const gapMs = useCounter((state) => state.session?.wedge.gapMs ?? 30);
  const [running, setRunning] = useState(false);
  const [result, setResult] = useState<TestResult | null>(null);
  useKeyTrace(running, gapMs, setResult);
  const toggle = (): void => {
    setResult(null);
    setRunning(!running);
  };
  return (
    <section className="card" data-testid="self-test" data-result={result?.kind ?? ''}>
      <header className="card-head">
        <h2>{t('devices.selfTest')}</h2>
        <Button type={running ? 'default' : 'primary'} onClick={toggle} data-testid="self-test-toggle">
          {t(running ? 'devices.selfTestStop' : 'devices.selfTestStart')}
        </Button>
      </header>
      <div className="card-text" aria-live="polite">
        <p>{running && result === null ? t('devices.selfTestWaiting') : t('devices.selfTestWhy', { gap: gapMs })}</p>
        {result !== null && <ResultNote result={result} gapMs={gapMs} />}
      </div>
    </section>
  );
}

/** Takes the keys of the window while the test runs; `onResult` is told about each run of keys. */
function useKeyTrace(running: boolean, gapMs: number, onResult: (result: TestResult) => void): void {
  const { setScanTap } = useWindow();
  useEffect(() => {
    if (!running) return undefined;
    let trace: KeyTrace[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    setScanTap((event) => {
      // Esc and Tab still lead out of the test for whoever has no mouse.
      if (event.key === 'Escape' || (event.key === 'Tab' && trace.length === 0)) return;
      event.preventDefault();
      event.stopPropagation();
      trace.push({ code: event.code, key: event.key, timeStamp: event.timeStamp, capsLock: event.getModifierState('CapsLock') });
      clearTimeout(timer);
      timer = setTimeout(() => {
        onResult(judgeKeys(trace, gapMs));
        trace = [];
      }, 400);
    });
    return () => {
      clearTimeout(timer);
      setScanTap(null);
    };
  }, [running, gapMs, setScanTap, onResult]);
}

function ResultNote({ result, gapMs }: { readonly result: TestResult; readonly gapMs: number }): ReactNode {
  const { t } = useTranslation();
  const texts = {
    good: () => t('devices.selfTestGood', { count: result.characters, median: Math.round(result.medianMs), max: Math.round(result.largestMs) }),
    slow: () => t('devices.selfTestSlow', { median: Math.round(result.medianMs), gap: gapMs }),
    'input-method': () => t('devices.selfTestIme'),
    'no-suffix': () => t('devices.selfTestNoSuffix'),
    typed: () => t('devices.selfTestTyped'),
  };
  return (
    <div className={result.kind === 'good' ? 'note note-verified' : 'note note-caution'}>
      <p>
        <strong>{texts[result.kind]()}</strong>
      </p>
      {result.capsLock && <p>{t('devices.selfTestCaps')}</p>}
    </div>
  );
}
