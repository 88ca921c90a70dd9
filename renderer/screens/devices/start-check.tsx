import { Button } from 'antd';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../components/icon.tsx';
import type { IconName } from '../../components/icon.table.ts';
import { useCounter, useCounterTools } from '../../counter/counter-context.tsx';
import type { CounterStore } from '../../counter/counter-store.ts';
import { printClock } from '../../i18n/durations.ts';
import { printContent } from '../../documents/printing.ts';
import { useWindow } from '../../window-state.tsx';
import { listStartChecks, type Probes, type StartCheck } from './start-checks.ts';

const icons = { good: 'check', warn: 'warning', bad: 'cross', unknown: 'question' } as const satisfies Record<StartCheck['level'], IconName>;
const pills = { good: 'pill-verified', warn: 'pill-caution', bad: 'pill-refused', unknown: '' } as const satisfies Record<StartCheck['level'], string>;

/** Whether the day can begin: one list, all green or the cause and who acts. */
export function StartOfDay({ go }: { readonly go: (part: 'connected' | 'selfTest') => void }): ReactNode {
  const { t } = useTranslation();
  const { now } = useCounterTools();
  const status = useCounter((state) => state.status);
  const { wedgeTraces } = useWindow();
  const { probes, checkedAt, check } = useProbes();
  if (status === null || probes === null) return <p className="empty">{t('devices.check.checking')}</p>;
  const checks = listStartChecks(status, { ...probes, wedgeProved: wedgeTraces.length > 0 }, now(), t);
  const [bad, warned] = (['bad', 'warn'] as const).map((wanted) => checks.filter(({ level }) => level === wanted).length) as [number, number];
  return (
    <section className="card page-card" data-testid="start-check" data-bad={bad}>
      <header className="card-head">
        <h2>{t('devices.check.title')}</h2>
        <strong className={bad === 0 ? 'text-verified' : 'text-refused'} role="status">
          {bad > 0 ? t('devices.check.bad', { count: bad }) : warned > 0 ? t('devices.check.canBegin', { count: warned }) : t('devices.check.allGood')}
        </strong>
        <span className="buttons">
          {checkedAt !== null && <span className="muted">{t('devices.check.at', { time: printClock(checkedAt) })}</span>}
          <Button onClick={check}>{t('devices.check.again')}</Button>
        </span>
      </header>
      <ul className="start-checks">
        {checks.map((line) => (
          <CheckLine key={line.id} line={line} go={go} />
        ))}
      </ul>
    </section>
  );
}

function CheckLine({ line: { id, level, text, go: target }, go }: { readonly line: StartCheck; readonly go: (part: 'connected' | 'selfTest') => void }): ReactNode {
  const { t } = useTranslation();
  const { go: goScreen } = useWindow();
  return (
    <li data-testid={`start-${id}`} data-level={level}>
      <span className={`start-icon start-${level}`}>
        <Icon name={icons[level]} size={18} stroke={2} />
      </span>
      <strong>{t(`devices.check.name.${id}`)}</strong>
      <span>{text}</span>
      {id === 'printer' && <PrinterTest />}
      {target !== null && level !== 'good' && (
        <Button size="small" onClick={() => (target === 'audit' ? goScreen('audit') : go(target === 'selfTest' ? 'selfTest' : 'connected'))}>
          {t(`devices.check.go.${target}`)}
        </Button>
      )}
      <span className={`pill ${pills[level]}`}>{t(`devices.check.level.${level}`)}</span>
    </li>
  );
}

function PrinterTest(): ReactNode {
  const { t } = useTranslation();
  const [isPrinted, setPrinted] = useState(false);
  const print = (): void => {
    const page = document.createElement('p');
    page.textContent = `${t('app.name')} · ${t('devices.check.printer.print')} · ${new Date().toLocaleString()} · 0123456789 ABCDEFG 核验 授权 证照 告知`;
    printContent(page);
    setPrinted(true);
  };
  return (
    <Button size="small" onClick={print}>
      {t(isPrinted ? 'devices.check.printer.printed' : 'devices.check.printer.print')}
    </Button>
  );
}

type WindowProbes = Omit<Probes, 'wedgeProved'>;

function useProbes(): { readonly probes: WindowProbes | null; readonly checkedAt: number | null; readonly check: () => void } {
  const { store, now } = useCounterTools();
  const [probes, setProbes] = useState<WindowProbes | null>(null);
  const [checkedAt, setCheckedAt] = useState<number | null>(null);
  const check = useCallback(() => {
    void probe(store).then((found) => {
      setProbes(found);
      setCheckedAt(now());
    });
  }, [store, now]);
  useEffect(check, [check]);
  return { probes, checkedAt, check };
}

async function probe(store: CounterStore): Promise<WindowProbes> {
  const [machine, media, permission] = await Promise.all([
    store.call((client) => client.device.machine()),
    navigator.mediaDevices?.enumerateDevices() ?? [],
    navigator.permissions.query({ name: 'camera' as PermissionName }).catch(() => null),
  ]);
  return {
    cameras: media.filter(({ kind }) => kind === 'videoinput').length,
    cameraPermission: permission?.state ?? 'prompt',
    diskFreeBytes: machine.ok ? machine.value.diskFreeBytes : null,
  };
}
