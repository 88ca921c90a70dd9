/// <reference path="./pdfjs-decoders.d.ts" />
import { Jbig2Image } from 'pdfjs-dist/image_decoders/pdf.image_decoders.mjs';
import type { CanvasKit } from './canvas.ts';

/** The decoders that pdf.js has as WebAssembly and this library borrows. */
export type WasmDecoder = 'jbig2' | 'openjpeg';

/** Lets the borrowed decoders have their programs from the caller and from nowhere else; false when there is none of this name. */
export async function readyDecoder(name: WasmDecoder, kit: CanvasKit): Promise<boolean> {
  const program = await kit.wasmDecoder(name);
  if (program === null) return false;
  // Options are shared by all decoders of pdf.js; each asks for its program by its file's name, once.
  const handler = { sendWithPromise: async (_message: string, { filename }: { readonly filename: string }) => (filename.startsWith(name) ? program : await kit.wasmDecoder(filename.startsWith('jbig2') ? 'jbig2' : 'openjpeg')) };
  Jbig2Image.setOptions({ useWasm: true, useWorkerFetch: false, wasmUrl: '', getHandler: () => handler });
  return true;
}
