// Starts two threads that call from WebAssembly to JavaScript until the engine would compile the call, and end.
import { isMainThread, Worker } from 'node:worker_threads';
import { avoidEngineFault } from '../../main/commands/engine-fault.ts';

const calls = 5000;

/** A module that imports `m.f`, a function without parameters and results, and exports `run`, which calls it so many times. */
const bytes = Uint8Array.from(
  [
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    [1, 8, 2, 0x60, 0, 0, 0x60, 1, 0x7f, 0],
    [2, 7, 1, 1, 0x6d, 1, 0x66, 0, 0],
    [3, 2, 1, 1],
    [7, 7, 1, 3, 0x72, 0x75, 0x6e, 0, 1],
    // loop: call f; subtract 1 from the parameter; again unless it is 0.
    [10, 18, 1, 16, 0, 0x03, 0x40, 0x10, 0, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, 0x0b],
  ].flat(),
);

if (isMainThread) {
  if (process.argv.includes('avoid')) avoidEngineFault();
  for (let thread = 0; thread < 2; thread++) await new Promise((resolve) => void new Worker(import.meta.filename).once('exit', resolve));
} else {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { m: { f: () => {} } });
  (exports['run'] as (count: number) => void)(calls);
}
