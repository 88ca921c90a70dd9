import { Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AntdTheme } from '../../components/antd-theme.tsx';
import { CameraPanel } from './camera-panel.tsx';
import { DeviceDetail } from './device-detail.tsx';
import { cameraId, type Chosen, DeviceRows, wedgeId } from './device-list.tsx';
import { useDevices } from './devices.ts';
import { SelfTest } from './self-test.tsx';
import { SettingsTransfer } from './settings-transfer.tsx';
import { SiteKinds } from './site-kinds.tsx';
import { StartOfDay } from './start-check.tsx';
import { WedgePanel } from './wedge-panel.tsx';

const parts = ['connected', 'selfTest', 'startCheck', 'ownKinds'] as const;
type Part = (typeof parts)[number];

/** Everything that reads codes, its state and settings, the proof that it works, and whether the day can begin. */
export function DevicesScreen(): ReactNode {
  const { t } = useTranslation();
  const [part, setPart] = useState<Part>('connected');
  const [tested, setTested] = useState<string | null>(null);
  const test = (device: string | null): void => {
    setTested(device);
    setPart('selfTest');
  };
  return (
    <AntdTheme>
      <div className="devices-page" data-testid="devices" data-part={part}>
        <header className="devices-bar">
          <h1 className="for-readers">{t('nav.devices')}</h1>
          <Segmented aria-label={t('devices.parts.label')} value={part} onChange={setPart} options={parts.map((value) => ({ value, label: <span data-testid={`part-${value}`}>{t(`devices.parts.${value}`)}</span> }))} />
          {part === 'connected' && <SettingsTransfer />}
        </header>
        {part === 'connected' && <Connected test={test} />}
        {part === 'selfTest' && <SelfTest device={tested} />}
        {part === 'ownKinds' && <SiteKinds />}
        {part === 'startCheck' && <StartOfDay go={(target) => (target === 'selfTest' ? test(null) : setPart(target))} />}
      </div>
    </AntdTheme>
  );
}

function Connected({ test }: { readonly test: (device: string | null) => void }): ReactNode {
  const { t } = useTranslation();
  const { list, problem } = useDevices();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const devices = list?.devices ?? [];
  const shown = chosen ?? devices[0]?.id ?? wedgeId;
  const device = devices.find(({ id }) => id === shown);
  return (
    <div className="devices-columns">
      <section className="card">
        <header className="card-head">
          <h2>{t('devices.list')}</h2>
        </header>
        {problem !== null && <p className="note note-refused">{t(`failure.${problem}`)}</p>}
        {list?.hidAvailable === false && <p className="note note-caution">{t('devices.hidMissing')}</p>}
        {list === null && problem === null ? <p className="empty">{t('general.loading')}</p> : <DeviceRows devices={devices} chosen={shown} choose={setChosen} />}
      </section>
      {shown === cameraId && <CameraPanel />}
      {device !== undefined && <DeviceDetail key={device.id} device={device} test={test} />}
      {shown !== cameraId && device === undefined && <WedgePanel test={() => test(null)} />}
    </div>
  );
}
