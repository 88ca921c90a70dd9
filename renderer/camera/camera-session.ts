import { type CameraChoice, type CameraTrouble, openCamera } from './camera-track.ts';
import type { DecoderAnswer, DecoderRequest, FrameAnswer } from './decoder-messages.ts';
import { openFrames } from './frame-processor.ts';

/** What a camera session tells the screen. */
export interface CameraEvents {
  readonly onStream: (stream: MediaStream, track: MediaStreamTrack) => void;
  readonly onTrouble: (trouble: CameraTrouble) => void;
  readonly onFrame: (frame: FrameAnswer) => void;
  readonly onRestart: () => void;
}

export interface CameraSession {
  readonly stop: () => void;
}

/** A decoder that takes longer than this over one frame is started again. */
const hangMs = 2000;
/** Several decoders in a row that never work are not a hang. */
const mostRestarts = 5;

/** Opens the camera and reads its frames in a worker until `stop`; every trouble is told once, in one of five words. */
export function startCamera(video: HTMLVideoElement, choice: CameraChoice, events: CameraEvents): CameraSession {
  const life = { stopped: false };
  const cleanup: (() => void)[] = [];
  const stop = (): void => {
    life.stopped = true;
    for (const undo of cleanup.splice(0)) undo();
  };
  void openCamera(choice).then((opened) => {
    if (typeof opened === 'string') return life.stopped ? undefined : events.onTrouble(opened);
    cleanup.push(() => opened.getTracks().forEach((track) => track.stop()));
    if (life.stopped) return stop();
    const track = opened.getVideoTracks()[0];
    if (track === undefined) return events.onTrouble('failed');
    // Unplugged, or its shutter closed by the system: the picture would stand still without a word.
    for (const lost of ['ended', 'mute']) track.addEventListener(lost, () => !life.stopped && events.onTrouble('failed'));
    events.onStream(opened, track);
    cleanup.push(watchDecoder(track, video, events));
    return undefined;
  });
  return { stop };
}

/** Runs the worker, and a fresh one when it hangs; returns how to end it. */
function watchDecoder(track: MediaStreamTrack, video: HTMLVideoElement, events: CameraEvents): () => void {
  const state = { restarts: 0, busySince: null as number | null, end: (): void => undefined };
  const begin = (): void => {
    state.busySince = null;
    state.end = runDecoder(track.clone(), video, (message) => {
      if (message.type === 'failed') return events.onTrouble('decoder');
      // The first of several: whoever begins anew without an answer hangs as well.
      state.busySince = message.type === 'busy' ? (state.busySince ?? performance.now()) : null;
      if (message.type === 'frame') {
        state.restarts = 0;
        events.onFrame(message);
      }
      return undefined;
    });
  };
  const watchdog = setInterval(() => {
    if (state.busySince === null || performance.now() - state.busySince < hangMs) return;
    state.end();
    state.restarts += 1;
    if (state.restarts > mostRestarts) return events.onTrouble('decoder');
    events.onRestart();
    return begin();
  }, 500);
  begin();
  return () => {
    clearInterval(watchdog);
    state.end();
  };
}

function runDecoder(track: MediaStreamTrack, video: HTMLVideoElement, take: (message: DecoderAnswer) => void): () => void {
  const worker = new Worker(new URL('./decoder.worker.ts', import.meta.url), { type: 'module' });
  const post = (request: DecoderRequest, transfer: Transferable[]): void => worker.postMessage(request, transfer);
  const frames = openFrames(track);
  const pump = frames === null ? pumpVideo(video, post) : null;
  if (frames !== null) post({ type: 'stream', frames }, [frames as unknown as Transferable]);
  worker.addEventListener('message', (event: MessageEvent<DecoderAnswer>) => {
    take(event.data);
    if (event.data.type === 'frame' || event.data.type === 'ready') pump?.next();
  });
  worker.addEventListener('error', () => take({ type: 'failed' }));
  return () => {
    pump?.stop();
    worker.terminate();
    track.stop();
  };
}

/** Without a track processor: one frame at a time through a canvas, the next when the last is done. */
function pumpVideo(video: HTMLVideoElement, post: (request: DecoderRequest, transfer: Transferable[]) => void): { readonly next: () => void; readonly stop: () => void } {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const life = { stopped: false };
  const grab = (): void => {
    if (life.stopped || context === null || video.videoWidth === 0) return void (life.stopped || setTimeout(grab, 100));
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    context.drawImage(video, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return post({ type: 'frame', width, height, pixels: data }, [data.buffer]);
  };
  return {
    next: () => void video.requestVideoFrameCallback(grab),
    stop: () => {
      life.stopped = true;
    },
  };
}
