import { Button, Segmented } from 'antd';
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SelfTestEvent } from '../../../domain/contracts/devices.ts';
import type { FailureCode } from '../../../domain/failure.ts';
import { type ScannerTestId, scannerTestIds, scannerTestText } from '../../../domain/scanner-test.ts';
import { followStream } from '../../connection/follow.ts';
import { useClock, useCounter, useCounterTools } from '../../counter/counter-context.tsx';
import { printContent } from '../../documents/printing.ts';
import { printDevice } from '../../i18n/device-name.ts';
import { printDuration } from '../../i18n/durations.ts';
import { useWindow } from '../../window-state.tsx';
import { judgeKeys, type KeyTrace, type KeyVerdict } from './key-trace.ts';
import { PacePicture } from './pace-picture.tsx';
import { makeTestSheet } from './test-sheet.ts';
import { TestFindings } from './test-findings.tsx';
import { type SymbolKind, symbolKinds, TestSymbol } from './test-symbol.tsx';

type Heard = Extract<SelfTestEvent, { type: 'scan' | 'refused' }>;
type Outcomes = Readonly<Partial<Record<ScannerTestId, 'good' | 'altered'>>>;

/** Proves a scanner end to end: the screen shows a symbol, the scanner reads it, the host compares. */
export function SelfTest({ device }: { readonly device: string | null }): ReactNode {
  const [test, setTest] = useState<ScannerTestId>('code-characters');
  const [kind, setKind] = useState<SymbolKind>('qr');
  const [outcomes, setOutcomes] = useState<Outcomes>({});
  const run = useSelfTest(test, device, (outcome) => setOutcomes((before) => ({ ...before, [test]: outcome })));
  const next = scannerTestIds[scannerTestIds.indexOf(test) + 1];
  return (
    <div className="self-test" data-testid="self-test" data-running={run.endsAt !== null} data-outcome={run.heard?.type === 'scan' ? run.heard.result.outcome : (run.heard?.type ?? '')}>
      <TestSymbolCard test={test} setTest={setTest} kind={kind} setKind={setKind} outcomes={outcomes} isRunning={run.endsAt !== null} />
      <TestResultCard run={run} next={next === undefined ? null : () => setTest(next)} />
    </div>
  );
}

interface SymbolCardProps {
  readonly test: ScannerTestId;
  readonly setTest: (test: ScannerTestId) => void;
  readonly kind: SymbolKind;
  readonly setKind: (kind: SymbolKind) => void;
  readonly outcomes: Outcomes;
  readonly isRunning: boolean;
}

function TestSymbolCard({ test, setTest, kind, setKind, outcomes, isRunning }: SymbolCardProps): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="card">
      <header className="card-head">
        <h2>{t(`devices.test.tests.${test}`)}</h2>
        <Segmented size="small" value={kind} onChange={setKind} options={symbolKinds.map((value) => ({ value, label: t(`devices.test.symbols.${value}`) }))} />
      </header>
      <div className="card-text">
        <div className="test-choices" role="group" aria-label={t('devices.test.title')}>
          {scannerTestIds.map((id) => (
            <button key={id} type="button" className="test-choice" aria-pressed={id === test} data-testid={`test-${id}`} data-outcome={outcomes[id] ?? 'none'} onClick={() => setTest(id)}>
              <strong>{t(`devices.test.tests.${id}`)}</strong>
              <span className={{ none: 'muted', good: 'text-verified', altered: 'text-refused' }[outcomes[id] ?? 'none']}>{t(`devices.test.state.${outcomes[id] ?? 'none'}`)}</span>
            </button>
          ))}
        </div>
        <div className={isRunning ? 'test-stage' : 'test-stage test-stage-idle'}>
          <TestSymbol text={scannerTestText(test)} kind={kind} label={t(`devices.test.tests.${test}`)} />
        </div>
        <div className="test-paper">
          <p className="muted">{t(`devices.test.why.${test}`)}</p>
          <PrintSheet />
        </div>
      </div>
    </section>
  );
}

/** All symbols on paper, for a scanner that reads no screens. */
function PrintSheet(): ReactNode {
  const { t } = useTranslation();
  const [isPrinted, setPrinted] = useState(false);
  const print = (): void => {
    const tests = scannerTestIds.map((id) => ({ name: t(`devices.test.tests.${id}`), why: t(`devices.test.why.${id}`), text: scannerTestText(id) }));
    printContent(makeTestSheet({ title: t('devices.test.sheet'), note: t('devices.test.sheetNote'), tests, kinds: { qr: t('devices.test.symbols.qr'), hanXin: t('devices.test.symbols.hanXin') } }));
    setPrinted(true);
  };
  return (
    <Button size="small" onClick={print} data-testid="test-print">
      {t(isPrinted ? 'devices.test.printed' : 'devices.test.print')}
    </Button>
  );
}

interface Run {
  readonly endsAt: number | null;
  readonly heard: Heard | null;
  readonly problem: string | null;
  readonly keys: { readonly verdict: KeyVerdict; readonly times: readonly number[] } | null;
  readonly start: () => void;
  readonly stop: () => void;
}

