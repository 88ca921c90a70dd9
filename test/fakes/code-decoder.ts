import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type CodeDecoder, createCodeDecoder } from '../../renderer/camera/code-decoder.ts';

/** The window's decoder outside a window: the same code, its WebAssembly read from the installed package. */
export function loadCodeDecoder(): Promise<CodeDecoder> {
  return createCodeDecoder(Uint8Array.from(readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'))).buffer);
}
