import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { type CodeDecoder, createCodeDecoder } from './code-decoder.ts';
import type { DecoderAnswer, DecoderRequest, FoundCode } from './decoder-messages.ts';
import { measureExposure } from './exposure.ts';
import type { HanXinDecoder } from './han-xin-decoder.ts';
import { type Luma, lumaOfPixels, lumaOfPlane, passOfFrame } from './luma.ts';

const answer = (message: DecoderAnswer): void => self.postMessage(message);
const decoder = createCodeDecoder(new URL(wasmUrl, self.location.href).href);
// A file of its own: the camera's first frame does not wait for it.
const hanXin = import('./han-xin-decoder.ts').then(({ createHanXinDecoder }) => createHanXinDecoder(() => performance.now()));
const state = { frames: 0, hanXin: null as HanXinDecoder | null };

/** Looks at a picture in which no QR code is found: one of each strategy. */
const mostLooks = 4;

hanXin.then(
  (loaded) => {
    state.hanXin = loaded;
  },
  () => answer({ type: 'failed' }),
);
decoder.then(
  () => answer({ type: 'ready' }),
  () => answer({ type: 'failed' }),
);
self.addEventListener('message', (event: MessageEvent<DecoderRequest>) => void serve(event.data));

async function serve(request: DecoderRequest): Promise<void> {
  const ready = await decoder;
  if (request.type === 'stream') return followCamera(ready, request.frames);
  const luma = lumaOfPixels(request.pixels, request.width, request.height);
  if (request.type === 'frame') return lookAt(ready, luma);
  answer({ type: 'busy' });
  answer({ type: 'picture', id: request.id, codes: readPicture(ready, await hanXin, luma) });
}

/** Both kinds side by side; bar codes only when neither is there. */
function readPicture(ready: CodeDecoder, other: HanXinDecoder, luma: Luma): readonly FoundCode[] {
  const codes = ready.readPicture(luma);
  const found = [...codes, ...other.readPicture(luma, codes.length > 0 ? 1 : mostLooks)];
  return found.length > 0 ? found : ready.readOtherKinds(luma);
}

function lookAt(ready: CodeDecoder, luma: Luma): void {
  answer({ type: 'busy' });
  const from = performance.now();
  const { codes, unread } = ready.readFrame(luma, passOfFrame(state.frames++));
  const others = state.hanXin?.readFrame(luma) ?? [];
  const { width, height } = luma;
  answer({ type: 'frame', width, height, codes: [...codes, ...others], unread, exposure: measureExposure(luma), ms: performance.now() - from });
}

async function followCamera(ready: CodeDecoder, frames: ReadableStream<VideoFrame>): Promise<void> {
  const reader = frames.getReader();
  for (;;) {
    const { value: frame, done } = await reader.read();
    if (done) return;
    try {
      lookAt(ready, await lumaOfFrame(frame));
    } finally {
      frame.close();
    }
  }
}

/** The brightness plane is the first one of I420 and NV12; a frame on the graphics card is copied as RGBA instead. */
async function lumaOfFrame(frame: VideoFrame): Promise<Luma> {
  const { width, height } = frame.visibleRect ?? { width: frame.codedWidth, height: frame.codedHeight };
  if (frame.format === 'I420' || frame.format === 'NV12') {
    const plane = new Uint8Array(frame.allocationSize());
    const [layout] = await frame.copyTo(plane);
    if (layout !== undefined) return lumaOfPlane(plane.subarray(layout.offset), layout.stride, width, height);
  }
  const pixels = new Uint8Array(frame.allocationSize({ format: 'RGBA' }));
  await frame.copyTo(pixels, { format: 'RGBA' });
  return lumaOfPixels(pixels, width, height);
}