function TestResultCard({ run, next }: { readonly run: Run; readonly next: (() => void) | null }): ReactNode {
  const { t } = useTranslation();
  const gapMs = useCounter((state) => state.session?.wedge.gapMs ?? 30);
  const isRunning = run.endsAt !== null;
  const isGood = run.heard?.type === 'scan' && run.heard.result.outcome === 'good';
  return (
    <section className="card">
      <header className="card-head">
        <h2>{t('devices.test.title')}</h2>
        <span className="buttons">
          {isRunning && isGood && next !== null && (
            <Button onClick={next} data-testid="self-test-next">
              {t('devices.test.next')}
            </Button>
          )}
          <Button type={isRunning ? 'default' : 'primary'} onClick={isRunning ? run.stop : run.start} data-testid="self-test-toggle">
            {t(isRunning ? 'devices.test.stop' : 'devices.test.start')}
          </Button>
        </span>
      </header>
      <div className="card-text" aria-live="polite">
        <p>{t('devices.test.intro')}</p>
        {run.problem !== null && <p className="note note-refused">{run.problem}</p>}
        {isRunning && run.heard === null && (
          <p className="note">
            <strong>{t('devices.test.waiting')}</strong> <TimeLeft endsAt={run.endsAt} />
          </p>
        )}
        {run.heard !== null && <HeardNote heard={run.heard} />}
        {run.keys !== null && <KeysNote keys={run.keys.verdict} gapMs={gapMs} />}
        {run.keys !== null && <PacePicture traces={[run.keys]} gapMs={gapMs} />}
      </div>
    </section>
  );
}

function TimeLeft({ endsAt }: { readonly endsAt: number | null }): ReactNode {
  const { t } = useTranslation();
  const now = useClock(1000);
  return <span className="muted">{t('devices.test.left', { time: printDuration(Math.max(0, (endsAt ?? now) - now), t) })}</span>;
}

function HeardNote({ heard }: { readonly heard: Heard }): ReactNode {
  const { t } = useTranslation();
  const device = printDevice(heard.device, t);
  if (heard.type === 'refused') return <p className="note note-refused">{t('devices.test.refused', { device, why: t(`failure.${heard.code}`) })}</p>;
  const { outcome, expected, matched } = heard.result;
  const look = { good: 'note note-verified', altered: 'note note-refused', other: 'note note-caution' }[outcome];
  return (
    <>
      <p className={look} data-testid="self-test-outcome">
        <strong>{t(`devices.test.${outcome}`, { device, count: matched, expected, matched })}</strong>
      </p>
      <TestFindings result={heard.result} />
    </>
  );
}

function KeysNote({ keys, gapMs }: { readonly keys: KeyVerdict; readonly gapMs: number }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={keys.kind === 'good' ? 'note note-verified' : 'note note-caution'} data-testid="self-test-keys" data-kind={keys.kind}>
      <p>{t(`devices.test.keys.${keys.kind}`, { count: keys.characters, median: Math.round(keys.medianMs), max: Math.round(keys.largestMs), gap: gapMs })}</p>
      {keys.capsLock && <p>{t('devices.test.keys.capsLock')}</p>}
    </div>
  );
}

function useSelfTest(test: ScannerTestId, device: string | null, onOutcome: (outcome: 'good' | 'altered') => void): Run {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const [isRunning, setRunning] = useState(false);
  const [endsAt, setEndsAt] = useState<number | null>(null);
  const [heard, setHeard] = useState<Heard | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [keys, setKeys] = useState<Run['keys']>(null);
  const take = useEffectEvent((event: SelfTestEvent): void => {
    if (event.type === 'started') {
      setHeard(null);
      setKeys(null);
      setProblem(null);
      return setEndsAt(event.endsAt);
    }
    if (event.type === 'ended') return setRunning(false);
    if (event.type === 'scan' && event.result.outcome !== 'other') onOutcome(event.result.outcome);
    return setHeard(event);
  });
  const end = useEffectEvent((failure: FailureCode | null) => {
    setRunning(false);
    if (failure !== null) setProblem(t(`failure.${failure}`));
  });
  useEffect(() => {
    if (!isRunning) return undefined;
    const stop = followStream(store, (client) => client.device.selfTest({ symbol: test, ...(device === null ? {} : { device }) }), {
      onItem: (event) => take(event),
      onEnd: (failure) => end(failure),
    });
    return () => {
      stop();
      setEndsAt(null);
    };
  }, [isRunning, store, test, device]);
  useKeyTrace(isRunning, { onTrace: setKeys, onEscape: () => setRunning(false) });
  return { endsAt: isRunning ? endsAt : null, heard, problem, keys, start: () => setRunning(true), stop: () => setRunning(false) };
}

/** After this silence a run of keys is judged, however slow it was, ms. */
const runEndMs = 400;

function useKeyTrace(isRunning: boolean, { onTrace, onEscape }: { readonly onTrace: (keys: Run['keys']) => void; readonly onEscape: () => void }): void {
  const { setKeyTap } = useWindow();
  const gapMs = useCounter((state) => state.session?.wedge.gapMs ?? 30);
  const tell = useEffectEvent((trace: readonly KeyTrace[]) => {
    const times = trace.filter(({ code }) => !/^(?:Shift|Control|Alt|Meta|CapsLock)/.test(code)).map(({ timeStamp }) => timeStamp);
    onTrace({ verdict: judgeKeys(trace, gapMs), times });
  });
  const escape = useEffectEvent(() => onEscape());
  useEffect(() => {
    if (!isRunning) return undefined;
    let trace: KeyTrace[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    setKeyTap((event) => {
      // Esc by itself is a person's: the gate lets it act again once it is sure of that.
      if (event.key === 'Escape' && !event.isTrusted) return escape();
      if (!event.isTrusted || event.key === 'Tab' || event.key === 'Escape') return undefined;
      trace.push({ code: event.code, key: event.key, timeStamp: event.timeStamp, capsLock: event.getModifierState('CapsLock') });
      clearTimeout(timer);
      timer = setTimeout(() => {
        tell(trace);
        trace = [];
      }, runEndMs);
      return undefined;
    });
    return () => {
      clearTimeout(timer);
      setKeyTap(null);
    };
  }, [isRunning, setKeyTap]);
}
