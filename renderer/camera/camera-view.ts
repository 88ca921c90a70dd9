import { useEffect, useState } from 'react';
import { useCounterTools } from '../counter/counter-context.tsx';
import { submitCode } from '../counter/submit-code.ts';
import { useWindow } from '../window-state.tsx';
import { type AimHint, createAimHints } from './aim-hint.ts';
import { startCamera } from './camera-session.ts';
import type { CameraChoice, CameraTrouble } from './camera-track.ts';
import { createCodeChooser } from './code-chooser.ts';
import type { FrameAnswer } from './decoder-messages.ts';

/** What the viewfinder shows. */
export interface CameraView {
  readonly trouble: CameraTrouble | null;
  /** The open camera; null until there is a picture. */
  readonly track: MediaStreamTrack | null;
  readonly restarted: boolean;
  readonly found: boolean;
  readonly areSeveral: boolean;
  readonly hint: AimHint | null;
  /** The last frame in which something was seen, for as long as its outline is worth showing. */
  readonly outlined: FrameAnswer | null;
  readonly frame: FrameAnswer | null;
  /** Frames looked at in the last second. */
  readonly rate: number;
}

const startView: CameraView = { trouble: null, track: null, restarted: false, found: false, areSeveral: false, hint: null, outlined: null, frame: null, rate: 0 };

/** Frames for which an outline stays: the passes see a code in one frame of a few, and an outline that blinks helps nobody. */
const outlineFrames = 8;

/** Runs the camera into a video element, hands on the one code that it sees, and tells what to show. */
export function useCamera(video: { readonly current: HTMLVideoElement | null }, choice: CameraChoice): CameraView {
  const { store } = useCounterTools();
  const { setCamera } = useWindow();
  const [view, setView] = useState(startView);
  const { deviceId, resolution } = choice;
  useEffect(() => {
    const element = video.current;
    if (element === null) return undefined;
    const change = (part: Partial<CameraView>): void => setView((before) => ({ ...before, ...part }));
    const sight = createSight();
    const life = { sent: false };
    setCamera('starting');
    const session = startCamera(element, { deviceId, resolution, isMirrored: false }, {
      onStream: (stream, track) => {
        element.srcObject = stream;
        setCamera('on');
        change({ track });
      },
      onTrouble: (trouble) => {
        setCamera('trouble');
        change({ trouble, track: null });
      },
      onRestart: () => change({ restarted: true }),
      onFrame: (frame) => {
        const { code, ...seen } = sight(frame);
        // Two codes in view: which one is meant is for the person to say.
        if (code === null || life.sent) return change(seen);
        life.sent = true;
        change({ ...seen, found: true });
        return void submitCode(store, { source: 'camera', bytes: code.bytes, symbology: code.symbology }).then((sent) => {
          life.sent = sent;
          change({ found: sent });
        });
      },
    });
    return () => {
      session.stop();
      element.srcObject = null;
      setView(startView);
      setCamera('off');
    };
  }, [store, video, setCamera, deviceId, resolution]);
  return view;
}

/** Follows the frames of one camera: which code is meant, what to outline, what to advise, how many a second. */
function createSight(): (frame: FrameAnswer) => Pick<CameraView, 'areSeveral' | 'hint' | 'outlined' | 'frame' | 'rate'> & ReturnType<ReturnType<typeof createCodeChooser>['push']> {
  const chooser = createCodeChooser();
  const hints = createAimHints();
  const state = { outlined: null as FrameAnswer | null, age: 0, times: [] as number[] };
  return (frame) => {
    const isSight = frame.codes.length > 0 || frame.unread.length > 0;
    state.age = isSight ? 0 : state.age + 1;
    state.outlined = isSight ? frame : state.age > outlineFrames ? null : state.outlined;
    const now = performance.now();
    state.times = [...state.times, now].filter((time) => now - time < 1000);
    const hint = hints.push({ ...frame, codes: frame.codes.length });
    return { ...chooser.push(frame.codes), hint, outlined: state.outlined, frame, rate: state.times.length };
  };
}
