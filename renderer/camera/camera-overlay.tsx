import type { TFunction } from 'i18next';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icon.tsx';
import { usePreferences } from '../application-providers.tsx';
import { useWindow } from '../window-state.tsx';
import { CameraControls } from './camera-controls.tsx';
import { type CameraView, useCamera } from './camera-view.ts';
import type { FrameAnswer } from './decoder-messages.ts';
import { printCorners } from './outline.ts';

/** The camera over the window: aims, outlines what it sees, and hands on one code. */
export function CameraOverlay(): ReactNode {
  const { t } = useTranslation();
  const { close } = useWindow();
  const [attempt, setAttempt] = useState(0);
  const hidden = useHidden();
  return (
    <Dialog title={t('camera.title')} onClose={close} size="medium" testId="camera">
      {hidden ? <Paused /> : <Viewfinder key={attempt} again={() => setAttempt(attempt + 1)} />}
    </Dialog>
  );
}

function Paused(): ReactNode {
  const { t } = useTranslation();
  const { setCamera } = useWindow();
  useEffect(() => {
    setCamera('paused');
    return () => setCamera('off');
  }, [setCamera]);
  return (
    <div className="viewfinder">
      <div className="viewfinder-trouble" data-testid="camera-paused">
        <Icon name="camera" size={44} stroke={1.4} />
        <p role="status">{t('camera.paused')}</p>
      </div>
    </div>
  );
}

function Viewfinder({ again }: { readonly again: () => void }): ReactNode {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const { camera } = usePreferences();
  const view = useCamera(video, camera);
  return (
    <>
      <div className="viewfinder" data-testid="viewfinder" data-running={view.track !== null}>
        <div className={camera.isMirrored ? 'viewfinder-picture mirrored' : 'viewfinder-picture'}>
          <video ref={video} autoPlay muted playsInline />
          {view.outlined !== null && view.track !== null && <Outlines frame={view.outlined} areSeveral={view.areSeveral} />}
        </div>
        {view.track !== null && <span className="aim" aria-hidden="true" />}
        {view.trouble !== null && (
          <div className="viewfinder-trouble" role="alert" data-testid="camera-trouble" data-trouble={view.trouble}>
            <Icon name="camera" size={44} stroke={1.4} />
            <p>{t(`camera.trouble.${view.trouble}`)}</p>
            <button type="button" className="button" onClick={again}>
              {t('camera.retry')}
            </button>
          </div>
        )}
      </div>
      {view.trouble === null && (
        <p className={isAdvice(view) ? 'viewfinder-line text-caution' : 'viewfinder-line'} role="status" data-testid="camera-words">
          {wordsFor(view, t)}
        </p>
      )}
      <CameraControls track={view.track} rate={view.rate} />
    </>
  );
}

function wordsFor(view: CameraView, t: TFunction): string {
  if (view.found) return t('camera.found');
  if (view.track === null) return t('camera.starting');
  if (view.areSeveral) return t('camera.two');
  if (view.hint !== null) return t(`camera.hint.${view.hint}`);
  return view.restarted ? `${t('camera.restarted')} · ${t('camera.aim')}` : t('camera.aim');
}

function isAdvice(view: CameraView): boolean {
  return !view.found && (view.areSeveral || view.hint !== null);
}

function useHidden(): boolean {
  const [hidden, setHidden] = useState(document.hidden);
  useEffect(() => {
    const look = (): void => setHidden(document.hidden);
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return hidden;
}

function Outlines({ frame, areSeveral }: { readonly frame: FrameAnswer; readonly areSeveral: boolean }): ReactNode {
  return (
    <svg className="outline" viewBox={`0 0 ${frame.width} ${frame.height}`} preserveAspectRatio="xMidYMid slice" aria-hidden="true" data-testid="outline">
      {frame.unread.map((corners) => (
        <polygon key={printCorners(corners)} className="outline-unread" points={printCorners(corners)} />
      ))}
      {frame.codes.map(({ corners }) => (
        <polygon key={printCorners(corners)} className={areSeveral ? 'outline-several' : 'outline-code'} points={printCorners(corners)} />
      ))}
    </svg>
  );
}
