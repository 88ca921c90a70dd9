import type { Exposure } from './exposure.ts';

/** A corner in pixels of the frame. */
export interface Corner {
  readonly x: number;
  readonly y: number;
}

/** One code found: its bytes, the symbology the reader names, where it lies. */
export interface FoundCode {
  readonly bytes: Uint8Array;
  readonly symbology: string;
  readonly corners: readonly Corner[];
}

/** Window to worker. `stream` hands over the frames of a camera; `pixels` is one frame or one picture. */
export type DecoderRequest =
  | { readonly type: 'stream'; readonly frames: ReadableStream<VideoFrame> }
  | { readonly type: 'frame'; readonly width: number; readonly height: number; readonly pixels: Uint8ClampedArray }
  | { readonly type: 'picture'; readonly id: number; readonly width: number; readonly height: number; readonly pixels: Uint8ClampedArray };

/** What one camera frame showed; `ms` is what looking at it took. */
export interface FrameAnswer {
  readonly type: 'frame';
  readonly width: number;
  readonly height: number;
  readonly codes: readonly FoundCode[];
  /** Outlines of what is certainly a code but could not be read. */
  readonly unread: readonly (readonly Corner[])[];
  readonly exposure: Exposure;
  readonly ms: number;
}

/** Worker to window. `busy` without a `frame` or `picture` after it means that the decoder hangs. */
export type DecoderAnswer =
  | { readonly type: 'ready' }
  | { readonly type: 'busy' }
  | FrameAnswer
  | { readonly type: 'picture'; readonly id: number; readonly codes: readonly FoundCode[] }
  | { readonly type: 'failed' };
