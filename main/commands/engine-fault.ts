import { setFlagsFromString } from 'node:v8';

/**
 * Keeps clear of a fault of V8 13, the engine of Node 24 (ADR 35): code for calls from WebAssembly to JavaScript is shared by all threads and
 * can be freed twice when a thread ends, which ends the process. To be called before threads start. Calls then go the common way, a little slower.
 */
export function avoidEngineFault(): void {
  if (!process.versions.v8.startsWith('13.')) return;
  // So many calls are never made: no such code is compiled.
  setFlagsFromString('--wasm-wrapper-tiering-budget=2147483647');
}
