import { Button } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../application-providers.tsx';
import { startCamera } from '../../camera/camera-session.ts';
import type { CameraTrouble } from '../../camera/camera-track.ts';
import { useCommands } from '../../commands.tsx';
import { Icon, Kbd } from '../../components/icon.tsx';
import { useWindow } from '../../window-state.tsx';

/** What the camera gives, counted over a second. */
interface Rates {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly reads: number;
}

/** The camera's picture with its rates; nothing it sees here is handed on. */
export function CameraPanel(): ReactNode {
  const { t } = useTranslation();
  const { run } = useCommands();
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="card device-detail" data-testid="camera-detail">
      <header className="card-head">
        <h2>{t('devices.cameraName')}</h2>
        <span className="buttons">
          <Button type={isOpen ? 'default' : 'primary'} onClick={() => setOpen(!isOpen)} data-testid="camera-preview-toggle">
            {t(isOpen ? 'devices.camera.stop' : 'devices.camera.preview')}
          </Button>
          <Button
            onClick={() => {
              setOpen(false);
              run('camera');
            }}
          >
            {t('devices.camera.use')} <Kbd>C</Kbd>
          </Button>
        </span>
      </header>
      <div className="device-body">
        <p className="muted">{t('devices.camera.note')}</p>
        {isOpen && <Preview />}
      </div>
    </section>
  );
}

function Preview(): ReactNode {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const { rates, trouble } = useRates(video);
  return (
    <>
      <div className="camera-preview" data-testid="camera-preview" data-frames={rates?.frames ?? 0}>
        <video ref={video} autoPlay muted playsInline />
        {trouble !== null && (
          <div className="viewfinder-trouble" role="alert" data-testid="camera-trouble" data-trouble={trouble}>
            <Icon name="camera" size={44} stroke={1.4} />
            <p>{t(`camera.trouble.${trouble}`)}</p>
          </div>
        )}
      </div>
      {trouble === null && (
        <p role="status">
          <strong>{rates === null ? t('devices.camera.measuring') : t('devices.camera.rates', { ...rates })}</strong> {rates !== null && <span className="muted">{t(rates.reads > 0 ? 'devices.camera.hasCode' : 'devices.camera.noCode')}</span>}
        </p>
      )}
    </>
  );
}

const countedMs = 1000;

function useRates(video: { readonly current: HTMLVideoElement | null }): { readonly rates: Rates | null; readonly trouble: CameraTrouble | null } {
  const { setCamera } = useWindow();
  const { camera } = usePreferences();
  const [rates, setRates] = useState<Rates | null>(null);
  const [trouble, setTrouble] = useState<CameraTrouble | null>(null);
  useEffect(() => {
    const element = video.current;
    if (element === null) return undefined;
    let counted = { frames: 0, reads: 0, width: 0, height: 0 };
    setCamera('starting');
    const session = startCamera(element, camera, {
      onStream: (stream) => {
        element.srcObject = stream;
        setCamera('on');
      },
      onTrouble: (word) => {
        setCamera('trouble');
        setTrouble(word);
      },
      onRestart: () => undefined,
      onFrame: ({ width, height, codes }) => {
        counted = { width, height, frames: counted.frames + 1, reads: counted.reads + (codes.length > 0 ? 1 : 0) };
      },
    });
    const timer = setInterval(() => {
      if (counted.frames > 0) setRates(counted);
      counted = { ...counted, frames: 0, reads: 0 };
    }, countedMs);
    return () => {
      clearInterval(timer);
      session.stop();
      element.srcObject = null;
      setCamera('off');
    };
  }, [video, setCamera, camera]);
  return { rates, trouble };
}
