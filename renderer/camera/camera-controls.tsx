import { type ReactNode, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocalTools, usePreferences } from '../application-providers.tsx';
import { type CameraChoice, hasTorch, listCameras, resolutions, switchTorch, type Resolution } from './camera-track.ts';

/** Which camera, how fine a picture, mirrored or not, and its lamp where it has one; kept for this window. */
export function CameraControls({ track, rate }: { readonly track: MediaStreamTrack | null; readonly rate: number }): ReactNode {
  const { t } = useTranslation();
  const { preferences } = useLocalTools();
  const { camera } = usePreferences();
  const cameras = useCameras(track);
  const change = (part: Partial<CameraChoice>): void => preferences.change({ camera: { ...camera, ...part } });
  const current = track?.getSettings();
  return (
    <div className="camera-controls">
      {cameras.length > 1 && (
        <Choice label={t('camera.device')} testId="camera-device" value={camera.deviceId ?? current?.deviceId ?? ''} onChange={(deviceId) => change({ deviceId })}>
          {cameras.map(({ deviceId, label }, index) => (
            <option key={deviceId} value={deviceId}>
              {label === '' ? t('camera.deviceNumber', { number: index + 1 }) : label}
            </option>
          ))}
        </Choice>
      )}
      <Choice label={t('camera.resolution')} testId="camera-resolution" value={camera.resolution} onChange={(resolution) => change({ resolution: resolution as Resolution })}>
        {Object.entries(resolutions).map(([name, { width, height }]) => (
          <option key={name} value={name}>
            {width} × {height}
          </option>
        ))}
      </Choice>
      <label className="camera-switch">
        <input type="checkbox" checked={camera.isMirrored} onChange={(event) => change({ isMirrored: event.target.checked })} data-testid="camera-mirror" />
        {t('camera.mirror')}
      </label>
      {track !== null && hasTorch(track) && <Torch key={track.id} track={track} />}
      {track !== null && (
        <span className="camera-rate muted" data-testid="camera-rate">
          {t('camera.rate', { width: current?.width ?? 0, height: current?.height ?? 0, rate })}
        </span>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly testId: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly children: ReactNode;
}

function Choice({ label, testId, value, onChange, children }: ChoiceProps): ReactNode {
  const id = useId();
  return (
    <span className="camera-choice">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} data-testid={testId} onChange={(event) => onChange(event.target.value)}>
        {children}
      </select>
    </span>
  );
}

function Torch({ track }: { readonly track: MediaStreamTrack }): ReactNode {
  const { t } = useTranslation();
  const [isOn, setOn] = useState(false);
  const turn = async (on: boolean): Promise<void> => {
    if (await switchTorch(track, on)) setOn(on);
  };
  return (
    <label className="camera-switch">
      <input type="checkbox" checked={isOn} onChange={(event) => void turn(event.target.checked)} data-testid="camera-torch" />
      {t('camera.torch')}
    </label>
  );
}

/** The cameras that are plugged in, followed as they come and go. */
function useCameras(track: MediaStreamTrack | null): Awaited<ReturnType<typeof listCameras>> {
  const [cameras, setCameras] = useState<Awaited<ReturnType<typeof listCameras>>>([]);
  useEffect(() => {
    // Before one is open they have no names, and no choice is offered.
    if (track === null) return undefined;
    const life = { ended: false };
    const look = (): void => void listCameras().then((found) => life.ended || setCameras(found));
    look();
    navigator.mediaDevices?.addEventListener('devicechange', look);
    return () => {
      life.ended = true;
      navigator.mediaDevices?.removeEventListener('devicechange', look);
    };
  }, [track]);
  return cameras;
}
