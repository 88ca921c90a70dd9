import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AntdTheme } from '../../components/antd-theme.tsx';
import { Icon, Kbd } from '../../components/icon.tsx';
import { useCommands } from '../../commands.tsx';
import { useClock, useCounter } from '../../counter/counter-context.tsx';
import { printClock } from '../../i18n/durations.ts';
import { SelfTest } from './self-test.tsx';
import { SerialPorts } from './serial-ports.tsx';

/** Everything that reads codes, its state, and the proof that it works. */
export function DevicesScreen(): ReactNode {
  const { t } = useTranslation();
  const [changes, setChanges] = useState(0);
  return (
    <AntdTheme>
      <div className="page-columns" data-testid="devices">
        <div className="column">
          <section className="card">
            <header className="card-head">
              <h1>{t('devices.scanners')}</h1>
            </header>
            <Scanners />
          </section>
          <SerialPorts key={changes} onChanged={() => setChanges(changes + 1)} />
        </div>
        <div className="column">
          <SelfTest />
          <CameraCard />
          <ClockCard />
        </div>
      </div>
    </AntdTheme>
  );
}

function Scanners(): ReactNode {
  const { t } = useTranslation();
  const scanners = useCounter((state) => state.status?.scanners ?? []);
  if (scanners.length === 0) return <p className="empty-line">{t('devices.none')}</p>;
  const why = { ready: 'scannerReady', connecting: 'scannerConnecting', busy: 'scannerBusy', lost: 'scannerLost', 'not-permitted': 'scannerNotPermitted' } as const;
  return (
    <ul className="device-list">
      {scanners.map((scanner) => (
        <li key={scanner.id} data-testid="scanner" data-state={scanner.state}>
          <Icon name="scan" size={24} />
          <span>
            <strong>{scanner.name}</strong>
            <small>{t(`chip.explain.${why[scanner.state]}`)}</small>
          </span>
          <span className={`pill ${scanner.state === 'ready' ? 'pill-verified' : 'pill-refused'}`}>{t(`chip.scannerState.${scanner.state}`)}</span>
        </li>
      ))}
    </ul>
  );
}

function CameraCard(): ReactNode {
  const { t } = useTranslation();
  const { run } = useCommands();
  return (
    <section className="card">
      <header className="card-head">
        <h2>{t('devices.camera')}</h2>
      </header>
      <div className="card-text">
        <p>{t('devices.cameraNote')}</p>
        <button type="button" className="button" onClick={() => run('camera')}>
          {t('devices.cameraOpen')} <Kbd>C</Kbd>
        </button>
      </div>
    </section>
  );
}

function ClockCard(): ReactNode {
  const { t } = useTranslation();
  const clock = useCounter((state) => state.status?.clock ?? null);
  const now = useClock(1000);
  if (clock === null) return null;
  const words = { synchronised: 'devices.clockSynchronised', unproven: 'devices.clockUnproven', wrong: 'devices.clockWrong' } as const;
  return (
    <section className="card">
      <header className="card-head">
        <h2>{t('devices.clock')}</h2>
        <span className={clock.state === 'synchronised' ? 'text-verified' : 'text-caution'}>{t(words[clock.state])}</span>
      </header>
      <div className="card-text clock-text">
        <strong>{printClock(now)}</strong>
        <p>
          {t('devices.clockOffset', { offset: Math.round(clock.offsetMs), uncertainty: Math.round(clock.uncertaintyMs) })}
          {clock.checkedAt !== null && ` · ${t('devices.checkedAt', { time: printClock(clock.checkedAt) })}`}
        </p>
      </div>
    </section>
  );
}
