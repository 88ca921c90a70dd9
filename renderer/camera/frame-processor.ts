/** The track processor of Chromium, which the DOM types do not know yet. */
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}

type TrackProcessorConstructor = new (init: { readonly track: MediaStreamTrack; readonly maxBufferSize: number }) => TrackProcessor;

/** The frames of a camera track as a stream that a worker can take over; null where the browser has no processor. */
export function openFrames(track: MediaStreamTrack): ReadableStream<VideoFrame> | null {
  const found: unknown = (globalThis as { MediaStreamTrackProcessor?: unknown }).MediaStreamTrackProcessor;
  if (typeof found !== 'function') return null;
  // One frame waits at most: an old picture is worth nothing at a counter.
  return new (found as TrackProcessorConstructor)({ track, maxBufferSize: 1 }).readable;
}
