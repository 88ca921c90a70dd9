import { parentPort } from 'node:worker_threads';
import { createCjkFont } from './cjk-font.ts';
import { type CopyInput, createCopyMaker } from './watermarked-copy.ts';

/** Thread entry: makes one copy after the other. */
const port = parentPort;
if (port === null) throw new Error('copy-worker is a worker thread');
const maker = createCopyMaker({ font: createCjkFont() });
port.on('message', (input: CopyInput) => {
  void maker.make(input).then((copy) => port.postMessage(copy));
});
