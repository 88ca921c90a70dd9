import type { TFunction } from 'i18next';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icon.tsx';
import { useCounterTools } from '../counter/counter-context.tsx';
import { submitCode } from '../counter/submit-code.ts';
import { useWindow } from '../window-state.tsx';
import { type CameraTrouble, startCamera } from './camera-session.ts';
import { createCodeChooser } from './code-chooser.ts';
import type { Corner, FoundCode } from './decoder-messages.ts';

interface View {
  readonly trouble: CameraTrouble | null;
  readonly running: boolean;
  readonly restarted: boolean;
  readonly found: boolean;
  readonly frame: { readonly width: number; readonly height: number; readonly codes: readonly FoundCode[] } | null;
}

const startView: View = { trouble: null, running: false, restarted: false, found: false, frame: null };

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
  return <p className="viewfinder-line">{t('camera.paused')}</p>;
}

function Viewfinder({ again }: { readonly again: () => void }): ReactNode {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const view = useCamera(video);
  return (
    <>
      <div className="viewfinder" data-testid="viewfinder" data-running={view.running}>
        <video ref={video} autoPlay muted playsInline />
        {view.frame !== null && <Outlines frame={view.frame} />}
        {view.running && <span className="aim" aria-hidden="true" />}
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
      <p className="viewfinder-line" role="status">
        {wordsFor(view, t)}
      </p>
    </>
  );
}

function wordsFor(view: View, t: TFunction): string {
  if (view.trouble !== null) return '';
  if (view.found) return t('camera.found');
  if (!view.running) return t('camera.starting');
  if ((view.frame?.codes.length ?? 0) > 1) return t('camera.two');
  return view.restarted ? `${t('camera.restarted')} · ${t('camera.aim')}` : t('camera.aim');
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

function useCamera(video: { readonly current: HTMLVideoElement | null }): View {
  const { store } = useCounterTools();
  const { setCamera } = useWindow();
  const [view, setView] = useState(startView);
  useEffect(() => {
    const element = video.current;
    if (element === null) return undefined;
    const life = { sent: false };
    const chooser = createCodeChooser();
    const change = (part: Partial<View>): void => setView((before) => ({ ...before, ...part }));
    setCamera('starting');
    const session = startCamera(element, null, {
      onStream: (stream) => {
        element.srcObject = stream;
        setCamera('on');
        change({ running: true });
      },
      onTrouble: (trouble) => {
        setCamera('trouble');
        change({ trouble, running: false });
      },
      onRestart: () => change({ restarted: true }),
      onFrame: (frame) => {
        const code = chooser.push(frame.codes);
        // Two codes in view: which one is meant is for the person to say.
        if (code === null || life.sent) return change({ frame });
        life.sent = true;
        change({ frame, found: true });
        return void submitCode(store, { source: 'camera', bytes: code.bytes, symbology: code.symbology }).then((sent) => {
          life.sent = sent;
          change({ found: sent });
        });
      },
    });
    return () => {
      session.stop();
      element.srcObject = null;
      setCamera('off');
    };
  }, [store, video, setCamera]);
  return view;
}

function Outlines({ frame }: { readonly frame: NonNullable<View['frame']> }): ReactNode {
  const clear = frame.codes.length === 1;
  return (
    <svg className={clear ? 'outline' : 'outline outline-several'} viewBox={`0 0 ${frame.width} ${frame.height}`} preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      {frame.codes.map((code) => (
        <polygon key={printCorners(code.corners)} points={printCorners(code.corners)} />
      ))}
    </svg>
  );
}

function printCorners(corners: readonly Corner[]): string {
  return corners.map(({ x, y }) => `${Math.round(x)},${Math.round(y)}`).join(' ');
}
