import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { type CodeDecoder, createCodeDecoder } from './code-decoder.ts';
import type { DecoderAnswer, DecoderRequest, FoundCode } from './decoder-messages.ts';
import { measureExposure } from './exposure.ts';
import type { HanXinDecoder } from './han-xin-decoder.ts';
import { type Luma, lumaOfPixels, lumaOfPlane, passOfFrame } from './luma.ts';

const answer = (message: DecoderAnswer): void => self.postMessage(message);
// Both are there before the first frame is looked at: of two codes of two kinds none may pass for the only one.
const decoders = Promise.all([createCodeDecoder(new URL(wasmUrl, self.location.href).href), loadHanXin()]).then(([qr, hanXin]) => ({ qr, hanXin }));
const state = { frames: 0 };

/** Looks at a picture in which no QR code is found: one of each strategy. */
const mostLooks = 4;

decoders.then(
  () => answer({ type: 'ready' }),
  () => answer({ type: 'failed' }),
);
self.addEventListener('message', (event: MessageEvent<DecoderRequest>) => void serve(event.data));

interface Decoders {
  readonly qr: CodeDecoder;
  readonly hanXin: HanXinDecoder;
}

/** A file of its own, loaded while the QR decoder starts. */
async function loadHanXin(): Promise<HanXinDecoder> {
  const { createHanXinDecoder } = await import('./han-xin-decoder.ts');
  return createHanXinDecoder(() => performance.now());
}

async function serve(request: DecoderRequest): Promise<void> {
  const ready = await decoders;
  if (request.type === 'stream') return followCamera(ready, request.frames);
  const luma = lumaOfPixels(request.pixels, request.width, request.height);
  if (request.type === 'frame') return lookAt(ready, luma);
  answer({ type: 'busy' });
  answer({ type: 'picture', id: request.id, codes: readPicture(ready, luma) });
}

/** Both kinds side by side; bar codes only when neither is there. */
function readPicture({ qr, hanXin }: Decoders, luma: Luma): readonly FoundCode[] {
  const codes = qr.readPicture(luma);
  const found = [...codes, ...hanXin.readPicture(luma, codes.length > 0 ? 1 : mostLooks)];
  return found.length > 0 ? found : qr.readOtherKinds(luma);
}

function lookAt({ qr, hanXin }: Decoders, luma: Luma): void {
  answer({ type: 'busy' });
  const from = performance.now();
  const { codes, unread } = qr.readFrame(luma, passOfFrame(state.frames++));
  const { width, height } = luma;
  answer({ type: 'frame', width, height, codes: [...codes, ...hanXin.readFrame(luma)], unread, exposure: measureExposure(luma), ms: performance.now() - from });
}

async function followCamera(ready: Decoders, frames: ReadableStream<VideoFrame>): Promise<void> {
  const reader = frames.getReader();
  const memory: FrameMemory = { plane: new Uint8Array(0) };
  for (;;) {
    const { value: frame, done } = await reader.read();
    if (done) return;
    try {
      lookAt(ready, await lumaOfFrame(frame, memory));
    } finally {
      frame.close();
    }
  }
}

/** One frame's planes, kept from frame to frame: a megabyte a frame would be garbage faster than it is collected. */
interface FrameMemory {
  plane: Uint8Array<ArrayBuffer>;
}

/** The brightness plane is the first one of I420 and NV12; a frame on the graphics card is copied as RGBA instead. */
async function lumaOfFrame(frame: VideoFrame, memory: FrameMemory): Promise<Luma> {
  const { width, height } = frame.visibleRect ?? { width: frame.codedWidth, height: frame.codedHeight };
  if (frame.format === 'I420' || frame.format === 'NV12') {
    if (memory.plane.length !== frame.allocationSize()) memory.plane = new Uint8Array(frame.allocationSize());
    const [layout] = await frame.copyTo(memory.plane);
    if (layout !== undefined) return lumaOfPlane(memory.plane.subarray(layout.offset), layout.stride, width, height);
  }
  const pixels = new Uint8Array(frame.allocationSize({ format: 'RGBA' }));
  await frame.copyTo(pixels, { format: 'RGBA' });
  return lumaOfPixels(pixels, width, height);
}
