import type { FailureCode } from '../../domain/failure.ts';
import type { DecoderAnswer, DecoderRequest, FoundCode } from '../camera/decoder-messages.ts';

export type PictureOutcome = { readonly ok: true; readonly code: FoundCode } | { readonly ok: false; readonly code: FailureCode };

/** A picture that takes longer than this is given up: a crafted one could take for ever. */
const patienceMs = 8000;
/** The longest side that is looked at: beyond it a code is not easier to read, only slower. */
const longestSide = 2400;

/** Reads the one code in a picture file or in the first page of a PDF; everything happens in this window. */
export async function decodePicture(file: Blob): Promise<PictureOutcome> {
  const pixels = await readPixels(file).catch(() => null);
  if (pixels === null) return { ok: false, code: 'scan/unreadable-image' };
  const codes = await lookInWorker(pixels);
  if (codes === null) return { ok: false, code: 'scan/unreadable-image' };
  const [code, ...more] = codes;
  if (code === undefined) return { ok: false, code: 'scan/no-code-in-image' };
  return more.length > 0 ? { ok: false, code: 'scan/several-codes' } : { ok: true, code };
}

async function readPixels(file: Blob): Promise<ImageData | null> {
  const canvas = file.type === 'application/pdf' ? await drawFirstPage(file) : await drawPicture(file);
  return canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? null;
}

async function drawFirstPage(file: Blob): Promise<HTMLCanvasElement> {
  const { drawPage, openPdf } = await import('../documents/pdf-document.ts');
  const { pdf, inTime, close } = await openPdf(new Uint8Array(await file.arrayBuffer()));
  try {
    const { width, height } = (await inTime(() => pdf.getPage(1))).getViewport({ scale: 1 });
    return await inTime(() => drawPage(pdf, 1, Math.min(2.5, longestSide / Math.max(width, height))));
  } finally {
    close();
  }
}

async function drawPicture(file: Blob): Promise<HTMLCanvasElement> {
  const canvas = document.createElement('canvas');
  const bitmap = await createImageBitmap(file);
  const shrink = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.max(1, Math.round(bitmap.width * shrink));
  canvas.height = Math.max(1, Math.round(bitmap.height * shrink));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}

function lookInWorker({ width, height, data }: ImageData): Promise<readonly FoundCode[] | null> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('../camera/decoder.worker.ts', import.meta.url), { type: 'module' });
    const end = (codes: readonly FoundCode[] | null): void => {
      clearTimeout(timer);
      worker.terminate();
      resolve(codes);
    };
    const timer = setTimeout(() => end(null), patienceMs);
    worker.addEventListener('error', () => end(null));
    worker.addEventListener('message', (event: MessageEvent<DecoderAnswer>) => {
      if (event.data.type === 'failed') end(null);
      if (event.data.type === 'picture') end(event.data.codes);
    });
    const request: DecoderRequest = { type: 'picture', id: 1, width, height, pixels: data };
    worker.postMessage(request, [data.buffer]);
  });
}
