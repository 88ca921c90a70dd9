import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../../domain/contracts/devices.ts';
import { Icon } from '../../components/icon.tsx';
import type { IconName } from '../../components/icon.table.ts';
import { useWindow } from '../../window-state.tsx';
import { isBuiltInPort, levelOf, wordOf } from './devices.ts';

/** What can be chosen: a device of the host by its id, or one of the window's own. */
export type Chosen = string | typeof wedgeId | typeof cameraId;
export const wedgeId = 'window:wedge';
export const cameraId = 'window:camera';

interface DeviceListProps {
  readonly devices: readonly Device[];
  readonly chosen: Chosen;
  readonly choose: (id: Chosen) => void;
}

/** Everything that can bring a code in, set-up devices first. */
export function DeviceRows({ devices, chosen, choose }: DeviceListProps): ReactNode {
  const { t } = useTranslation();
  const { camera, wedgeTraces } = useWindow();
  const isCameraOn = camera === 'on';
  const used = devices.filter(({ use }) => use !== 'unused');
  const builtIn = devices.filter(isBuiltInPort);
  const unused = devices.filter((device) => device.use === 'unused' && !builtIn.includes(device));
  const row = (device: Device): ReactNode => {
    const word = wordOf(device);
    return (
      <DeviceRow
        key={device.id}
        icon="scan"
        name={device.use === 'unused' ? (device.product ?? t(isBuiltInPort(device) ? 'devices.builtInPort' : 'devices.unusedPort')) : device.name}
        line={`${t(`devices.kinds.${device.connection}`)} · ${device.path ?? [device.vendor, device.product].filter(Boolean).join(' ')}`}
        word={t(`devices.state.${word}`)}
        level={levelOf(word)}
        state={word}
        isChosen={chosen === device.id}
        choose={() => choose(device.id)}
      />
    );
  };
  const proved = wedgeTraces.length > 0;
  return (
    <ul className="device-rows">
      {used.map(row)}
      <DeviceRow
        icon="keyboard"
        name={t('devices.wedgeName')}
        line={t('devices.kinds.wedge')}
        word={t(`devices.state.${proved ? 'proved' : 'waiting'}`)}
        level={proved ? 'verified' : 'plain'}
        state={proved ? 'proved' : 'waiting'}
        isChosen={chosen === wedgeId}
        choose={() => choose(wedgeId)}
      />
      <DeviceRow
        icon="camera"
        name={t('devices.cameraName')}
        line={t('devices.kinds.camera')}
        word={isCameraOn ? t('devices.state.ready') : t('devices.state.closed')}
        level={isCameraOn ? 'verified' : 'plain'}
        state={isCameraOn ? 'ready' : 'closed'}
        isChosen={chosen === cameraId}
        choose={() => choose(cameraId)}
      />
      {unused.map(row)}
      {builtIn.length > 0 && (
        <li>
          <details className="device-more" open={builtIn.some(({ id }) => id === chosen)} data-testid="built-in-ports">
            <summary>{t('devices.builtInPorts', { count: builtIn.length })}</summary>
            <ul>{builtIn.map(row)}</ul>
          </details>
        </li>
      )}
    </ul>
  );
}

interface DeviceRowProps {
  readonly icon: IconName;
  readonly name: string;
  readonly line: string;
  readonly word: string;
  readonly level: ReturnType<typeof levelOf>;
  readonly state: string;
  readonly isChosen: boolean;
  readonly choose: () => void;
}

function DeviceRow({ icon, name, line, word, level, state, isChosen, choose }: DeviceRowProps): ReactNode {
  return (
    <li>
      <button type="button" className="device-row" aria-pressed={isChosen} data-testid="device" data-state={state} onClick={choose}>
        <Icon name={icon} size={24} />
        <span>
          <strong>{name}</strong>
          <small>{line}</small>
        </span>
        <span className={level === 'plain' ? 'pill' : `pill pill-${level}`}>{word}</span>
      </button>
    </li>
  );
}
